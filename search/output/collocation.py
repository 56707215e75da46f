"""Collocates for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search.addresses import address
from chabao.search.collocation import Collocate, Collocates
from chabao.search.output.examples import Example, exemplified
from chabao.search.output.json_ import SCHEMA, encoded, notice
from chabao.search.output.notices import notices
from chabao.search.output.pager import write
from chabao.search.output.screen import Screen, screen
from chabao.search.output.sheets import Sheet
from chabao.search.output.sheets import write as export
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND, write_bytes
from chabao.search.query import Span

COLUMNS = ("word", "count", "frequency", "expected", "g2", "log_dice", "address", "example")


def collocates(
    found: Collocates,
    limit: int | None,
    as_json: bool,
    form: str | None,
    into: Path | None,
    color: str,
) -> int:
    """Collocates in the form asked for; the exit code. `limit` None is every row."""
    aside = screen(sys.stderr, color)
    query = found.query
    for line in notices(query.line, query.understood, query.diagnostics, aside):
        print(line, file=sys.stderr)
    if query.node is None:
        return FAILED
    rows = found.rows[:limit]
    if as_json:
        write_bytes(encoded(document(found, rows)))
    elif form or into:
        export(Sheet("collocates", COLUMNS, map(cells, rows)), form, into)
    else:
        for line in summary(found, len(rows)):
            print(f"chabao: {line}", file=sys.stderr)
        on = screen(sys.stdout, color)
        write("".join(f"{line}\n" for line in lines(rows, on)), on)
    return FOUND if found.rows else NOT_FOUND


def summary(found: Collocates, shown: int) -> Iterator[str]:
    """How much was looked at, and how much of it is shown."""
    yield _("{mentions} in {items} of {issues}").format(
        mentions=ngettext("{n} mention", "{n} mentions", found.mentions).format(n=found.mentions),
        items=ngettext("{n} item", "{n} items", found.items).format(n=found.items),
        issues=ngettext("{n} issue", "{n} issues", found.issues).format(n=found.issues),
    )
    if not found.mentions:
        return
    window = ngettext(
        "{near:,} of {words:,} words stand within {n} word of them, each counted once",
        "{near:,} of {words:,} words stand within {n} words of them, each counted once",
        found.window,
    )
    yield window.format(near=found.near, words=found.words, n=found.window)
    if shown < found.kinds:
        said = _(
            "{shown:,} of {kinds:,} different words are shown (more: --all, --min 1, --all-words)"
        )
        yield said.format(shown=shown, kinds=found.kinds)


def lines(rows: Sequence[Collocate], on: Screen) -> Iterator[str]:
    """The lines of the table."""
    if not rows:
        return
    heads = (_("word"), _("count"), _("frequency"), _("expected"), "G²", "logDice")
    table = [
        (row.word, row.count, row.frequency, row.expected, row.g2, row.log_dice) for row in rows
    ]
    yield from exemplified(heads, table, [example(row) for row in rows], on)


def stretch(row: Collocate) -> Span:
    """From the word to the mention, or from the mention to the word."""
    start, end = min(row.example.start, row.place.start), max(row.example.end, row.place.end)
    return Span(start, end)


def example(row: Collocate) -> Example:
    mark = Span(row.example.start, row.example.end)
    return Example(row.example.item["text"], mark, row.place)


def cells(row: Collocate) -> tuple[str | int | float, ...]:
    """A row as `COLUMNS` has it; the example reaches from the word to the mention."""
    item, shown = row.example.item, stretch(row)
    text = item["text"]
    place = str(address(item["id"], text, shown.start, shown.end))
    numbers = (row.expected, row.g2, row.log_dice)
    return (
        row.word, row.count, row.frequency, *(round(number, 6) for number in numbers),
        place, text[shown.start : shown.end],
    )  # fmt: skip


def document(found: Collocates, rows: Sequence[Collocate]) -> dict[str, Any]:
    """The one object of --json."""
    names = ("window", "mentions", "items", "issues", "words", "near", "kinds")
    return {
        "schema": SCHEMA,
        "query": found.query.line,
        "understood": found.query.understood,
        **{name: getattr(found, name) for name in names},
        "notices": [notice(remark) for remark in found.query.diagnostics],
        "collocates": [dict(zip(COLUMNS, cells(row), strict=True)) for row in rows],
    }
