"""Which strings of an index fit a row of slots, each of which takes one of several characters.

A place begins exactly one bigram, so the strings are read off the bigrams' places: those of every
second slot, joined. No text is read, and nothing is missed (but see `MOST_POSTINGS`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from operator import itemgetter

from chabao.indexer.codecs.postings import CHUNKED
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT

MOST_POSTINGS = 200_000
"""Places that are looked at for one row of slots: of one that fits more, nothing is said."""

Slot = Collection[str] | None
"""The characters that a slot takes; None takes any Chinese one."""
CHINESE = "\u4e00"
"""The first of them."""


class Bigrams:
    """The bigrams of a segment as two strings: the first and the second character of each."""

    def __init__(self, segment: Segment) -> None:
        self.segment, self.terms = segment, segment.terms(TEXT)
        joined = self.terms.blob().decode("utf-8", "surrogatepass")
        self.firsts, self.seconds = joined[::2], joined[1::2]
        self._ends = self.terms.ends.whole()

    def among(self, left: Slot, right: Slot) -> list[int]:
        """The numbers of the bigrams of which both characters fit."""
        if left is None:
            return self._ending(right, bisect_left(self.firsts, CHINESE), len(self.firsts))
        found = []
        for char in left:
            start = bisect_left(self.firsts, char)
            end = bisect_right(self.firsts, char, start)
            found += self._ending(right, start, end)
        return found

    def _ending(self, right: Slot, start: int, end: int) -> list[int]:
        seconds = self.seconds
        if right is None:
            return [at for at in range(start, end) if seconds[at] >= CHINESE]
        if len(right) > 1:
            return [at for at in range(start, end) if seconds[at] in right]
        found = []
        for char in right:
            at = seconds.find(char, start, end)
            while at >= 0:
                found.append(at)
                at = seconds.find(char, at + 1, end)
        return found

    def standing(self, slots: Sequence[Slot]) -> dict[str, int]:
        """The strings of two characters up that fit, with how often each stands in the segment."""
        size = len(slots)
        if not all(map(self._may_follow, slots, slots[1:])):
            return {}
        offsets = sorted({*range(0, size - 1, 2), size - 2})
        choices = []
        for offset in sorted(offsets, key=lambda at: None in slots[at : at + 2]):
            numbers = self.among(slots[offset], slots[offset + 1])
            if not numbers:
                return {}
            choices.append((self._weight(numbers), offset, numbers))
        choices.sort()
        if sum(weight for weight, _, _ in choices) > MOST_POSTINGS:
            return {}
        if size == 2 and not self.segment.deleted:
            numbers = choices[0][2]
            return {self._spelled(at): len(self.terms.posting(at)) for at in numbers}
        return self._joined([(offset, numbers) for _, offset, numbers in choices])

    def _may_follow(self, left: Slot, right: Slot) -> bool:
        """Whether two single characters stand together anywhere; of more, it is not asked here."""
        fixed = isinstance(left, str) and isinstance(right, str)
        return not fixed or bool(self.among(left, right))

    def _weight(self, numbers: list[int]) -> int:
        """About how many places the bigrams have together."""
        ends = self._ends
        begun = (ends[at - 1] & ~CHUNKED if at else 0 for at in numbers)
        return (
            sum((ends[at] & ~CHUNKED) - start for at, start in zip(numbers, begun, strict=True))
            // 2
        )

    def _spelled(self, number: int) -> str:
        return self.firsts[number] + self.seconds[number]

    def _joined(self, choices: list[tuple[int, list[int]]]) -> dict[str, int]:
        """The strings of which every pair of characters is there, found from the rarest pair on."""
        levels: list[tuple[int, dict[int, int]]] = []
        for offset, numbers in choices:
            begun: dict[int, int] = {}
            if levels:
                before, kept = levels[-1]
                wanted = {place - before + offset for place in kept}
                for number in numbers:
                    shared = wanted.intersection(self.terms.posting(number).unpack())
                    begun.update(dict.fromkeys(shared, number))
            else:
                for number in numbers:
                    begun.update(dict.fromkeys(self.terms.posting(number).unpack(), number))
            levels.append((offset, begun))
        last, final = levels[-1]
        levels.sort(key=itemgetter(0))
        counts = Counter(
            tuple([kept[place - last + offset] for offset, kept in levels])
            for place in final
            if self._is_live(place)
        )
        offsets = [offset for offset, _ in levels]
        return {self._string(offsets, key): count for key, count in counts.items()}

    def _is_live(self, place: int) -> bool:
        segment = self.segment
        return not segment.deleted or segment.document_at(place) not in segment.deleted

    def _string(self, offsets: list[int], numbers: tuple[int, ...]) -> str:
        text = ""
        for offset, number in zip(offsets, numbers, strict=True):
            text = text[:offset] + self._spelled(number)
        return text


def standing(bigrams: Sequence[Bigrams], slots: Sequence[Slot]) -> dict[str, int]:
    """The strings that fit in any of the segments, with how often each is mentioned."""
    found: dict[str, int] = {}
    for each in bigrams:
        for text, count in each.standing(slots).items():
            found[text] = found.get(text, 0) + count
    return found
