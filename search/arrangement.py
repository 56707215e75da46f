"""The order of a concordance's lines: by date, by what stands beside the term, by department."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from chabao.indexer.folding import fold_text
from chabao.search.mentions import Item, Mention

Row = tuple[Mention, tuple[str, ...]]
"""A mention with the terms that stand there."""
REACH = 64
"""Characters of context that decide the order of lines."""
LAST = "\U0010ffff"
"""Comes behind every date and every name."""


class Sort(StrEnum):
    """What puts lines in order; ties stand by date of issue, then in document order."""

    DATE = "date"
    """Date of issue, unknown ones last."""
    LEFT = "left"
    """What stands before, from the term outwards."""
    RIGHT = "right"
    """What stands behind."""
    DEPARTMENT = "department"
    """The first department that the item names; items that name none last."""


def ordered(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """The rows in the order asked for."""
    days: dict[int, tuple[Any, ...]] = {}
    for row, _terms in rows:
        if id(row.item) not in days:  # items of one line stay as they stood
            days[id(row.item)] = (*_by_date(row.item), len(days))
    by_date = sorted(rows, key=lambda row: (days[id(row[0].item)], row[0].start, row[0].end))
    if sort is Sort.DATE:
        return by_date
    if sort is Sort.DEPARTMENT:
        return sorted(by_date, key=lambda row: _lead(row[0].item))
    return beside(by_date, sort)


def beside(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """The rows in order of what stands to the left or to the right of them; ties as they stood."""
    side = _before if sort is Sort.LEFT else _behind
    return sorted(rows, key=lambda row: alphabetical(side(row[0])))


def alphabetical(text: str) -> bytes:
    """A key that sorts text as GB 2312 does: signs, Latin letters, then the 3,755 everyday
    characters by their sound in pinyin, then others."""
    return text.encode("gb18030", "replace")


def _by_date(item: Item) -> tuple[Any, ...]:
    return item["date"] or LAST, item["source"], item["line"]


def _lead(item: Item) -> tuple[bool, bytes]:
    names = item["department"]
    return not names, alphabetical(names[0] if names else "")


def _before(row: Mention) -> str:
    return fold_text(row.item["text"][max(0, row.start - REACH) : row.start])[::-1]


def _behind(row: Mention) -> str:
    return fold_text(row.item["text"][row.end : row.end + REACH])
