"""Packed lists, one at a time and many at once: both equal the lists."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.codecs import packing
from chabao.indexer.codecs.postings import CHUNKED, MOST, Posting

NUMBERS = (
    st.integers(0, (1 << 32) - 1)
    | st.integers(0, 70)
    | st.integers(65_500, 65_600)
    | st.integers(1 << 31, (1 << 31) + 9)
)
LISTS = st.lists(st.lists(NUMBERS, min_size=1, max_size=40).map(sorted), max_size=8)


def packed(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    numbers = np.array([number for each in lists for number in each], np.uint32)
    return packing.pack(numbers, np.array([len(each) for each in lists], np.int64))


def postings(lists: list[list[int]]) -> list[Posting]:
    units, ends = packed(lists)
    view, found, start = memoryview(units), [], 0
    for end in ends.tolist():
        found.append(Posting(view[start : end & ~CHUNKED], bool(end & CHUNKED)))
        start = end & ~CHUNKED
    return found


def check(lists: list[list[int]]) -> None:
    units, ends = packed(lists)
    assert packing.lengths(units, ends).tolist() == [len(each) for each in lists]
    for first in range(0, len(lists) + 1):
        for last in range(first, len(lists) + 1):
            numbers, counts = packing.unpack(units, ends, first, last)
            assert counts.tolist() == [len(each) for each in lists[first:last]]
            assert numbers.tolist() == [number for each in lists[first:last] for number in each]
            together = packing.together(units, ends, first, last)
            assert sorted(together.tolist()) == sorted(numbers.tolist())
            together.sort()  # the caller may, where they are
    for posting, each in zip(postings(lists), lists, strict=True):
        assert len(posting) == len(each)
        assert posting.unpack().tolist() == each
        assert posting.unpack_array().tolist() == each
        finder = posting.finder()
        some = each[:200] + each[-200:]
        there = set(each)
        for number in {number + step for number in some for step in (-1, 0, 1)}:
            if number not in range(1 << 32):
                continue
            assert (number in finder) is (number in there), number


@given(LISTS)
def test_lists_survive(lists: list[list[int]]) -> None:
    check(lists)


@pytest.mark.parametrize(
    "numbers",
    [
        range(MOST), range(MOST - 1), range(MOST + 1), range(5, 3 * MOST + 5),
        sorted([*range(MOST), *range(MOST)]), [9] * (2 * MOST + 1),
        sorted([*range(100), *[50] * MOST, *range(100)]), range(0, 1 << 32, 1 << 17),
    ],
    ids=["one chunk", "one less", "one more", "many", "twice", "one number", "repeats", "sparse"],
)  # fmt: skip
def test_long_lists_survive(numbers: object) -> None:
    each = list(numbers)  # type: ignore[call-overload]
    check([[3, 4, 5], each, [1 << 30]])


def test_a_dense_list_takes_two_bytes_a_number() -> None:
    dense = list(range(0, 200_000, 3))
    units, ends = packed([dense])
    assert int(ends[0]) & CHUNKED
    assert len(units) < len(dense) + 20


@given(LISTS)
def test_lists_that_are_laid_down_unpacked_survive(lists: list[list[int]]) -> None:
    numbers = np.array([number for each in lists for number in each], np.uint32)
    sizes = [len(each) for each in lists]
    units, ends = packing.lay(numbers, np.array(sizes, np.int64))
    assert len(units) == 2 * len(numbers)
    for first in range(len(lists) + 1):
        found, counts = packing.unpack(units, ends, first, len(lists))
        assert counts.tolist() == sizes[first:]
        assert found.tolist() == [number for each in lists[first:] for number in each]
        # The caller may sort them where they are.
        found.sort()


def test_no_lists_are_nothing() -> None:
    units, ends = packed([])
    assert len(units) == len(ends) == 0
    assert packing.lengths(units, ends).tolist() == []


def test_many_short_lists_survive() -> None:
    random = Random(3)
    lists = [sorted(random.choices(range(1 << 20), k=random.randint(1, 9))) for _ in range(3000)]
    units, ends = packed(lists)
    numbers, counts = packing.unpack(units, ends, 1000, 2000)
    assert counts.tolist() == [len(each) for each in lists[1000:2000]]
    assert numbers.tolist() == [number for each in lists[1000:2000] for number in each]


FORGED: list[Callable[[np.ndarray, np.ndarray], object]] = [  # type: ignore[type-arg]
    lambda units, ends: units[41:81].fill(MOST - 1),
    lambda units, ends: units[:1].fill(MOST - 1),
    lambda units, ends: ends.__iadd__(np.uint32(1 << 22)),
    lambda units, ends: ends[1:].__iadd__(np.uint32(1 << 22)),
    lambda units, ends: ends[-1:].__iadd__(np.uint32(1 << 22)),
    lambda units, ends: ends[:1].__isub__(np.uint32(200)),
]


@pytest.mark.parametrize(
    "forge", FORGED, ids=["sizes", "chunks", "ends", "others", "last", "short"]
)
def test_lists_that_are_forged_take_no_memory(
    forge: Callable[[np.ndarray, np.ndarray], object],  # type: ignore[type-arg]
) -> None:
    each = [(upper << 16) + lower for upper in range(40) for lower in range(3)]
    units, ends = packed([each, [7], each, each])
    assert ends[0] & CHUNKED and units[0] == 40
    units, ends = units.copy(), ends.copy()
    forge(units, ends)
    alone = Posting(memoryview(units)[: int(ends[0]) & ~CHUNKED], chunked=True)
    whole = [
        lambda: packing.together(units, ends, 0, len(ends)),
        lambda: packing.unpack(units, ends, 0, len(ends)),
    ]
    tracemalloc.start()
    try:
        for unpack in [*whole, alone.unpack_array]:
            with suppress(ValueError, IndexError):
                unpack()
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    for unpack in whole:
        with pytest.raises((ValueError, IndexError)):
            unpack()
