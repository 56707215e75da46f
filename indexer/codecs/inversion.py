"""Texts and words turned inside out: for each term, the sorted list of where it stands.

Each pair of term and place is one number of 64 bits, and one sort in place brings all of a term's
places together: no object is made for a token.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Tokens = array[int] | Codes


@dataclass(frozen=True, slots=True)
class Inverted:
    """The terms of one field in byte order, how long each one's list is, and the lists."""

    terms: list[bytes]
    counts: NDArray[np.int64]
    numbers: NDArray[np.uint32]


def group(
    keys: NDArray[np.uint64], low: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint32]]:
    """Splits sorted keys: their upper parts, each once; how often each came; the lower bits."""
    upper = keys >> np.uint64(low)
    fresh = np.empty(len(upper), bool)
    fresh[:1] = True
    np.not_equal(upper[1:], upper[:-1], out=fresh[1:])
    firsts = np.flatnonzero(fresh)
    counts = np.diff(firsts, append=len(upper)).astype(np.int64)
    return upper[firsts], counts, (keys & np.uint64((1 << low) - 1)).astype(np.uint32)


def bigrams(texts: Sequence[str]) -> tuple[Inverted, Codes]:
    """The bigrams of folded texts, and where each text starts (one start more than texts).

    The last character of a text makes a bigram with U+0000, which stands in no text, so that every
    character begins exactly one bigram.
    """
    joined = "\0".join(texts) + "\0" if texts else ""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    starts = np.zeros(len(texts) + 1, np.uint32)
    np.cumsum(lengths + 1, out=starts[1:])
    present = np.zeros(0x110000, bool)
    present[codes] = True
    alphabet = np.flatnonzero(present).astype(np.uint32)
    rank = np.zeros(0x110000, np.uint64)
    rank[alphabet] = np.arange(len(alphabet), dtype=np.uint64)
    places = np.flatnonzero(codes)
    width = max(1, len(alphabet).bit_length())
    low = 64 - 2 * width
    if len(codes) >> low:
        raise OverflowError("too many characters for one segment")
    keys = rank[codes[places]]
    keys <<= np.uint64(width)
    keys |= rank[codes[places + 1]]
    keys <<= np.uint64(low)
    keys |= places.astype(np.uint64)
    keys.sort()
    pairs, counts, numbers = group(keys, low)
    return Inverted(_spell(pairs, width, alphabet), counts, numbers), starts


def _spell(pairs: NDArray[np.uint64], width: int, alphabet: Codes) -> list[bytes]:
    both = np.empty((len(pairs), 2), np.uint32)
    both[:, 0] = alphabet[(pairs >> np.uint64(width)).astype(np.int64)]
    both[:, 1] = alphabet[(pairs & np.uint64((1 << width) - 1)).astype(np.int64)]
    text = both.tobytes().decode("utf-32-le", "surrogatepass")
    return [text[i : i + 2].encode("utf-8", "surrogatepass") for i in range(0, len(text), 2)]


def terms(vocabulary: Collection[str], tokens: Tokens, documents: Tokens) -> Inverted:
    """Tokens by number in `vocabulary`, each with its document, inverted; a document comes as
    often as it has the term."""
    spelled = [word.encode("utf-8", "surrogatepass") for word in vocabulary]
    order = sorted(range(len(spelled)), key=spelled.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[np.array(order, np.int64)] = np.arange(len(order), dtype=np.uint64)
    keys = rank[np.frombuffer(tokens, np.uint32)] << np.uint64(32)
    keys |= np.frombuffer(documents, np.uint32)
    keys.sort()
    ranks, counts, numbers = group(keys, 32)
    return Inverted([spelled[order[i]] for i in ranks.tolist()], counts, numbers)


def words(
    vocabulary: Collection[str], tokens: Tokens, counts: Tokens, is_word: Callable[[str], bool]
) -> tuple[Inverted, Codes]:
    """As `terms`, given how many tokens each document has, without the tokens that are no words;
    and how many words each document has."""
    kept = np.fromiter(map(is_word, vocabulary), bool, len(vocabulary))
    numbers = np.frombuffer(tokens, np.uint32)
    of = np.repeat(np.arange(len(counts), dtype=np.uint32), np.frombuffer(counts, np.uint32))
    keep = kept[numbers]
    numbers, of = numbers[keep], of[keep]
    left = np.bincount(of, minlength=len(counts)).astype(np.uint32)
    return terms(vocabulary, numbers, of), left
