"""Segments to one segment, without reading any text again.

Postings are moved batch by batch of the term dictionary, so that memory stays bounded whatever the
size; documents that were deleted are left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chabao.indexer.codecs import packing
from chabao.indexer.codecs.container import Writer
from chabao.indexer.codecs.inversion import Inverted, group, join, pairs, spell
from chabao.indexer.codecs.postings import CHUNKED
from chabao.indexer.codecs.segment import Segment, Terms
from chabao.indexer.fields import CALENDAR, KEYWORDS, TEXT, WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Pack = Callable[[NDArray[np.uint32], Integers], tuple[NDArray[np.uint16], NDArray[np.uint32]]]
    Spell = Callable[[Integers], tuple[bytes, Integers]]

BATCH = 1 << 20
"""Postings that are moved at a time."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a segment's documents and places go.

    `documents[d]` is the new number of document d, or -1; `places[d]` is what its places rise by.
    """

    segment: Segment
    documents: NDArray[np.int64]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]

    def of_documents(self, numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
        return self.documents[numbers]

    def of_places(self, numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
        if not self.segment.deleted:
            return numbers.astype(np.int64) + (self.places[0] if len(self.places) else 0)
        document = np.searchsorted(self.starts, numbers, "right") - 1
        moved = numbers + self.places[document]
        moved[self.documents[document] < 0] = -1
        return moved


def moves(segments: Sequence[Segment]) -> tuple[list[Move], NDArray[np.uint32]]:
    """How each segment's documents move, and the starts of the merged texts."""
    found, lengths, count, place = [], [], 0, 0
    for segment in segments:
        starts = np.frombuffer(segment.starts.whole(), np.uint32).astype(np.int64)
        live = np.ones(segment.size, bool)
        live[list(segment.deleted)] = False
        length = np.diff(starts)
        fresh = place + np.cumsum(np.where(live, length, 0)) - length
        documents = np.where(live, count + np.cumsum(live) - 1, -1)
        found.append(Move(segment, documents, fresh - starts[:-1], starts))
        lengths.append(length[live])
        count += int(live.sum())
        place += int(length[live].sum())
    merged: NDArray[np.uint32] = np.zeros(count + 1, np.uint32)
    if place >= 1 << 32:
        raise OverflowError("too many characters for one segment")
    np.cumsum(np.concatenate(lengths) if lengths else [], out=merged[1:])
    return found, merged


def merge(writer: Writer, segments: Sequence[Segment]) -> dict[str, int]:
    """Writes everything but the records of the merged segment; returns its meta data."""
    ways, starts = moves(segments)
    writer.section("starts", starts.tobytes())
    total = 0
    for name in ("word counts", *CALENDAR):
        parts = []
        for way in ways:
            numbers = way.segment.reader.section(name)
            parts.append(np.frombuffer(numbers, np.int32)[way.documents >= 0])
        column = np.concatenate(parts) if parts else np.zeros(0, np.int32)
        writer.section(name, column.tobytes())
        if name == "word counts":
            total = int(column.astype(np.int64).sum())
    for field in (TEXT, WORDS, *KEYWORDS):
        _merge_field(writer, field, ways)
    return {"documents": len(starts) - 1, "words": total}


def _merge_field(writer: Writer, field: str, ways: Sequence[Move]) -> None:
    out = FieldWriter(writer, field)
    parts = [Part(way.segment.terms(field)) for way in ways]
    spell = (_rank_bigrams if field == TEXT else _rank)(parts)
    last = max((int(part.ranks[-1]) + 1 for part in parts if len(part.ranks)), default=0)
    total = np.zeros(last, np.int64)
    for part in parts:
        total[part.ranks] += part.lengths
    first = 0
    for last in _bounds(total):
        keys = [_keys(part, way, field, first, last) for part, way in zip(parts, ways, strict=True)]
        joined = np.concatenate(keys)
        joined.sort()
        ranks, counts, numbers = group(joined, 32)
        out.add(Inverted(*spell(ranks.astype(np.int64) + first), counts, numbers))
        first = last
        for way in ways:
            way.segment.reader.forget()
    out.close()


def _rank(parts: Sequence[Part]) -> Spell:
    """Sets the ranks of each part's terms; returns what spells the terms of ranks."""
    each = [list(part.source.all()) for part in parts]
    terms = sorted(set().union(*each))
    rank = {term: number for number, term in enumerate(terms)}
    for part, own in zip(parts, each, strict=True):
        part.ranks = np.fromiter(map(rank.__getitem__, own), np.int64, len(own))
    return lambda ranks: join([terms[number] for number in ranks.tolist()])


def _rank_bigrams(parts: Sequence[Part]) -> Spell:
    """As `_rank`, with numbers for terms: there are too many for an object each."""
    each = [pairs(part.source.blob()) for part in parts]
    terms = np.unique(np.concatenate(each)) if each else np.zeros(0, np.uint64)
    for part, own in zip(parts, each, strict=True):
        part.ranks = np.searchsorted(terms, own)
    both = np.stack((terms >> np.uint64(32), terms & np.uint64(0xFFFFFFFF)), axis=1)
    codes = both.astype(np.uint32)
    return lambda ranks: spell(codes[ranks])


class Part:
    """One segment's share of a field: how long each term's list is, and where the term comes among
    the terms of all (`ranks`, ascending)."""

    def __init__(self, terms: Terms) -> None:
        self.source = terms
        self._units = np.frombuffer(terms.units.whole(), np.uint16)
        self._ends = np.frombuffer(terms.ends.whole(), np.uint32)
        self.lengths = packing.lengths(self._units, self._ends)
        self.ranks = np.zeros(0, np.int64)

    def between(self, first: int, last: int) -> tuple[Integers, NDArray[np.uint32], Integers]:
        """Ranks, postings and list lengths of the terms whose rank is from `first` to `last`."""
        low, high = np.searchsorted(self.ranks, (first, last)).tolist()
        return self.ranks[low:high], *packing.unpack(self._units, self._ends, low, high)


def _keys(part: Part, way: Move, field: str, first: int, last: int) -> NDArray[np.uint64]:
    ranks, numbers, counts = part.between(first, last)
    moved = way.of_places(numbers) if field == TEXT else way.of_documents(numbers)
    keys = np.repeat((ranks - first).astype(np.uint64) << np.uint64(32), counts)
    if way.segment.deleted:
        keep = moved >= 0
        keys, moved = keys[keep], moved[keep]
    keys |= moved.astype(np.uint64)
    return keys


def _bounds(total: Integers) -> Iterator[int]:
    """Cuts the dictionary so that no run has many more than `BATCH` postings."""
    reached = np.cumsum(total)
    last = 0
    while last < len(total):
        before = int(reached[last - 1]) if last else 0
        last = max(last + 1, int(np.searchsorted(reached, before + BATCH)))
        yield last


def write_field(writer: Writer, field: str, inverted: Inverted, pack: Pack) -> None:
    """Writes a field that was inverted in one go."""
    out = FieldWriter(writer, field, pack)
    out.add(inverted)
    out.close()


class FieldWriter:
    """Writes one field: postings as they come, the dictionary at the end."""

    def __init__(self, writer: Writer, field: str, pack: Pack = packing.pack) -> None:
        self._writer, self._field, self._pack = writer, field, pack
        self._terms: list[bytes] = []
        self._sizes: list[Integers] = []
        self._ends: list[NDArray[np.uint32]] = []
        self._units = 0
        writer.begin(f"{field} postings")

    def add(self, inverted: Inverted) -> None:
        units, ends = self._pack(inverted.numbers, inverted.counts)
        self._writer.write(units.tobytes())
        self._terms.append(inverted.terms)
        self._sizes.append(inverted.sizes)
        if self._units + len(units) >= CHUNKED:
            raise OverflowError("too many postings for one segment")
        self._ends.append(ends + np.uint32(self._units))
        self._units += len(units)

    def close(self) -> None:
        ends = np.concatenate(self._ends) if self._ends else np.zeros(0, np.uint32)
        sizes = np.concatenate(self._sizes) if self._sizes else np.zeros(0, np.int64)
        self._writer.section(f"{self._field} posting ends", ends.astype(np.uint32).tobytes())
        self._writer.section(
            f"{self._field} term ends", np.cumsum(sizes).astype(np.uint32).tobytes()
        )
        self._writer.section(f"{self._field} terms", b"".join(self._terms))
