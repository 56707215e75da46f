"""Sets of numbers as sorted arrays: what stands in one, or near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chabao.indexer.codecs import packing
from chabao.indexer.codecs.postings import Posting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def within(values: Ints, lows: Ints, highs: Ints) -> Ints:
    """Where values stand that lie in any of the stretches; all three are sorted."""
    firsts = np.searchsorted(values, lows)
    lasts = np.searchsorted(values, highs, "right")
    firsts[1:] = np.maximum(firsts[1:], lasts[:-1])
    return packing.runs(firsts, np.maximum(lasts - firsts, 0))


def standing_in(wanted: Ints, posting: Posting) -> NDArray[np.bool_]:
    """Which numbers stand in a packed list; both sorted."""
    numbers = posting.unpack_array()
    at = np.searchsorted(numbers, wanted.astype(np.uint32))
    at[at == len(numbers)] = 0
    found: NDArray[np.bool_] = numbers[at] == wanted
    return found
