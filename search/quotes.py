"""Quotations: whole sentences around a mention, an address or a whole item, and their sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from chabao.search import addresses, catalogue, refusals
from chabao.search.addresses import Extract
from chabao.search.backends.whoosh_ import Index
from chabao.search.catalogue import Shown
from chabao.search.citation import Reference, reference
from chabao.search.errors import GoneItem, UnknownItem
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.mentions import Item, Spans, unread
from chabao.search.query import Query
from chabao.search.sentences import PARTIAL, STRAIGHT, Stretch, among, around, pairs, sentences

ELLIPSIS = "……"
_INSIDE = {"“": "‘", "”": "’", "‘": "“", "’": "”"}


@dataclass(frozen=True, slots=True)
class Quotation(Extract):
    """Sentences of an item.

    `mentions` are stretches of the item's text for which it was quoted. `cut_before` and
    `cut_after` say that a sentence goes on beyond it.
    """

    mentions: tuple[Stretch, ...] = ()
    cut_before: bool = False
    cut_after: bool = False

    @property
    def line(self) -> int:
        """The 1-based line of the source in which it begins."""
        lines = self.item["lines"]
        at = bisect_right(lines, self.start, key=lambda pair: pair[0])
        return int(lines[at - 1][1] if at else self.item["line"])

    @property
    def quoted(self) -> str:
        """In Chinese quotation marks, those within it alternating; …… where a sentence is cut."""
        before = ELLIPSIS if self.cut_before else ""
        after = ELLIPSIS if self.cut_after else ""
        return f"“{before}{nested(self.item['text'], self.start, self.end)}{after}”"


@dataclass(frozen=True, slots=True)
class Quotations:
    """Quotations in document order; of how many mentions in all, and whether there are `more`.

    `query` is the line that was searched for, `shown` what an id or an address named; the other one
    is None.
    """

    rows: tuple[Quotation, ...]
    mentions: int
    more: bool = False
    query: Query | None = None
    shown: Shown | None = None

    @property
    def references(self) -> tuple[Reference, ...]:
        """The issues quoted, each once, in order of first appearance."""
        return tuple(dict.fromkeys(reference(quotation.item) for quotation in self.rows))


def quotations(
    index: Index,
    target: str,
    *,
    sentences: int = 1,
    limit: int | None = None,
    literal: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Quotations:
    """The quotations of an id (the whole item), an address, or a line of the query language.

    `sentences` is how many to quote at least. Mentions that fall into the same sentences share one
    quotation. Raises GoneItem where the item of an address is not in the index; what has the form
    of an id but is none is searched for.
    """
    if not literal and (addresses.parse(target) or addresses.is_identity(target)):
        try:
            shown = catalogue.show(index, target)
            return Quotations((_named(shown, sentences),), 1, shown=shown)
        except GoneItem:
            raise
        except UnknownItem:
            pass
    query, total, found = unread(index, target, literal=literal, filters=filters, today=today)
    if not total:
        from chabao.search.remarks import unmentioned

        return Quotations((), 0, query=unmentioned(index, query))
    most = refusals.QUOTED if limit is None else min(limit, refusals.QUOTED)
    rows = tuple(islice(_sharing(found, sentences), most + 1))
    if len(rows) > refusals.QUOTED and limit != refusals.QUOTED:
        return Quotations((), 0, query=refusals.unquotable(query))
    return Quotations(rows[:most], total, len(rows) > most, query)


def _named(shown: Shown, count: int) -> Quotation:
    text, place = shown.item["text"], shown.passage
    if place is None:
        return Quotation(shown.item, 0, len(text))
    start, end = around(text, place.start, place.end, count)
    wanted = ((place.start, place.end),) if place.start < place.end else ()
    return quotation(shown.item, start, end, wanted)


def _sharing(found: Iterable[tuple[Item, Spans]], count: int) -> Iterator[Quotation]:
    """One quotation for the mentions that the same sentences hold."""
    for item, places in found:
        known = sentences(item["text"])
        held: dict[Stretch, Spans] = {}
        for place in places:
            held.setdefault(among(known, *place, count), []).append(place)
        for stretch, mentions in held.items():
            yield quotation(item, *stretch, tuple(mentions))


def quotation(
    item: Mapping[str, Any],
    start: int,
    end: int,
    mentions: tuple[Stretch, ...] = (),
) -> Quotation:
    """The quotation of whole sentences, or of parts that end in a semicolon and are marked so."""
    text = item["text"]
    before = start > 0 and text[start - 1] in PARTIAL
    after = end < len(text) and text[end - 1] in PARTIAL
    return Quotation(item, start, end, mentions, before, after)


def nested(text: str, start: int, end: int) -> str:
    """`text[start:end]` as it stands in double quotation marks: those within it are exchanged, so
    that “…‘…’…” alternate; straight ones become what they stand for."""
    straight = {
        place: mark
        for ends in pairs(text)
        if text[ends[0]] in STRAIGHT
        for place, mark in zip(ends, "‘’", strict=True)
    }
    return "".join(straight.get(at) or _INSIDE.get(text[at], text[at]) for at in range(start, end))
