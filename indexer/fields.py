"""What is indexed of an item, and the record that is kept of it (schema 1).

A record is the object that `chabao export` prints, with one more key, `lines`: pairs of an offset
in `text` and the line of the source that begins there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chabao.indexer.folding import fold_text

if TYPE_CHECKING:
    from chabao.indexer.bulletin import Days, Issue, Item

SCHEMA = 1
Record = dict[str, Any]

TEXT = "text"
"""Character bigrams of the folded text, with true positions: where mentions are found."""
WORDS = "words"
"""Words of the folded text: what items are ranked by, beside bigrams."""
KEYWORDS = (
    "department", "section", "title", "number", "serial", "publisher", "source", "id", "heading",
)  # fmt: skip
"""Fields kept whole: one term a value. `heading` is what stands over an item, folded, for ranking:
title, section path and departments, a line each."""
CALENDAR = ("date", "first", "last")
"""Days as ordinals of the proleptic Gregorian calendar, 0 where unknown: date of issue, first and
last day covered."""
ISSUE = ("title", "number", "serial", "date", "period", "publisher", "source", "inferred")
"""The part of a record that all items of an issue share."""
OWN = ("schema", "id", "section", "item", "department", "dates", "text", "line", "page", "lines")
"""The part that is an item's own."""
ORDER = (
    "schema", "id", "title", "number", "serial", "date", "period", "publisher", "section", "item",
    "department", "dates", "text", "source", "line", "page", "inferred", "lines",
)  # fmt: skip
"""The keys of a record in the order in which they are printed."""
PATH = "\n"
"""Between the headings of a section path, in a term."""


def records(issue: Issue) -> Iterator[Record]:
    """The records of an issue's items, in document order."""
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    for item in issue.items:
        place = (item.section, item.label)
        seen[place] = seen.get(place, -1) + 1
        yield record(issue, item, seen[place])


def record(issue: Issue, item: Item, ordinal: int) -> Record:
    return {
        "schema": SCHEMA,
        "id": identity(issue, item, ordinal),
        "title": issue.title,
        "number": issue.number,
        "serial": issue.serial,
        "date": issue.date.isoformat() if issue.date else None,
        "period": period(issue.period),
        "publisher": issue.publisher,
        "section": list(item.section),
        "item": item.label,
        "department": list(item.departments),
        "dates": [period(days) for days in item.dates],
        "text": item.text.chars,
        "source": issue.source,
        "line": item.line,
        "page": item.page,
        "inferred": list(issue.inferred),
        "lines": lines(issue, item),
    }


def period(days: Days | None) -> dict[str, str | None]:
    return {
        "first": days.first.isoformat() if days else None,
        "last": days.last.isoformat() if days else None,
    }


def lines(issue: Issue, item: Item) -> list[list[int]]:
    """Where in the text each line of the source begins: [offset in the text, line]."""
    offsets, starts = item.text.offsets, issue.line_starts
    found: list[list[int]] = []
    at = 0
    while at < len(offsets):
        line = issue.line_of(offsets[at])
        found.append([at, line])
        at = bisect_left(offsets, starts[line], at) if line < len(starts) else len(offsets)
    return found


def identity(issue: Issue, item: Item, ordinal: int) -> str:
    """A short digest of what an item is called, not of its path or text.

    It survives a rebuild, a moved file and a corrected word. Where neither number nor date is
    known, the file's name stands for the issue.
    """
    import hashlib
    from base64 import b32encode

    name = issue.number or str(issue.date or issue.source.rpartition("/")[2])
    parts = (issue.publisher or "", name, *item.section, item.label, str(ordinal))
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return b32encode(digest.digest()).decode("ascii").rstrip("=").lower()[:12]


def keywords(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each term of a record's keyword fields."""
    for department in record["department"]:
        yield "department", department
    if record["section"]:
        yield "section", PATH.join(record["section"])
    above = (record["title"] or "", *record["section"], *record["department"])
    yield "heading", fold_text(PATH.join(above))
    for field in ("title", "number", "serial", "publisher", "source", "id"):
        if record[field] is not None:
            yield field, str(record[field])


def calendar(record: Mapping[str, Any]) -> tuple[int, int, int]:
    """The numbers of the calendar columns."""
    period = record["period"]
    return ordinal(record["date"]), ordinal(period["first"]), ordinal(period["last"])


@lru_cache(4096)
def ordinal(day: str | None) -> int:
    """An ISO date as a number; 0 where there is none."""
    from datetime import date

    return date.fromisoformat(day).toordinal() if day else 0


def document_order(record: Mapping[str, Any]) -> tuple[str, int]:
    """The key that puts records in document order: file by file, from top to bottom."""
    return record["source"], record["line"]
