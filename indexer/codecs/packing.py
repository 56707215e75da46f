"""Packs and unpacks many posting lists at once (the form is that of `postings`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chabao.indexer.codecs.postings import CHUNKED, MOST, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.uint32]
    Units = NDArray[np.uint16]


def runs(starts: Integers, lengths: Integers) -> Integers:
    """start, start + 1, … for each start, as many as its length."""
    offsets = np.cumsum(lengths) - lengths
    return np.repeat(starts - offsets, lengths) + np.arange(int(lengths.sum()))


def pack(numbers: Numbers, counts: Integers) -> tuple[Units, Numbers]:
    """Packs lists that lie one after the other; `counts` are their lengths, none of them 0.

    Returns the units and the end of each list in them, flagged where the list is chunked.
    """
    if not len(counts):
        return np.zeros(0, np.uint16), np.zeros(0, np.uint32)
    starts = np.cumsum(counts) - counts
    firsts, chunks = _chunks(numbers, starts, counts)
    chunked = (1 + 2 * chunks + counts < 2 * counts) & (chunks < MOST)
    sizes = np.where(chunked, 1 + 2 * chunks + counts, 2 * counts)
    ends = np.cumsum(sizes)
    if int(ends[-1]) >= CHUNKED:
        raise OverflowError("too many postings for one segment")
    units = np.empty(int(ends[-1]), np.uint16)
    bases = ends - sizes
    raw = ~chunked
    units[runs(bases[raw], sizes[raw])] = numbers.view(np.uint16)[runs(2 * starts[raw], sizes[raw])]
    if chunked.any():
        of_chunk = np.repeat(np.arange(len(counts)), chunks)
        used = chunked[of_chunk]
        lengths = np.diff(firsts, append=len(numbers))[used]
        firsts, chunks, bases = firsts[used], chunks[chunked], bases[chunked]
        units[bases] = chunks
        units[runs(bases + 1, chunks)] = numbers[firsts] >> np.uint32(16)
        units[runs(bases + 1 + chunks, chunks)] = lengths - 1
        lower = numbers[runs(starts[chunked], counts[chunked])].astype(np.uint16)
        units[runs(bases + 1 + 2 * chunks, counts[chunked])] = lower
    return units, (ends | np.where(chunked, CHUNKED, 0)).astype(np.uint32)


def lay(numbers: Numbers, counts: Integers) -> tuple[Units, Numbers]:
    """As `pack`, every list raw: what is soon read again is not worth packing."""
    ends = 2 * np.cumsum(counts)
    if len(ends) and int(ends[-1]) >= CHUNKED:
        raise OverflowError("too many postings for one segment")
    return numbers.view(np.uint16), ends.astype(np.uint32)


def _chunks(numbers: Numbers, starts: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Where each chunk of each list begins, and how many chunks a list has."""
    upper = (numbers >> np.uint32(16)).astype(np.uint16)
    fresh = np.empty(len(numbers), bool)
    np.not_equal(upper[1:], upper[:-1], out=fresh[1:])
    fresh[starts] = True
    for index in np.flatnonzero(counts > MOST).tolist():
        fresh[int(starts[index]) : int(starts[index] + counts[index]) : MOST] = True
    return np.flatnonzero(fresh), np.add.reduceat(fresh, starts, dtype=np.int64)


def lengths(units: Units, ends: Numbers) -> Integers:
    """How long each list of a field is."""
    chunked, bases, sizes = _layout(ends)
    counts = sizes // 2
    counts[chunked] = sizes[chunked] - 1 - 2 * units[bases[chunked]].astype(np.int64)
    return counts


def _layout(ends: Numbers) -> tuple[NDArray[np.bool_], Integers, Integers]:
    """Which lists are chunked, where each begins, how many units it has."""
    plain = (ends & np.uint32(~CHUNKED & 0xFFFFFFFF)).astype(np.int64)
    bases = np.concatenate((np.zeros(1, np.int64), plain[:-1])) if len(plain) else plain
    return (ends & np.uint32(CHUNKED)) != 0, bases, plain - bases


def _lists(
    units: Units, ends: Numbers, first: int, last: int
) -> tuple[NDArray[np.bool_], Integers, Integers, Units]:
    """Of the lists `first` to `last`, at least one: `_layout`, and the units that they are in.

    Raises ValueError where lists end before they begin, or behind all there is: room is made for
    what is there alone.
    """
    before = int(ends[first - 1]) & ~CHUNKED if first else 0
    chunked, bases, sizes = _layout(ends[first:last])
    bases, sizes[0] = bases - before, sizes[0] - before
    bases[0] = 0
    after = before + int(sizes.sum())
    if sizes.min() < 0 or after > len(units):
        raise ValueError("lists have other ends")
    return chunked, bases, sizes, units[before:after]


def unpack(units: Units, ends: Numbers, first: int, last: int) -> tuple[Numbers, Integers]:
    """The lists `first` to `last` of a field, one after the other, and how long each is."""
    if first == last:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    chunked, bases, sizes, lists = _lists(units, ends, first, last)
    if not chunked.any():
        return lists.view(np.uint32).copy(), sizes // 2
    raw = ~chunked
    counts = sizes // 2
    chunks = lists[bases[chunked]].astype(np.int64)
    counts[chunked] = sizes[chunked] - 1 - 2 * chunks
    if counts.min() < 0:
        raise ValueError("more chunks than the list has room for")
    starts = np.cumsum(counts) - counts
    numbers = np.empty(int(counts.sum()), np.uint32)
    numbers.view(np.uint16)[runs(2 * starts[raw], sizes[raw])] = lists[runs(bases[raw], sizes[raw])]
    if len(chunks):
        bases = bases[chunked]
        upper = lists[runs(bases + 1, chunks)].astype(np.uint32) << np.uint32(16)
        spans = lists[runs(bases + 1 + chunks, chunks)].astype(np.int64) + 1
        lower = lists[runs(bases + 1 + 2 * chunks, counts[chunked])]
        numbers[runs(starts[chunked], counts[chunked])] = joined(upper, spans, lower)
    return numbers, counts


def together(units: Units, ends: Numbers, first: int, last: int) -> Numbers:
    """The numbers of the lists `first` to `last` of a field, in no order: sooner than `unpack`."""
    if first == last:
        return np.zeros(0, np.uint32)
    chunked, bases, sizes, lists = _lists(units, ends, first, last)
    if not chunked.any():
        return lists.copy().view(np.uint32)
    chunks = np.zeros(len(sizes), np.int64)
    chunks[chunked] = lists[bases[chunked]]
    # Of each list by turns: what is no lower half, and what is.
    parts = np.stack((sizes, np.zeros_like(sizes)), axis=1)
    parts[chunked, 0] = 1 + 2 * chunks[chunked]
    parts[:, 1] = np.where(chunked, sizes - parts[:, 0], 0)
    lower = lists[np.repeat(np.tile((False, True), len(sizes)), parts.ravel())]
    raw = lists[np.repeat(~chunked, sizes)].view(np.uint32)
    heads, chunks = bases[chunked] + 1, chunks[chunked]
    upper = lists[runs(heads, chunks)].astype(np.uint32) << np.uint32(16)
    spans = lists[runs(heads + chunks, chunks)].astype(np.int64) + 1
    return np.concatenate((raw, joined(upper, spans, lower)))
