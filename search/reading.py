"""An issue as it is read: all its items in order, one of them asked for, with mentions in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chabao.indexer.fields import Record
from chabao.search import catalogue, language
from chabao.search.addresses import State
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.parts import costs, find, spans
from chabao.search.backends.whoosh_ import Index
from chabao.search.catalogue import Shown
from chabao.search.issues import issue_of
from chabao.search.mentions import COSTLIEST
from chabao.search.query import Span
from chabao.search.snippets import merged

MOST = 400
"""Items that are read at once: a file may have any number of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`items` are those of the issue that `shown` is of, in order; where there are more than
    `MOST`, those about it, and `before` and `after` are how many come before and after them.

    `mentions` are the places in each item, by id, where a query is mentioned: half-open, in code
    points, in order, merged where they overlap.
    """

    shown: Shown
    items: tuple[Record, ...]
    before: int = 0
    after: int = 0
    mentions: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @property
    def passage(self) -> Span | None:
        """The place in the item that was asked for by its address, if it is there."""
        place = self.shown.passage
        if place is None or place.state is State.CHANGED or place.start == place.end:
            return None
        return Span(place.start, place.end)


def reading(index: Index, address: str, line: str = "", *, literal: bool = False) -> Reading:
    """The issue of an item, or of the address of a passage, with the mentions of a query in it.

    Raises UnknownItem, for an address GoneItem.
    """
    shown = catalogue.show(index, address)
    key = issue_of(shown.item)
    records = catalogue.file(index, shown.item["source"])
    items = [record for record in records if issue_of(record) == key]
    at = items.index(shown.item)
    first = max(0, min(at - MOST // 2, len(items) - MOST))
    kept = tuple(items[first : first + MOST])
    return Reading(
        shown, kept, first, len(items) - first - len(kept),
        _mentions(index, line, literal, shown.item["source"]) if line else {},
    )  # fmt: skip


def _mentions(index: Index, line: str, literal: bool, source: str) -> dict[str, Sequence[Span]]:
    node = language.parse(line, literal=literal).node
    if node is None or sum(costs(index, node)) > COSTLIEST:
        return {}
    wanted = leaves(node)
    found: dict[str, Sequence[Span]] = {}
    for part in find(index, node) if wanted else ():
        kernel = part.evaluation.kernel
        posting = part.segment.terms("source").get(source.encode("utf-8", "surrogatepass"))
        here = kernel.both(part.documents, kernel.unpacked(posting)) if posting else ()
        for document in map(int, here):
            places = [Span(*place) for place in spans(part, wanted, document)]
            found[part.segment.record(document)["id"]] = merged(places)
    return found
