"""The last step of `mentions`: a concordance or a table of counts, in the form asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.search.concordance import Concordance, Line
from chabao.search.output import concordance as drawn
from chabao.search.output.answer import answered
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.notices import notices
from chabao.search.output.screen import Screen, screen
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
from chabao.search.output.table import GAP, table
from chabao.search.output.text import width
from chabao.search.query import Query

if TYPE_CHECKING:
    from chabao.search.tallies import Tally

TERM = 24
"""Columns of a term in a table, at least, if it is that long."""


def lines(
    found: Concordance, as_json: bool, form: str | None, into: Path | None, color: str
) -> int:
    """A line a mention; the exit code. The counts are said first."""
    say(found.queries, color)
    if found.fatal:
        return FAILED
    answered(
        lambda: object_of(found),
        lambda: sheet_of(found.lines),
        lambda on: drawn.lines(found, on),
        filter(None, (drawn.summary(found), drawn.by_term(found))),
        as_json, form, into, color,
    )  # fmt: skip
    return FOUND if found.counts.mentions else NOT_FOUND


def tally(found: Tally, as_json: bool, form: str | None, into: Path | None, color: str) -> int:
    """A table of counts; the exit code."""
    say(found.queries, color)
    if found.fatal:
        return FAILED
    columns = ("term", *found.periods, "total")
    answered(
        lambda: _counts(found),
        lambda: Sheet("mentions", columns, list(_rows(found, "total"))),
        lambda on: grid(found, on),
        (),
        as_json, form, into, color,
    )  # fmt: skip
    return FOUND if found.mentions else NOT_FOUND


def say(queries: Iterable[Query], color: str) -> None:
    """What there is to say of the terms, each remark once, to standard error."""
    aside = screen(sys.stderr, color)
    said: dict[str, None] = {}
    queries = tuple(queries)
    for query in queries:
        if len(queries) == 1 or query.diagnostics:
            remarks = notices(query.line, query.understood, query.diagnostics, aside)
            said["\n".join(remarks)] = None
    for remark in filter(None, said):
        print(remark, file=sys.stderr)


def grid(found: Tally, on: Screen) -> Iterator[str]:
    """Terms down and periods across; the other way round where that is too wide; where that is
    too, a line for each term and period with mentions."""
    heads = (_("term"), *found.periods, _("total"))
    rows: list[tuple[Any, ...]] = list(_rows(found, _("total")))
    turned = [(period, *cells) for period, *cells in zip(heads, *rows, strict=True)]
    for head, body in ((heads, rows), (turned[0], turned[1:])):
        if on.width is None or _columns([head, *body]) <= on.width:
            yield from table(head, body, on)
            return
    places = [
        (row.term, period, count)
        for row in found.rows
        for period, count in zip(found.periods, row.counts, strict=True)
        if count
    ]
    heads = (_("term"), _("period"), _("mentions"))
    yield from table(heads, [*places, (_("total"), "", found.mentions)], on)


def _columns(rows: list[tuple[Any, ...]]) -> int:
    """How wide a table must be: its first column may be cut to `TERM`."""
    first, *others = (
        max(width(str(cell)) for cell in column) for column in zip(*rows, strict=True)
    )
    return min(first, TERM) + sum(others) + GAP * len(others)


def _rows(found: Tally, total: str) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        yield row.term, *row.counts, row.mentions
    yield total, *found.totals, found.mentions


def sheet_of(rows: Iterable[Line]) -> Sheet:
    """Lines as a table, a row each."""
    left = iter(rows)
    columns = tuple(field.name for field in fields(Line))
    joints = {"section": " \u203a ", "department": "、", "terms": " | "}
    cells = (
        tuple(
            joints[name].join(value) if name in joints else value
            for name, value in zip(columns, _values(line), strict=True)
        )
        for line in left
    )
    return Sheet("mentions", columns, cells, map(asdict, left))


def _values(line: Line) -> list[Any]:
    return [getattr(line, field.name) for field in fields(Line)]


def object_of(found: Concordance) -> dict[str, Any]:
    """A concordance for programs; its rows can be gone through once."""
    return {
        "schema": SCHEMA,
        "terms": found.terms,
        "understood": [query.understood for query in found.queries],
        "sort": found.sort,
        "context": found.context,
        **asdict(found.counts),
        "by_term": [{"term": term} | asdict(counts) for term, counts in found.by_term.items()],
        "notices": [notice(remark) for query in found.queries for remark in query.diagnostics],
        "rows": map(asdict, found.lines),
    }


def _counts(found: Tally) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "by": found.by,
        "periods": found.periods,
        "terms": [asdict(row) for row in found.rows],
        "totals": found.totals,
        "mentions": found.mentions,
        "notices": [notice(remark) for query in found.queries for remark in query.diagnostics],
    }
