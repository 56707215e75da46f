"""Texts and words turned inside out: for each term, the sorted list of where it stands.

Each pair of term and place is one number of 64 bits, and one sort in place brings all of a term's
places together: no object is made for a token.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from chabao.indexer import folding

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Integers = NDArray[np.int64]
    Tokens = array[int] | Codes

UNICODE = 0x110000
"""Code points that there can be."""


@dataclass(frozen=True, slots=True)
class Inverted:
    """The terms of one field in byte order, one after the other in UTF-8, and the bytes of each;
    how long each one's list is; and the lists."""

    terms: bytes
    sizes: Integers
    counts: Integers
    numbers: NDArray[np.uint32]


def group(
    keys: NDArray[np.uint64], low: int
) -> tuple[NDArray[np.uint64], Integers, NDArray[np.uint32]]:
    """Splits sorted keys: their upper parts, each once; how often each came; the lower bits."""
    upper = keys >> np.uint64(low)
    fresh = np.empty(len(upper), bool)
    fresh[:1] = True
    np.not_equal(upper[1:], upper[:-1], out=fresh[1:])
    firsts = np.flatnonzero(fresh)
    counts = np.diff(firsts, append=len(upper)).astype(np.int64)
    return upper[firsts], counts, (keys & np.uint64((1 << low) - 1)).astype(np.uint32)


def folded(texts: Sequence[str]) -> Codes:
    """The code points of texts, folded, with U+0000 behind each; U+FFFD where it stands in one."""
    joined = "".join([text.replace("\0", "\ufffd") + "\0" for text in texts])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    found: Codes = _folding()[codes]
    return found


@cache
def _folding() -> Codes:
    """What each code point becomes: a look-up by array takes a tenth of `str.translate`."""
    table = np.arange(UNICODE, dtype=np.uint32)
    known = folding.table()
    table[list(known)] = list(known.values())
    return table


def split(codes: Codes) -> list[str]:
    """The texts that `folded` has joined."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass").split("\0")[:-1]


def bigrams(codes: Codes) -> tuple[Inverted, Codes]:
    """The bigrams of texts that `folded` has joined, and where each text starts (one start more
    than texts).

    The last character of a text makes a bigram with U+0000, which stands in no text, so that every
    character begins exactly one bigram.
    """
    starts = np.concatenate((np.zeros(1, np.uint32), np.flatnonzero(codes == 0) + 1))
    present = np.zeros(UNICODE, bool)
    present[codes] = True
    alphabet = np.flatnonzero(present).astype(np.uint32)
    rank = np.zeros(UNICODE, np.uint32)
    rank[alphabet] = np.arange(len(alphabet), dtype=np.uint32)
    width = max(1, len(alphabet).bit_length())
    low = 64 - 2 * width
    if len(codes) >> low:
        raise OverflowError("too many characters for one segment")
    ranks = rank[codes].astype(np.uint64)
    keys = ranks[:-1] << np.uint64(width)
    keys |= ranks[1:]
    keys <<= np.uint64(low)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys = keys[codes[:-1] != 0]
    keys.sort()
    found, counts, numbers = group(keys, low)
    pairs = np.empty((len(found), 2), np.uint32)
    pairs[:, 0] = alphabet[(found >> np.uint64(width)).astype(np.int64)]
    pairs[:, 1] = alphabet[(found & np.uint64((1 << width) - 1)).astype(np.int64)]
    return Inverted(*spell(pairs), counts, numbers), starts.astype(np.uint32)


def spell(pairs: Codes) -> tuple[bytes, Integers]:
    """Rows of two code points in UTF-8, one after the other, and the bytes of each."""
    text = pairs.tobytes().decode("utf-32-le", "surrogatepass")
    sizes = 1 + np.searchsorted((0x80, 0x800, 0x10000), pairs, "right")
    return text.encode("utf-8", "surrogatepass"), sizes.sum(axis=1)


def pairs(terms: bytes) -> NDArray[np.uint64]:
    """What `spell` has written, each row as one number; their order is that of the terms."""
    codes = terms.decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass")
    both = np.frombuffer(codes, np.uint32).reshape(-1, 2).astype(np.uint64)
    found: NDArray[np.uint64] = both[:, 0] << np.uint64(32) | both[:, 1]
    return found


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
    return Inverted(*join([spelled[order[i]] for i in ranks.tolist()]), counts, numbers)


def join(terms: list[bytes]) -> tuple[bytes, Integers]:
    """Terms one after the other, and the bytes of each."""
    return b"".join(terms), np.fromiter(map(len, terms), np.int64, len(terms))


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
