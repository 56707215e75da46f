"""The mention table: every place where the texts of a query stand, a row each.

Concordance, counts over time, collocates and quotations are all read off these rows, so that their
numbers are those of a plain scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _
from itertools import chain
from time import thread_time
from typing import TYPE_CHECKING, Any, Protocol

from chabao.indexer.fields import document_order
from chabao.indexer.folding import fold_text
from chabao.search import filters as filtering
from chabao.search import language, refusals
from chabao.search.addresses import Extract
from chabao.search.backends.evaluation import Leaf, leaves
from chabao.search.backends.parts import Deferred, Part, costs, find, mentioned, ordered, spans
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.query import Diagnostic, Everything, Kind, Node, Query, Span

if TYPE_CHECKING:
    from chabao.search.backends.foremost import Places

MOST = 100_000
"""Rows of one table: a second or two, some 100 MB. What has more is refused, never cut short."""
COSTLIEST = 1_200_000
"""Postings that may be read for one table."""
IDLE = 500_000
"""Places where a regular expression may match nothing at all: a second's work."""
SECONDS, FOR_EACH = 0.75, 0.000025
"""What the matching of a large expression may take, and so much more for each item read."""

Item = Mapping[str, Any]
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mention(Extract):
    """Where a text of a query stands."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The rows of a query in document order. `query.node` is None where a mistake is fatal."""

    query: Query
    rows: tuple[Mention, ...] = ()


class Expression(Protocol):
    """What `matches` looks for: a compiled pattern, as `search.regex` makes them."""

    pattern: str
    as_written: bool
    idle: int
    large: bool

    def spans(self, text: str) -> Iterator[tuple[int, int]]: ...


class Items:
    """Stored records, one object for each item: tables made with the same `Items` share them."""

    def __init__(self) -> None:
        self._known: dict[object, Deferred] = {}

    def __call__(self, key: object, read: Deferred) -> Deferred:
        """The item of a key (`Index.key`): as known, else as now read."""
        return self._known.setdefault(key, read)


def mentions(
    index: Index,
    line: str,
    *,
    literal: bool = False,
    numbers: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
    items: Items | None = None,
) -> Mentions:
    """Every mention of a line of the query language; overlapping ones are rows each.

    `literal` takes the line as one string, `numbers` reads its numbers by their value.
    """
    return mentions_of(index, asked(index, line, literal, filters, today, numbers), items)


def mentions_of(index: Index, query: Query, items: Items | None = None) -> Mentions:
    """Every mention of what was `asked`."""
    if query.node is None:
        return Mentions(query)
    wanted = leaves(query.node)
    view = index.around(query.node)
    parts = find(view, query.node) if wanted else []
    if sum(_count(part, wanted) for part in parts) > MOST:
        return Mentions(refused(query))
    items = items or Items()
    return Mentions(query, _rows(chain.from_iterable(
        _places(items, view, number, part, wanted) for number, part in enumerate(parts)
    )))  # fmt: skip


def unread(
    index: Index, line: str, *, literal: bool, filters: Filters, today: date | None
) -> tuple[Query, int, Iterator[tuple[Item, Spans]]]:
    """The query of a line, how many mentions it has, and its items in document order, each with
    where it mentions something: an item is read when it is looked at, so that the first come soon.
    """
    query = asked(index, line, literal, filters, today)
    wanted = leaves(query.node) if query.node else []
    if not query.node or not wanted:
        return query, 0, iter(())
    parts = find(index.around(query.node), query.node)
    total = sum(_count(part, wanted) for part in parts)
    if total > MOST:
        return refused(query), 0, iter(())
    return query, total, (
        (Deferred(parts[number].segment, document), found)
        for number, document in ordered(parts)
        if (found := spans(parts[number], wanted, document))
    )  # fmt: skip


def asked(
    index: Index, line: str, literal: bool, filters: Filters, today: date | None,
    numbers: bool = False,
) -> Query:  # fmt: skip
    """The query of a line under filters; refused where it would look at too many places."""
    query = language.parse(line, today=today, literal=literal, numbers=numbers)
    query = filtering.applied(query, filters, today)
    if query.node is None:
        return query
    return refused(query) if sum(costs(index, query.node)) > COSTLIEST else query


def places(
    index: Index, line: str, literal: bool, filters: Filters, today: date | None = None
) -> tuple[Query, Places | None]:
    """Where a line of the query language is mentioned, without reading the items; None where
    nothing is looked for. For an index that stays open: see `backends.foremost`."""
    from chabao.search.backends import foremost

    query = asked(index, line, literal, filters, today)
    if query.node is None or not leaves(query.node):
        return query, None
    found = foremost.places(index, query.node)
    return (query, found) if len(found) <= MOST else (refused(query), None)


def matches(
    index: Index,
    expression: Expression,
    *,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
    items: Items | None = None,
) -> Mentions:
    """Every match of a regular expression, item by item; in one item they do not overlap.

    What a large one takes depends on the texts, and so is not known before: it is watched.
    """
    query = selected(expression.pattern, filters, today)
    if query.node is None:
        return Mentions(query)
    items = items or Items()
    found: list[tuple[Item, Spans]] = []
    total, left = 0, SECONDS
    clock: Callable[[], float] = thread_time if expression.large else float  # which stands still
    for key, item in documents(index, query.node):
        text = item["text"]
        text = text if expression.as_written else fold_text(text)
        left += FOR_EACH + clock()
        places = list(expression.spans(text))
        left -= clock()
        if places:
            found.append((items(key, item), places))
            total += len(places)
        if total > MOST or expression.idle > IDLE:
            return Mentions(refused(query))
        if left < 0:
            return Mentions(refusals.slow(query))
    return Mentions(query, _rows(found))


def selected(line: str, filters: Filters, today: date | None = None) -> Query:
    """The query for all items that filters leave; `line` is what stands for it in messages."""
    return filtering.applied(Query(line, Everything()), filters, today)


def documents(index: Index, node: Node) -> Iterator[tuple[object, Deferred]]:
    """The items that match a node, each behind its key."""
    view = index.around(node)
    for number, part in enumerate(find(view, node)):
        for document in map(int, part.documents):
            yield view.key(number, document), Deferred(part.segment, document)


def _count(part: Part, wanted: list[Leaf]) -> int:
    if not len(part.documents):
        return 0
    return int(part.evaluation.kernel.sum(mentioned(part, wanted)))


def _places(
    items: Items, view: Index, number: int, part: Part, wanted: list[Leaf]
) -> Iterator[tuple[Item, Spans]]:
    for document in map(int, part.documents):
        found = spans(part, wanted, document)
        if found:
            read = Deferred(part.segment, document)
            yield items(view.key(number, document), read), found


def _rows(found: Iterable[tuple[Item, Spans]]) -> tuple[Mention, ...]:
    """Items come in the order of their segments, so that those of one line stay as they stood."""
    ordered = sorted(found, key=lambda pair: document_order(pair[0]))
    return tuple(Mention(item, *place) for item, places in ordered for place in places)


def refused(query: Query) -> Query:
    """A query that would have more mentions than a table takes, and says so."""
    message = _("there are more than {most} mentions, or places to look at").format(
        most=f"{MOST:,}"
    )
    hint = _("ask for a longer text, or for fewer issues")
    whole = Span(0, len(query.line))
    costly = Diagnostic(Kind.TOO_COSTLY, whole, message, hint, fatal=True)
    return replace(query, node=None, diagnostics=(costly, *query.diagnostics))
