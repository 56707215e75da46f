"""A concordance: each mention of one or several terms on a line, in its context.

    with open_index(path) as index:
        found = concordance(index, ["川渝通办", "一网通办"], sort=Sort.RIGHT)
        found.counts.mentions, found.lines[0].address, frame(found.lines)

Terms are alternatives. Where two of them stand at the very same place, as 通办 and 通辦 do, that is
one mention with both terms; places that only overlap are mentions each. Counts are of everything,
whatever `limit` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq
from typing import TYPE_CHECKING, overload

from chabao.search import mentions as table
from chabao.search.alternatives import tables
from chabao.search.arrangement import Row, Sort, alphabetical, beside, ordered
from chabao.search.backends.whoosh_ import Index
from chabao.search.engine import line_at
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.issues import issue_of
from chabao.search.mentions import Mention, Mentions
from chabao.search.query import Node, Query

if TYPE_CHECKING:
    from chabao.search.backends.foremost import Places

__all__ = ["Concordance", "Counts", "Line", "Sort", "concordance", "counted", "foremost"]

CONTEXT = 40
"""Characters of context on each side, where no number is given."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Mentions; the items, and issues, that have some; the departments that those items name."""

    mentions: int
    items: int
    issues: int
    departments: int


@dataclass(frozen=True, slots=True)
class Line:
    """One mention. `address` finds the passage again after a rebuild.

    `start` and `end` are offsets in the item's text, half-open, in code points; `left` and `right`
    are what stands about it in the same item. Days are ISO dates.
    """

    address: str
    id: str
    start: int
    end: int
    terms: tuple[str, ...]
    left: str
    text: str
    right: str
    date: str | None
    number: str | None
    serial: int | None
    title: str | None
    publisher: str | None
    section: tuple[str, ...]
    item: str
    department: tuple[str, ...]
    source: str
    line: int
    page: int | None


class Lines(Sequence[Line]):
    """The lines of mentions, each made when it is looked at: all together need much memory."""

    def __init__(self, rows: Sequence[Row], context: int = CONTEXT) -> None:
        self._rows, self._context = rows, context

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Lines: ...
    def __getitem__(self, at: int | slice) -> Line | Lines:
        if isinstance(at, slice):
            return Lines(self._rows[at], self._context)
        return line_of(*self._rows[at], self._context)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lines):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment] # what is compared by contents is no key


@dataclass(frozen=True, slots=True)
class Concordance:
    """`by_term` has a key for each term; `lines` are the first ones in the order of `sort`.
    Where a query has no node, its term could not be read, and nothing was looked for."""

    terms: tuple[str, ...]
    queries: tuple[Query, ...]
    counts: Counts
    by_term: dict[str, Counts]
    lines: Lines
    sort: Sort
    context: int

    @property
    def fatal(self) -> bool:
        """Whether a term could not be read."""
        return any(query.node is None for query in self.queries)


def concordance(
    index: Index,
    terms: Sequence[str],
    *,
    literal: bool = False,
    numbers: bool = False,
    regex: bool = False,
    as_written: bool = False,
    filters: Filters = NO_FILTERS,
    sort: Sort = Sort.DATE,
    context: int = CONTEXT,
    limit: int | None = None,
    today: date | None = None,
) -> Concordance:
    """The lines of every mention of the terms, with `context` characters on either side.

    Raises MissingLibrary where `regex` is asked for and google-re2 is not installed.
    """
    found: dict[str, Mentions] = {}
    left = table.MOST
    for term, stood in tables(
        index, terms, literal=literal, numbers=numbers, regex=regex, as_written=as_written,
        filters=filters, today=today,
    ):  # fmt: skip
        left -= len(stood.rows)
        found[term] = stood if left >= 0 else Mentions(table.refused(stood.query))
    queries = tuple(stood.query for stood in found.values())
    if any(query.node is None for query in queries):
        found = {term: Mentions(stood.query) for term, stood in found.items()}
    rows = merged(found)
    if not rows and not regex:
        from chabao.search.remarks import unmentioned

        queries = tuple(unmentioned(index, query) for query in queries)
    counts = counted(row for row, _terms in rows)
    return Concordance(
        terms=tuple(found),
        queries=queries,
        counts=counts,
        by_term={
            term: counted(stood.rows) if len(found) > 1 else counts for term, stood in found.items()
        },
        lines=Lines(ordered(rows, sort)[:limit], context),
        sort=sort,
        context=context,
    )


def foremost(
    index: Index,
    term: str,
    *,
    limit: int,
    literal: bool = False,
    filters: Filters = NO_FILTERS,
    sort: Sort = Sort.DATE,
    context: int = CONTEXT,
    today: date | None = None,
) -> Concordance:
    """What `concordance` says of one term, sooner: items are read only where they are shown, or
    where it takes their text to put them in order. For an index that stays open.

    What puts its items in order is held in memory from the first time on, two numbers for each.
    """
    if index.remote:
        return concordance(
            index, [term], literal=literal, filters=filters, sort=sort, context=context,
            limit=limit, today=today,
        )  # fmt: skip
    from chabao.search.backends import foremost as quick

    query, found = table.places(index, term, literal, filters, today)
    counts, rows = Counts(0, 0, 0, 0), []
    if found is not None and query.node:
        counts = Counts(len(found), *quick.counted(index, found))
        rows = _first(index, query.node, found, sort, limit)
    if not counts.mentions:
        from chabao.search.remarks import unmentioned

        query = unmentioned(index, query)
    return Concordance(
        terms=(term,),
        queries=(query,),
        counts=counts,
        by_term={term: counts},
        lines=Lines([(row, (term,)) for row in rows], context),
        sort=sort,
        context=context,
    )


def _first(index: Index, node: Node, found: Places, sort: Sort, limit: int) -> list[Mention]:
    from chabao.search.backends import foremost as quick

    if sort is Sort.DEPARTMENT:
        found = quick.by_lead(index, found, alphabetical)
    if sort in (Sort.DATE, Sort.DEPARTMENT):
        return [Mention(*row) for row in quick.read(index, found.at(slice(limit)))]
    some = quick.undecided(index, node, found, sort is Sort.LEFT, alphabetical, limit)
    rows = [(Mention(*row), ()) for row in quick.read(index, some)]
    return [row for row, _ in beside(rows, sort)[:limit]]


def merged(found: Mapping[str, Mentions]) -> list[Row]:
    """The mentions of all terms, each place once."""
    rows: dict[tuple[int, int, int], Row] = {}
    for term, stood in found.items():
        for row in stood.rows:
            key = (id(row.item), row.start, row.end)
            rows[key] = (row, (*rows[key][1], term) if key in rows else (term,))
    return list(rows.values())


def counted(rows: Iterable[Mention]) -> Counts:
    """How many mentions, and in how many items and issues, with how many departments."""
    total, items = 0, {}
    for row in rows:
        total += 1
        items[id(row.item)] = row.item
    return Counts(
        mentions=total,
        items=len(items),
        issues=len({issue_of(item) for item in items.values()}),
        departments=len({name for item in items.values() for name in item["department"]}),
    )


def line_of(row: Mention, terms: tuple[str, ...], context: int = CONTEXT) -> Line:
    """A mention as a line, with so many characters of context on either side."""
    item, text = row.item, row.item["text"]
    names = ("date", "number", "serial", "title", "publisher", "item", "source", "page")
    return Line(
        address=str(row.address),
        id=item["id"],
        start=row.start,
        end=row.end,
        terms=terms,
        left=text[max(0, row.start - context) : row.start],
        text=row.text,
        right=text[row.end : row.end + context],
        section=tuple(item["section"]),
        department=tuple(item["department"]),
        line=line_at(item, row.start),
        **{name: item[name] for name in names},
    )
