"""Texts that share most of their trigrams, and are near by a test of the caller's, joined.

No pair is missed and few are looked at: of two texts that share half of the trigrams of the one
with more of them, the rarer halves, with m trigrams more of each, have m in common, whatever the
order in which trigrams count as rare (Wang, Li and Feng, Can we beat the prefix filtering?, SIGMOD
2012). Here m is one in `EIGHTH` of the trigrams of the text with fewer, and at least one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from chabao.search.refusals import LETTERS, PAIRS, TooMuch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SIZE = 3
"""Characters of a trigram."""
EIGHTH = 8
BLOCK = 1 << 19
"""Pairs that are in memory at a time, unless one text alone has more."""

Near = Callable[[int, int], bool]
"""Whether two texts, by their numbers, are near."""


def joined(texts: Sequence[str], alike: int, near: Near) -> list[int]:
    """For each of several different texts the number of the first that it hangs together with.

    Two texts hang together if they are near, or through others. Only those are asked for, longer
    text first, that may share half of their trigrams and be `alike` per cent of each other (see
    `chabao.search.alike.near`), and only where they do not hang together yet. Raises TooMuch.
    """
    if sum(map(len, texts)) > LETTERS:
        raise TooMuch
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    lengths = np.fromiter((len(texts[at]) for at in order), np.int64, len(order))
    parents = list(range(len(texts)))
    for longer, shorter in _candidates([texts[at] for at in order], lengths, alike, parents, order):
        one, other = root(parents, order[longer]), root(parents, order[shorter])
        if one != other and near(order[longer], order[shorter]):
            parents[max(one, other)] = min(one, other)
    return [root(parents, at) for at in range(len(texts))]


def root(parents: list[int], at: int) -> int:
    """The first of those that `at` hangs together with, so far as is known."""
    while parents[at] != at:
        parents[at] = at = parents[parents[at]]
    return at


def _candidates(
    texts: Sequence[str], lengths: Ints, alike: int, parents: list[int], order: list[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of numbers of texts (sorted by length), the longer first, each pair once."""
    size = len(texts)
    keys, least = _prefixes(texts)
    owners = keys % (size + 1)
    # of each entry the partners: those of the same trigram that stand before it, but for those
    # that are too short
    shortest = -(-lengths * alike // (200 - alike))
    beginnings = np.searchsorted(lengths, shortest)
    first = np.searchsorted(keys, keys - owners + beginnings[owners])
    counts = np.arange(len(keys)) - first
    by_owner = np.argsort(owners, kind="stable")
    by_owner = by_owner[counts[by_owner] > 0]
    ends = np.cumsum(counts[by_owner])
    if len(ends) and ends[-1] > PAIRS:
        raise TooMuch
    sorted_owners = owners[by_owner]
    places = np.array(order, np.int64)
    start = 0
    while start < len(by_owner):
        before = int(ends[start - 1]) if start else 0
        stop = max(int(np.searchsorted(ends, before + BLOCK)), start + 1)
        stop = int(np.searchsorted(sorted_owners, sorted_owners[stop - 1], side="right"))
        entries = by_owner[start:stop]
        longer, shorter = _expanded(owners, entries, first[entries], counts[entries])
        roots = np.array([root(parents, at) for at in range(size)], np.int64)[places]
        apart = roots[longer] != roots[shorter]
        pairs, common = np.unique(longer[apart] * size + shorter[apart], return_counts=True)
        longer, shorter = np.divmod(pairs, size)
        enough = common >= np.minimum(least[longer], least[shorter])
        yield from zip(longer[enough].tolist(), shorter[enough].tolist(), strict=True)
        start = stop


def _expanded(owners: Ints, entries: Ints, first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Each entry's owner beside the owners of all its partners."""
    ends = np.cumsum(counts)
    steps = np.arange(int(ends[-1])) - np.repeat(ends - counts, counts)
    return np.repeat(owners[entries], counts), owners[np.repeat(first, counts) + steps]


def _prefixes(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The rarer half of the different trigrams of each text, and m more, as sorted keys: trigram
    times one more than there are texts, plus text; what only one text has is left out. And m for
    each text."""
    grams, owners = _trigrams(texts)
    size = len(texts)
    counts = np.bincount(owners, minlength=size)
    frequencies = np.bincount(grams)
    shared = frequencies[grams] > 1
    singles = counts - np.bincount(owners[shared], minlength=size)
    # numbers in order of rarity, so that one sort of one key serves
    rarity = np.empty_like(frequencies)
    rarity[np.argsort(frequencies, kind="stable")] = np.arange(len(frequencies))
    keys = owners[shared] * np.int64(len(frequencies)) + rarity[grams[shared]]
    keys.sort()
    owners, grams = np.divmod(keys, max(len(frequencies), 1))
    starts = np.searchsorted(owners, np.arange(size))
    ranks = np.arange(len(owners)) - starts[owners] + singles[owners]
    least = 1 + counts // EIGHTH
    kept = ranks < (counts // 2 + least)[owners]
    keys = grams[kept] * (size + 1) + owners[kept]
    keys.sort()
    return keys, least


def _trigrams(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The trigrams of each text, each once, as numbers from 0; and the numbers of the texts."""
    data = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(data, "<u4")
    numbers = np.arange(len(texts), dtype=np.int32)
    owners = np.repeat(numbers, np.fromiter(map(len, texts), np.int64, len(texts)))
    whole = np.flatnonzero(owners[: 1 - SIZE] == owners[SIZE - 1 :])
    grams = codes[whole].astype(np.int64)
    for later in range(1, SIZE):
        grams <<= 21
        grams |= codes[whole + later]
    owners = owners[whole]
    del whole
    order = np.argsort(grams, kind="stable")
    grams, owners = grams[order], owners[order]
    del order
    new = np.append(True, grams[1:] != grams[:-1])[: len(grams)]
    once = new | np.append(True, owners[1:] != owners[:-1])[: len(grams)]
    grams = (np.cumsum(new) - 1)[once]
    return grams, owners[once].astype(np.int64)
