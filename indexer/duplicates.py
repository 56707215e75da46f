"""Which of two documents says again what the other says: copies, and the same issue in two formats.

A document is a copy of a better one if both are the same issue (publisher, and number or date) and
nearly all of its text stands in the better one; or if nothing says which issue one of them is, and
both say the same throughout. What the better one has beyond it does not matter, what it has beyond
the better one does: nothing is to be lost. Extraction scatters small differences (page furniture,
cells in another order), an edited issue has a passage of its own, so the longest stretch counts
that stands nowhere in the better one, beside the share.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from chabao.indexer.manifest import Part

SHINGLE = 5
"""Letters of a shingle: a text is compared by its sequences of so many."""
SHARE = 0.9
"""Of a copy's shingles, at least so many are in the better one."""
STRETCH = 60
"""Letters in a row that a copy may have and the better one has not: a long sentence."""
SHORT = 100
"""Letters below which nameless texts agree by chance."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An indexed document: its file, and its place in the order of copies, the best first."""

    file: str
    key: tuple[int, str, int]
    part: Part


class Register:
    """Which documents are indexed, and which files have copies of them."""

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}
        self._named: dict[str, set[str]] = defaultdict(set)
        self._copies: dict[str, set[str]] = defaultdict(set)

    def __contains__(self, source: str) -> bool:
        return source in self._standing

    def stand(self, standing: Standing) -> None:
        """A document is indexed."""
        self._standing[standing.part.source] = standing
        for name in _names(standing.part):
            self._named[name].add(standing.part.source)

    def copied(self, source: str, file: str) -> None:
        """A file has a copy of an indexed document."""
        self._copies[source].add(file)

    def fall(self, source: str) -> set[str]:
        """A document is indexed no more; returns the files that have copies of it."""
        standing = self._standing.pop(source)
        for name in _names(standing.part):
            self._named[name].discard(source)
        return self._copies.pop(source, set())

    def rivals(self, part: Part) -> list[Standing]:
        """Indexed documents that a document may be a copy of, or the other way round, the best
        first."""
        sources = {source for name in _names(part) for source in self._named.get(name, ())}
        found = map(self._standing.__getitem__, sources - {part.source})
        return sorted(found, key=lambda each: each.key)


def _names(part: Part) -> tuple[str, ...]:
    """What a document shares with its copies: the issue, or the text."""
    return tuple(filter(None, (part.issue and "issue " + part.issue, part.text)))


def is_copy(part: Part, letters: str, better: Part, better_letters: str) -> bool:
    """Whether a document is a copy of a better one, given the folded letters and digits of both."""
    if part.issue and better.issue:
        return part.issue == better.issue and is_told(letters, better_letters)
    return letters == better_letters and len(letters) >= SHORT


def shingles(letters: str) -> set[str]:
    """The sequences of five letters that a text has; the text itself where it is shorter."""
    return {letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1))}


def is_told(letters: str, better: str) -> bool:
    """Whether nearly all of a text stands in a better one. Both are folded letters and digits."""
    if letters == better:
        return True
    if not letters:
        return False
    known = shingles(better)
    longest = stretch = missing = 0
    count = max(1, len(letters) - SHINGLE + 1)
    for at in range(count):
        stretch = 0 if letters[at : at + SHINGLE] in known else stretch + 1
        missing += stretch > 0
        longest = max(longest, stretch)
    return missing <= (1 - SHARE) * count and longest < STRETCH
