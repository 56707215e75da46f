"""Where in an index a string may stand that was changed: places that share its bigrams.

Each place of a bigram says where the whole string would begin, were nothing changed before it. True
places agree but for what was inserted or left out, so they are counted by narrow ranges.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from chabao.indexer.codecs.postings import Posting
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT
from chabao.search.backends.evaluation import encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POSTINGS = 400_000
"""Postings that are read for one string, the rarest bigrams' first."""
MOST_TERMS = 2_000
"""Bigrams that are looked up for one string, evenly from all of it."""
NARROW, WIDE = 24, 200
"""Characters of strings to which ranges of 4 and of 16 places suit."""


def beginnings(segment: Segment, folded: str, most: int) -> list[tuple[float, int]]:
    """Where a folded string may begin in a segment, as global places, with how much speaks for
    each; the best first, at most `most`. A place may be `blur` characters off, even before 0."""
    pieces = _pieces(segment, folded)
    if not pieces:
        return []
    size, shift = len(folded), _shift(len(folded))
    ranges = (segment.starts[segment.size] + size >> shift) + 2
    places = np.concatenate(
        [posting.unpack_array().astype(np.int64) + (size - offset) for offset, posting in pieces]
    )
    weights = np.repeat(
        [log(1 + segment.characters / len(posting)) for _, posting in pieces],
        [len(posting) for _, posting in pieces],
    )
    sums = np.bincount(places >> shift, weights, minlength=ranges).astype(np.float64, copy=False)
    return _highest(sums[:-1] + sums[1:], most, size, shift)


def _highest(
    pairs: NDArray[np.float64], most: int, size: int, shift: int
) -> list[tuple[float, int]]:
    """The highest ranges of which no two touch, as beginnings."""
    some = np.flatnonzero(pairs)
    if len(some) > 4 * most:
        some = some[np.argpartition(pairs[some], len(some) - 4 * most)[-4 * most :]]
    found: dict[int, float] = {}
    for number in some[np.lexsort((some, -pairs[some]))].tolist():
        if len(found) == most:
            break
        if number - 1 not in found and number + 1 not in found:
            found[number] = float(pairs[number])
    return [(weight, (number + 1 << shift) - size) for number, weight in found.items()]


def _pieces(segment: Segment, folded: str) -> list[tuple[int, Posting]]:
    """The rarest bigrams of a string, each with its offset in it."""
    terms, step = segment.terms(TEXT), max(1, len(folded) // MOST_TERMS)
    found = []
    for offset in range(0, len(folded) - 1, step):
        posting = terms.get(encoded(folded[offset : offset + 2]))
        if posting:
            found.append((offset, posting))
    found.sort(key=lambda piece: len(piece[1]))
    kept: list[tuple[int, Posting]] = []
    read = 0
    for offset, posting in found:
        read += len(posting)
        if read > MOST_POSTINGS and kept:
            break
        kept.append((offset, posting))
    return kept


def blur(size: int) -> int:
    """How far from its beginning a string of so many characters may be found to begin."""
    return 1 << _shift(size)


def _shift(size: int) -> int:
    """The width of a range as a power of two, wider where more may be inserted or left out."""
    if size <= NARROW:
        return 2
    return 4 if size <= WIDE else max(4, (size // 16).bit_length())
