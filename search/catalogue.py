"""What an index holds, for browsing: one item with its neighbours; names and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from chabao.indexer.fields import PATH, Record, document_order
from chabao.search.addresses import Address, Place, State, locate, nearest, parse
from chabao.search.backends.whoosh_ import Index
from chabao.search.errors import GoneItem, UnknownItem
from chabao.search.query import Everything

HEADINGS = " \u203a "
"""Between the headings of a section's path, as `Fields` writes it."""

IssueRow = tuple[str | None, str | None, str | None, int]
"""Number, title, date, and how many items."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item between its neighbours in the same file.

    `passage` is the place that an address names, `wanted` that address; None where an id was given.
    """

    before: Record | None
    item: Record
    after: Record | None
    wanted: Address | None = None
    passage: Place | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Departments and section paths by number of items, issues in order of date."""

    departments: dict[str, int]
    sections: dict[str, int]
    issues: tuple[IssueRow, ...]
    items: int


def show(index: Index, address: str) -> Shown:
    """The item of an id, or of the address of a passage (id@offset+length~check).

    A passage that its item no longer holds is looked for in the other items of the same file.
    Raises UnknownItem, for an address GoneItem.
    """
    wanted = parse(address)
    record = _record(index, wanted.item if wanted else address.partition("@")[0].strip().lower())
    if record is None:
        raise (GoneItem if wanted else UnknownItem)(id=address)
    records = file(index, record["source"])
    if wanted is None:
        return _between(records, record)
    place = locate(wanted, record["text"])
    if place.state is State.CHANGED:
        record, place = _moved(records, wanted) or (record, place)
    return replace(_between(records, record), wanted=wanted, passage=place)


def _record(index: Index, identity: str) -> Record | None:
    return next(index.holding("id", identity), None)


def _moved(records: list[Record], wanted: Address) -> tuple[Record, Place] | None:
    """The first item that holds the wanted passage, and where."""
    for record in records:
        at = nearest(wanted, record["text"])
        if at is not None:
            return record, Place(at, at + (wanted.length or 0), State.MOVED)
    return None


def file(index: Index, source: str) -> list[Record]:
    """The records of a file, in order."""
    return sorted(index.holding("source", source), key=document_order)


def _between(records: list[Record], record: Record) -> Shown:
    at = records.index(record)
    before = records[at - 1] if at else None
    return Shown(before, record, records[at + 1] if at + 1 < len(records) else None)


def fields(index: Index) -> Fields:
    """Names and counts for browsing and completion, the most frequent first."""
    departments, sections = counted(index, "department"), counted(index, "section")
    issues: Counter[tuple[str, str | None, str | None, str | None]] = Counter()
    for record, count, _characters in index.shares(Everything()):
        key = record["source"], record["number"], record["title"], record["date"]
        issues[key] += count
    rows = [(number, title, day, count) for (_, number, title, day), count in issues.items()]
    return Fields(
        departments,
        {path.replace(PATH, HEADINGS): count for path, count in sections.items()},
        tuple(sorted(rows, key=lambda row: (row[2] or "", row[0] or ""))),
        index.statistics.items,
    )


def counted(index: Index, field: str) -> dict[str, int]:
    """The values of a keyword field with how many items have each, the most frequent first."""
    return dict(sorted(index.counted(field).items(), key=lambda pair: (-pair[1], pair[0])))
