"""Collocates for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search.addresses import Extract
from chabao.search.collocation import Collocate, Collocates
from chabao.search.output.answer import answered, remarked
from chabao.search.output.examples import Example, exemplified
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.screen import Screen
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
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
    if not remarked(found.query, color):
        return FAILED
    rows = found.rows[:limit]
    answered(
        lambda: document(found, rows),
        lambda: Sheet("collocates", COLUMNS, map(cells, rows)),
        lambda on: lines(rows, on),
        summary(found, len(rows)),
        as_json, form, into, color,
    )  # fmt: skip
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
    whole = stretch(row)
    shown = Extract(row.example.item, whole.start, whole.end)
    numbers = (row.expected, row.g2, row.log_dice)
    return (
        row.word, row.count, row.frequency, *(round(number, 6) for number in numbers),
        str(shown.address), shown.text,
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
