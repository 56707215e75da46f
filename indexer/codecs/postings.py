"""Sorted lists of numbers below 2³², packed: the places of a bigram, the items of a word.

A list is raw (each number in four bytes) or in chunks: numbers that share their upper half stand
together as lower halves of two bytes (the idea of Roaring bitmaps, Lemire et al. 2016):

    number of chunks · upper half of each · size of each, less one · lower halves

whichever is shorter. A number may stand twice (an item that has a word twice). Lists lie in one
section of two-byte units; `ends` gives where each ends, its top bit set where the list is chunked.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]

CHUNKED = 1 << 31
MOST = 1 << 16
"""Numbers in one chunk: its size is kept in two bytes. A list with repeats may need two chunks
for one upper half."""


class Posting:
    """One list, still packed. `len` is known without unpacking."""

    __slots__ = ("_chunks", "_length", "_units")

    def __init__(self, units: memoryview, chunked: bool) -> None:
        self._units = units
        self._chunks = units[0] if chunked else -1
        self._length = len(units) - 1 - 2 * units[0] if chunked else len(units) // 2

    def __len__(self) -> int:
        return self._length

    def _raw(self) -> memoryview:
        return self._units.cast("B").cast("I")

    def _parts(self) -> Iterator[tuple[int, memoryview]]:
        """The upper half, shifted, and the lower halves of each chunk."""
        units, chunks = self._units, self._chunks
        at = 1 + 2 * chunks
        for index in range(1, chunks + 1):
            size = units[index + chunks] + 1
            yield units[index] << 16, units[at : at + size]
            at += size

    def unpack(self) -> array[int]:
        """The numbers in order."""
        if self._chunks < 0:
            return array("I", self._raw().tobytes())
        numbers = array("I")
        for upper, lower in self._parts():
            numbers.extend(map(upper.__or__, lower))
        return numbers

    def unpack_array(self) -> Numbers:
        """The numbers in order, as a numpy array."""
        import numpy as np

        if self._chunks < 0:
            return np.frombuffer(self._units, np.uint32)
        units = np.frombuffer(self._units, np.uint16)
        chunks = self._chunks
        upper = units[1 : 1 + chunks].astype(np.uint32) << np.uint32(16)
        lower = units[1 + 2 * chunks :]
        if chunks == 1:
            only: Numbers = lower | upper[0]
            return only
        sizes = units[1 + chunks : 1 + 2 * chunks].astype(np.int64) + 1
        return joined(upper, sizes, lower)

    def finder(self) -> Finder:
        return Finder(self)


def joined(upper: Numbers, sizes: NDArray[np.int64], lower: NDArray[np.uint16]) -> Numbers:
    """Numbers of the upper halves, shifted, of chunks, the size of each, and all lower halves.

    Raises ValueError where these are not as many, before it makes room for what is not there.
    """
    import numpy as np

    if int(sizes.sum()) != len(lower):
        raise ValueError("chunks are not as long as their list")
    numbers: Numbers = np.repeat(upper, sizes)
    numbers |= lower
    return numbers


class Finder:
    """Answers whether a number is in a packed list, without unpacking it.

    Cheaper than unpacking where few numbers are looked for in a long list.
    """

    __slots__ = ("_chunked", "_lowers", "_raw", "_uppers")

    def __init__(self, posting: Posting) -> None:
        self._chunked = posting._chunks >= 0
        self._raw = memoryview(b"") if self._chunked else posting._raw()
        self._lowers: dict[int, memoryview] = {}
        for upper, lower in posting._parts() if self._chunked else ():
            known = self._lowers.get(upper)
            joined = memoryview(known.tobytes() + lower.tobytes()).cast("H") if known else lower
            self._lowers[upper] = joined

    def __contains__(self, number: int) -> bool:
        if self._chunked:
            view = self._lowers.get(number & 0xFFFF0000)
            if view is None:
                return False
            number &= 0xFFFF
        else:
            view = self._raw
        at = bisect_left(view, number)
        return at < len(view) and view[at] == number
