"""Keywords for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search.keyness import Keyword, Keywords, Side
from chabao.search.output.answer import answered, remarked
from chabao.search.output.examples import Example, exemplified
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.screen import Screen, Style
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
from chabao.search.output.text import clean
from chabao.search.query import Query, Span

COLUMNS = (
    "word", "direction", "count", "items", "other_count", "other_items", "expected", "g2",
    "log_ratio", "address", "example",
)  # fmt: skip
DIRECTIONS = {1: "more", 0: "same", -1: "less"}
CONTEXT = 12
"""Characters of an example on either side of its word, for programs."""


def keywords(
    found: Keywords,
    limit: int | None,
    as_json: bool,
    form: str | None,
    into: Path | None,
    color: str,
) -> int:
    """Keywords in the form asked for; the exit code. `limit` None is every row."""
    remarked(Query("", None, diagnostics=found.notices), color)
    if found.focus is None or found.against is None:
        return FAILED
    answered(
        lambda: document(found, limited(found.rows, limit)),
        lambda: Sheet("keywords", COLUMNS, map(cells, limited(found.rows, limit))),
        lambda on: lines(found, limit, on),
        summary(found),
        as_json, form, into, color,
    )  # fmt: skip
    return FOUND if found.rows else NOT_FOUND


def limited(rows: Sequence[Keyword], limit: int | None) -> list[Keyword]:
    """The first of each direction, so many of each at most."""
    if limit is None:
        return list(rows)
    return [
        *[row for row in rows if row.more > 0][:limit],
        *[row for row in reversed(rows) if row.more < 0][:limit][::-1],
    ]


def summary(found: Keywords) -> Iterator[str]:
    """What is compared with what."""
    assert found.focus and found.against
    yield clean(_("looked at: {side}").format(side=side(found.focus)))
    yield clean(_("held against: {side}").format(side=side(found.against)))
    if found.kinds > len(found.rows):
        said = _("{kept:,} of {kinds:,} different words are looked at (more: --min 1, --all-words)")
        yield said.format(kept=len(found.rows), kinds=found.kinds)


def side(of: Side) -> str:
    """One side's conditions, issues, items and words."""
    return _("{understood}: {issues}, {items}, {words}").format(
        understood=of.understood,
        issues=ngettext("{n} issue", "{n} issues", len(of.issues)).format(n=len(of.issues)),
        items=ngettext("{n} item", "{n} items", of.items).format(n=of.items),
        words=ngettext("{n:,} word", "{n:,} words", of.words).format(n=of.words),
    )


def lines(found: Keywords, limit: int | None, on: Screen) -> Iterator[str]:
    """A table of what is said more, and one of what is said less, the surest first; in a pipe one
    table, with a column that says which."""
    more = [row for row in found.rows if row.more > 0]
    less = [row for row in reversed(found.rows) if row.more < 0]
    if on.width is None:
        yield from _table([*more[:limit], *less[:limit]], on, directed=True)
        return
    yield on.paint(_("said more ({n})").format(n=len(more)), Style.TITLE)
    yield from _table(more[:limit], on)
    yield ""
    yield on.paint(_("said less ({n})").format(n=len(less)), Style.TITLE)
    yield from _table(less[:limit], on)


def _table(rows: Sequence[Keyword], on: Screen, directed: bool = False) -> Iterator[str]:
    if not rows:
        return
    heads = [_("word"), _("count"), _("against"), _("expected"), "G²", "log ratio"]
    table: list[list[object]] = [
        [row.word, row.count, row.other_count, row.expected, row.g2, row.log_ratio] for row in rows
    ]
    if directed:
        heads.insert(1, _("direction"))
        for cells_, row in zip(table, rows, strict=True):
            cells_.insert(1, DIRECTIONS[row.more])
    yield from exemplified(heads, table, [example(row) for row in rows], on)


def example(row: Keyword) -> Example:
    mark = Span(row.example.start, row.example.end)
    return Example(row.example.item["text"], mark, mark)


def cells(row: Keyword) -> tuple[str | int | float, ...]:
    """A row as `COLUMNS` has it; the address is that of the word in its example."""
    item, start, end = row.example.item, row.example.start, row.example.end
    numbers = (row.expected, row.g2, row.log_ratio)
    return (
        row.word, DIRECTIONS[row.more], row.count, row.items, row.other_count, row.other_items,
        *(round(number, 6) for number in numbers),
        str(row.example.address),
        item["text"][max(0, start - CONTEXT) : end + CONTEXT],
    )  # fmt: skip


def document(found: Keywords, rows: Sequence[Keyword]) -> dict[str, Any]:
    """The one object of --json."""
    assert found.focus and found.against
    return {
        "schema": SCHEMA,
        "focus": _side(found.focus),
        "against": _side(found.against),
        "kinds": found.kinds,
        "notices": [notice(remark) for remark in found.notices],
        "keywords": [dict(zip(COLUMNS, cells(row), strict=True)) for row in rows],
    }


def _side(of: Side) -> dict[str, Any]:
    issues = [
        {"title": issue.title, "number": issue.number, "date": issue.date, "items": issue.items}
        for issue in of.issues
    ]
    return {
        "understood": of.understood, "issues": issues, "items": of.items, "words": of.words,
    }  # fmt: skip
