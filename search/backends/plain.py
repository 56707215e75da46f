"""Operations on sorted lists in plain Python: fastest where lists are short, and cold.

A place is a number in a segment (see `indexer.codecs.segment`). `numeric` has the same operations
on numpy arrays; tests hold the two equal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from heapq import nlargest
from itertools import chain
from typing import Any

from chabao.indexer.codecs.postings import Posting
from chabao.indexer.codecs.segment import Segment, Terms
from chabao.indexer.fields import TEXT

Ints = list[int]
STEP = 8
"""Documents that are stepped over rather than searched for where the next one is near."""
PROBE = 8
"""A list this many times longer than the other is probed rather than unpacked."""


class Plain:
    """The operations for one segment."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def everything(self) -> Ints:
        return list(range(self.segment.size))

    def empty(self) -> Ints:
        return []

    def listed(self, numbers: Ints) -> Ints:
        """Numbers found one by one, as the other operations take them."""
        return numbers

    def sequence(self, places: Sequence[tuple[int, Posting]]) -> Ints:
        """Where a string begins, given its bigrams with their offsets in it."""
        (offset, posting), *others = sorted(places, key=lambda pair: len(pair[1]))
        found = [at - offset for at in posting.unpack() if at >= offset]
        for offset, posting in others:
            if not found:
                break
            if len(posting) > PROBE * len(found):
                finder = posting.finder()
                found = [at for at in found if at + offset in finder]
            else:
                numbers = set(posting.unpack())
                found = [at for at in found if at + offset in numbers]
        return found

    def merged(self, terms: Terms, numbers: range) -> Ints:
        """The places of several terms, in order."""
        lists = [terms.posting(number).unpack() for number in numbers]
        return sorted(chain.from_iterable(lists))

    def unpacked(self, posting: Posting) -> Ints:
        return posting.unpack().tolist()

    def owners(self, places: Ints) -> Ints:
        """The document of each place."""
        starts, found, document, end = self.segment.places, [], -1, -1
        for place in places:
            if place >= end:
                document = bisect_right(starts, place, max(document, 0)) - 1
                end = starts[document + 1]
            found.append(document)
        return found

    def counted(self, documents: Ints) -> tuple[Ints, Ints]:
        """Each document once, and how often it came; takes them in order."""
        counts: dict[int, int] = {}
        for document in documents:
            counts[document] = counts.get(document, 0) + 1
        return list(counts), list(counts.values())

    def tally(self, places: Ints) -> tuple[Ints, Ints]:
        """The documents of places, each once, and how many of the places each has."""
        if len(places) * STEP < self.segment.size:
            return self.counted(self.owners(places))
        documents: Ints = []
        counts: Ints = []
        ends = iter(self.segment.places[1:])
        document, end, count = -1, 0, 0
        for place in places:
            if place < end:
                count += 1
                continue
            counts.append(count)
            for end in ends:
                document += 1
                if place < end:
                    break
            documents.append(document)
            count = 1
        counts.append(count)
        return documents, counts[1:]

    def both(self, one: Ints, other: Ints) -> Ints:
        known = set(other)
        return [document for document in one if document in known]

    def members(self, documents: Ints) -> Any:
        """The documents as something that `only` looks them up in, many times."""
        return set(documents)

    def only(self, documents: Ints, members: Any) -> Ints:
        return [document for document in documents if document in members]

    def frequencies(self, values: Ints) -> list[tuple[int, int]]:
        """Each value, and how often it comes."""
        return list(Counter(values).items())

    def either(self, lists: Sequence[Ints]) -> Ints:
        return sorted(set(chain.from_iterable(lists)))

    def without(self, documents: Ints, others: Any) -> Ints:
        known = set(others)
        return [document for document in documents if document not in known]

    def between(self, documents: Ints, column: str, least: int, most: int) -> Ints:
        """The documents whose day is known and in a range."""
        days = self.segment.columns[column].whole()
        return [number for number in documents if days[number] and least <= days[number] <= most]

    def selected(self, documents: Ints, values: Ints, wanted: Ints) -> Ints:
        """The value of each wanted document, 0 where it has none."""
        if documents == wanted:
            return values
        if PROBE * len(wanted) < len(documents):
            places = [bisect_left(documents, document) for document in wanted]
            return [
                values[at] if at < len(documents) and documents[at] == document else 0
                for at, document in zip(places, wanted, strict=True)
            ]
        known = dict(zip(documents, values, strict=True))
        return [known.get(document, 0) for document in wanted]

    def total(self, values: Sequence[Ints]) -> Ints:
        return list(map(sum, zip(*values, strict=True)))

    def sum(self, values: Ints) -> int:
        return sum(values)

    def linked(
        self, starts: Ints, ends: Ints, nexts: Ints, finals: Ints, least: int, most: int
    ) -> tuple[Ints, Ints]:
        """The stretches that go on: from each, the nearest of `nexts` that begins `least` to `most`
        characters behind it in the same document; and where that one ends."""
        kept, until = [], []
        limits = self.limits(starts)
        for start, end, limit in zip(starts, ends, limits, strict=True):
            at = bisect_left(nexts, end + least)
            if at < len(nexts) and nexts[at] <= end + most and nexts[at] < limit:
                kept.append(start)
                until.append(finals[at])
        return kept, until

    def limits(self, places: Ints) -> Ints:
        """Behind the last place of the document of each place."""
        starts = self.segment.starts
        return [starts[document + 1] - 1 for document in self.owners(places)]

    def shifted(self, places: Ints, length: int) -> Ints:
        return [place + length for place in places]

    def beside(
        self, starts: Ints, ends: Ints, others: Ints, other_ends: Ints, distance: int
    ) -> tuple[Ints, Ints]:
        """The stretches that have one of the others at most `distance` characters before or behind
        them in the same document, not overlapping."""
        tails = sorted(other_ends)
        kept: tuple[Ints, Ints] = ([], [])
        documents = self.owners(starts)
        for start, end, document in zip(starts, ends, documents, strict=True):
            first, limit = self.segment.starts[document], self.segment.starts[document + 1] - 1
            after = bisect_left(others, end)
            near = after < len(others) and others[after] <= min(end + distance, limit - 1)
            if not near:
                before = bisect_right(tails, start) - 1
                near = before >= 0 and tails[before] >= max(start - distance, first + 1)
            if near:
                kept[0].append(start)
                kept[1].append(end)
        return kept

    def bounds(self, places: Ints, start: int, limit: int) -> tuple[int, int]:
        """Where the places from `start` up to `limit` begin and end among all."""
        return bisect_left(places, start), bisect_left(places, limit)

    def inside(self, starts: Ints, ends: Ints, documents: Ints) -> tuple[Ints, Ints]:
        """The stretches that lie in one of the documents."""
        known, owners = set(documents), self.owners(starts)
        kept = [at for at, owner in enumerate(owners) if owner in known]
        return [starts[at] for at in kept], [ends[at] for at in kept]

    def distinct(self, parts: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
        """Stretches of several lists, each once, in order."""
        spans = sorted(set(chain.from_iterable(zip(*part, strict=True) for part in parts)))
        return [start for start, _ in spans], [end for _, end in spans]

    def lengths(self, field: str, documents: Ints) -> Ints:
        if field != TEXT:
            counts = self.segment.word_counts.whole()
            return [counts[document] for document in documents]
        starts = self.segment.places
        return [starts[document + 1] - starts[document] - 1 for document in documents]

    def days(self, column: str, documents: Ints) -> Ints:
        numbers = self.segment.columns[column].whole()
        return [numbers[document] for document in documents]

    def years(self, documents: Ints) -> Ints:
        """The year of issue of each document, 0 where it is unknown."""
        return [date.fromordinal(day).year if day else 0 for day in self.days("date", documents)]

    def marks(self, documents: Ints, wanted: Ints) -> Ints:
        """1 for each wanted document that is among the documents, else 0."""
        known = set(documents)
        return [int(document in known) for document in wanted]

    def sums(self) -> dict[int, float]:
        """Nothing added to any document yet."""
        return {}

    def add(self, sums: dict[int, float], documents: Ints, values: list[float]) -> None:
        for document, value in zip(documents, values, strict=True):
            sums[document] = sums.get(document, 0.0) + value

    def summed(self, sums: dict[int, float]) -> tuple[Ints, list[float]]:
        """The documents whose sum is not nothing, and the sums."""
        kept = sorted(number for number, value in sums.items() if value > 0)
        return kept, [sums[number] for number in kept]

    def greatest(self, scores: list[float]) -> float:
        return max(scores, default=0.0)

    def at_least(self, scores: list[float], least: float) -> Ints:
        """Where the scores that are not below `least` stand."""
        return [at for at, score in enumerate(scores) if score >= least]

    def picked(self, values: Sequence[Any], places: Ints) -> list[Any]:
        return [values[at] for at in places]

    def zeros(self, documents: Ints) -> list[float]:
        return [0.0] * len(documents)

    def saturated(
        self, scores: list[float], idf: float, k1: float, frequencies: list[float]
    ) -> list[float]:
        """Adds one term's share, its frequency already weighed by length."""
        rise = idf * (k1 + 1)
        return [
            score + rise * frequency / (frequency + k1)
            for score, frequency in zip(scores, frequencies, strict=True)
        ]

    def weighed(self, frequencies: Ints, lengths: Ints, b: float, average: float) -> list[float]:
        """Frequencies as they would be in a text of average length."""
        slope = b / average
        return [
            frequency / ((1 - b) + slope * length)
            for frequency, length in zip(frequencies, lengths, strict=True)
        ]

    def raised(self, frequencies: list[float], marks: Ints, weight: float) -> list[float]:
        return [
            frequency + weight * mark for frequency, mark in zip(frequencies, marks, strict=True)
        ]

    def best(self, documents: Ints, keys: list[float], size: int | None) -> list[int]:
        """Where the `size` greatest keys stand, and all that equal the least of them."""
        if size is None or size >= len(keys):
            return list(range(len(keys)))
        least = nlargest(size, keys)[-1] if size else float("inf")
        return [at for at, key in enumerate(keys) if key >= least]

    def at(self, values: Sequence[Any], index: int) -> Any:
        return values[index]
