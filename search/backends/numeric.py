"""Operations on whole arrays with numpy: fastest where lists are long and the process is warm.

The same operations as `plain`; see there for what each means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chabao.indexer.codecs import packing
from chabao.indexer.codecs.postings import Posting
from chabao.indexer.codecs.segment import Segment, Terms
from chabao.search.backends.sets import standing_in, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

COARSE = 6
"""Bits of a place that the table of owners leaves out: one entry for 64 places."""
EPOCH = 719163
"""The day number of 1970-01-01, from which numpy counts."""
FEW = 4
"""How many times fewer the places that a text must come before have to be, so that it pays to look
from them."""
MANY = 4096
"""Places from which the table of owners is worth its making."""


class Numeric:
    """The operations for one segment."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.starts = np.frombuffer(segment.starts.whole(), np.uint32).astype(np.int64)
        self._word_counts: Any = None
        self._columns: dict[str, Any] = {}
        self._table: Any = None
        self._years: Any = None

    def everything(self) -> Ints:
        return np.arange(self.segment.size)

    def empty(self) -> Ints:
        return np.zeros(0, np.int64)

    def listed(self, numbers: list[int]) -> Ints:
        return np.array(numbers, np.int64)

    def sequence(self, places: Sequence[tuple[int, Posting]]) -> Ints:
        (offset, posting), *others = sorted(places, key=lambda pair: len(pair[1]))
        found = posting.unpack_array().astype(np.int64) - offset
        if offset:
            found = found[found >= 0]
        for offset, posting in others:
            if not len(found):
                break
            found = found[standing_in(found + offset, posting)]
        return found

    def merged(self, terms: Terms, numbers: range) -> Ints:
        units = np.frombuffer(terms.units.whole(), np.uint16)
        ends = np.frombuffer(terms.ends.whole(), np.uint32)
        found = packing.together(units, ends, numbers.start, numbers.stop)
        found.sort()
        return found.astype(np.int64)

    def unpacked(self, posting: Posting) -> Ints:
        return posting.unpack_array().astype(np.int64)

    def owners(self, places: Ints) -> Ints:
        if len(places) < MANY and self._table is None:
            return np.searchsorted(self.starts, places, "right") - 1
        if self._table is None:
            edges = np.arange(0, int(self.starts[-1]) + 1, 1 << COARSE)
            self._table = (np.searchsorted(self.starts, edges, "right") - 1).astype(np.int32)
        found: Ints = self._table[places >> COARSE].astype(np.int64)
        # The table gives the owner of the block's first place: step on where a text ends inside.
        late = np.flatnonzero(self.starts[found + 1] <= places)
        while len(late):
            found[late] += 1
            late = late[self.starts[found[late] + 1] <= places[late]]
        return found

    def counted(self, documents: Ints) -> tuple[Ints, Ints]:
        if not len(documents):
            return documents, documents
        fresh = np.empty(len(documents), bool)
        fresh[0] = True
        np.not_equal(documents[1:], documents[:-1], out=fresh[1:])
        firsts = np.flatnonzero(fresh)
        counts = np.empty(len(firsts), np.int64)
        np.subtract(firsts[1:], firsts[:-1], out=counts[:-1])
        counts[-1] = len(documents) - firsts[-1]
        return documents[firsts], counts

    def tally(self, places: Ints) -> tuple[Ints, Ints]:
        return self.counted(self.owners(places))

    def both(self, one: Ints, other: Ints) -> Ints:
        if len(one) > len(other):
            one, other = other, one
        return one[self._among(one, other)]

    def _among(self, wanted: Ints, documents: Ints) -> NDArray[np.bool_]:
        if 16 * len(wanted) > len(documents):
            mask = np.zeros(self.segment.size, bool)
            mask[documents] = True
            return mask[wanted]
        at = np.searchsorted(documents, wanted)
        at[at == len(documents)] = 0
        found: NDArray[np.bool_] = documents[at] == wanted
        return found

    def members(self, documents: Ints) -> NDArray[np.bool_]:
        mask = np.zeros(self.segment.size, bool)
        mask[documents] = True
        return mask

    def only(self, documents: Ints, members: NDArray[np.bool_]) -> Ints:
        return documents[members[documents]]

    def frequencies(self, values: Ints) -> list[tuple[int, int]]:
        counts = np.bincount(values)
        return [(value, int(counts[value])) for value in np.flatnonzero(counts).tolist()]

    def either(self, lists: Sequence[Ints]) -> Ints:
        mask = np.zeros(self.segment.size, bool)
        for documents in lists:
            mask[documents] = True
        return np.flatnonzero(mask)

    def without(self, documents: Ints, others: Any) -> Ints:
        others = np.fromiter(others, np.int64) if isinstance(others, frozenset) else others
        mask = np.ones(self.segment.size, bool)
        mask[others] = False
        return documents[mask[documents]]

    def _column(self, name: str) -> NDArray[np.int32]:
        if name not in self._columns:
            self._columns[name] = np.frombuffer(self.segment.columns[name].whole(), np.int32)
        column: NDArray[np.int32] = self._columns[name]
        return column

    def between(self, documents: Ints, column: str, least: int, most: int) -> Ints:
        days = self._column(column)[documents]
        return documents[(days >= max(least, 1)) & (days <= most)]

    def selected(self, documents: Ints, values: Ints, wanted: Ints) -> Ints:
        if len(documents) == len(wanted) and (documents is wanted or (documents == wanted).all()):
            return values
        table = np.zeros(self.segment.size, values.dtype)
        table[documents] = values
        return table[wanted]

    def total(self, values: Sequence[Ints]) -> Ints:
        found = values[0]
        for more in values[1:]:
            found = found + more
        return found

    def sum(self, values: Ints) -> int:
        return int(values.sum())

    def linked(
        self, starts: Ints, ends: Ints, nexts: Ints, finals: Ints, least: int, most: int
    ) -> tuple[Ints, Ints]:
        if not len(starts) or not len(nexts):
            return self.empty(), self.empty()
        if FEW * len(nexts) < len(starts):
            near = within(ends, nexts - most, nexts - least)
            starts, ends = starts[near], ends[near]
        at = np.searchsorted(nexts, ends + least)
        some = np.flatnonzero(nexts.take(at, mode="clip") - ends <= most)
        some = some[at[some] < len(nexts)]
        starts, at = starts[some], at[some]
        inside = nexts[at] < self.limits(starts)
        return starts[inside], finals[at[inside]]

    def limits(self, places: Ints) -> Ints:
        return self.starts[self.owners(places) + 1] - 1

    def shifted(self, places: Ints, length: int) -> Ints:
        return places + length

    def beside(
        self, starts: Ints, ends: Ints, others: Ints, other_ends: Ints, distance: int
    ) -> tuple[Ints, Ints]:
        if not len(starts) or not len(others):
            return self.empty(), self.empty()
        after = np.searchsorted(others, ends)
        near = (after < len(others)) & (others.take(after, mode="clip") <= ends + distance)
        tails = np.sort(other_ends)
        before = np.searchsorted(tails, starts, "right") - 1
        near |= (before >= 0) & (tails[before] >= starts - distance)
        some = np.flatnonzero(near)
        starts, ends, after, before = starts[some], ends[some], after[some], before[some]
        owners = self.owners(starts)
        last = np.minimum(ends + distance, self.starts[owners + 1] - 2)
        near = (after < len(others)) & (others.take(after, mode="clip") <= last)
        first = np.maximum(starts - distance, self.starts[owners] + 1)
        near |= (before >= 0) & (tails[before] >= first)
        return starts[near], ends[near]

    def bounds(self, places: Ints, start: int, limit: int) -> tuple[int, int]:
        first, last = places.searchsorted((start, limit))
        return int(first), int(last)

    def inside(self, starts: Ints, ends: Ints, documents: Ints) -> tuple[Ints, Ints]:
        kept = self._among(self.owners(starts), documents) if len(documents) else starts < 0
        return starts[kept], ends[kept]

    def distinct(self, parts: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
        starts = np.concatenate([start for start, _ in parts])
        ends = np.concatenate([end for _, end in parts])
        keys = np.unique(starts << 20 | (ends - starts))
        return keys >> 20, (keys >> 20) + (keys & ((1 << 20) - 1))

    def lengths(self, field: str, documents: Ints) -> Ints:
        if field == "text":
            return self.starts[documents + 1] - self.starts[documents] - 1
        if self._word_counts is None:
            self._word_counts = np.frombuffer(self.segment.word_counts.whole(), np.uint32)
        return self._word_counts[documents].astype(np.int64)  # type: ignore[no-any-return]

    def days(self, column: str, documents: Ints) -> Ints:
        return self._column(column)[documents].astype(np.int64)

    def years(self, documents: Ints) -> Ints:
        if self._years is None:
            days = self._column("date")
            years = (days.astype(np.int64) - EPOCH).astype("M8[D]").astype("M8[Y]").astype(np.int64)
            self._years = np.where(days, years + 1970, 0)
        return self._years[documents]  # type: ignore[no-any-return]

    def marks(self, documents: Ints, wanted: Ints) -> Ints:
        return self._among(wanted, documents).astype(np.int64) if len(documents) else wanted * 0

    def sums(self) -> Floats:
        return np.zeros(self.segment.size)

    def add(self, sums: Floats, documents: Ints, values: Floats) -> None:
        sums[documents] += values

    def summed(self, sums: Floats) -> tuple[Ints, Floats]:
        kept = np.flatnonzero(sums > 0)
        return kept, sums[kept]

    def greatest(self, scores: Floats) -> float:
        return float(scores.max(initial=0.0))

    def at_least(self, scores: Floats, least: float) -> Ints:
        return np.flatnonzero(scores >= least)

    def picked(self, values: Any, places: Ints) -> Any:
        return values[places]

    def zeros(self, documents: Ints) -> Floats:
        return np.zeros(len(documents))

    def saturated(self, scores: Floats, idf: float, k1: float, frequencies: Floats) -> Floats:
        rise = idf * (k1 + 1)
        return scores + rise * frequencies / (frequencies + k1)

    def weighed(self, frequencies: Ints, lengths: Ints, b: float, average: float) -> Floats:
        slope = b / average
        return frequencies / ((1 - b) + slope * lengths)

    def raised(self, frequencies: Floats, marks: Ints, weight: float) -> Floats:
        return frequencies + weight * marks

    def best(self, documents: Ints, keys: Floats, size: int | None) -> list[int]:
        if size is None or size >= len(keys):
            return list(range(len(keys)))
        if not size:
            return []
        least = np.partition(keys, len(keys) - size)[len(keys) - size]
        return np.flatnonzero(keys >= least).tolist()

    def at(self, values: Any, index: int) -> Any:
        return values.item(index)
