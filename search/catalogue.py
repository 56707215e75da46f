"""What an index holds, for browsing: one item with its neighbours; names and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from chabao.indexer.errors import UnknownItem
from chabao.indexer.fields import PATH, Record, document_order
from chabao.search.backends.whoosh_ import Index

HEADINGS = " \u203a "
"""Between the headings of a section's path, as `Fields` writes it."""

IssueRow = tuple[str | None, str | None, str | None, int]
"""Number, title, date, and how many items."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item between its neighbours in the same file."""

    before: Record | None
    item: Record
    after: Record | None


@dataclass(frozen=True, slots=True)
class Fields:
    """Departments and section paths by number of items, issues in order of date."""

    departments: dict[str, int]
    sections: dict[str, int]
    issues: tuple[IssueRow, ...]
    items: int


def show(index: Index, address: str) -> Shown:
    """The item of an id, or of the address of a passage (id@offset). Raises UnknownItem."""
    identity = address.partition("@")[0].strip().lower()
    for segment in index.segments:
        posting = segment.terms("id").get(identity.encode("utf-8", "surrogatepass"))
        for document in posting.unpack() if posting else ():
            if document not in segment.deleted:
                record = segment.record(document)
                return _between(_file(index, record["source"]), record)
    raise UnknownItem(id=address)


def _file(index: Index, source: str) -> list[Record]:
    found = []
    for segment in index.segments:
        posting = segment.terms("source").get(source.encode("utf-8", "surrogatepass"))
        numbers = posting.unpack() if posting else ()
        found += [segment.record(each) for each in numbers if each not in segment.deleted]
    return sorted(found, key=document_order)


def _between(records: list[Record], record: Record) -> Shown:
    at = records.index(record)
    before = records[at - 1] if at else None
    return Shown(before, record, records[at + 1] if at + 1 < len(records) else None)


def fields(index: Index) -> Fields:
    """Names and counts for browsing and completion, the most frequent first."""
    departments, sections = _counted(index, "department"), _counted(index, "section")
    issues: Counter[tuple[str, str | None, str | None, str | None]] = Counter(
        (record["source"], record["number"], record["title"], record["date"])
        for record in index.records()
    )
    rows = [(number, title, day, count) for (_, number, title, day), count in issues.items()]
    return Fields(
        departments,
        {path.replace(PATH, HEADINGS): count for path, count in sections.items()},
        tuple(sorted(rows, key=lambda row: (row[2] or "", row[0] or ""))),
        index.statistics.items,
    )


def _counted(index: Index, field: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for segment in index.segments:
        terms = segment.terms(field)
        for number, term in enumerate(terms.all()):
            live = set(terms.posting(number).unpack()) - segment.deleted
            if live:
                counts[term.decode("utf-8", "surrogatepass")] += len(live)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
