"""Two texts held against each other: where one stands in the other, and what differs."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from rapidfuzz.distance import Indel, Levenshtein

from chabao.indexer.folding import fold_char, is_layout

KEPT = frozenset("%‰&@+")
"""Punctuation to Unicode, but part of what is said."""
SIGNS = frozenset("~−`")
"""No punctuation to Unicode, but written as such."""

NUMBER = re.compile(r"\d+(?:[.,．，]\d+)*|.", re.DOTALL)
"""A number, else a character."""


@dataclass(frozen=True, slots=True)
class Letters:
    """A text folded, without layout and punctuation; `offsets[i]` is the place of character i.

    Marks between two digits make numbers, and stay: a point as a point, a dash as a dash, any
    other as a comma (61.76 is not 6176, but 1、2 is 1，2).
    """

    chars: str
    offsets: array[int]


def letters(text: str) -> Letters:
    """What is compared of a text."""
    kept: list[str] = []
    offsets = array("L")
    held: tuple[str, int] | None = None
    for at, char in enumerate(text):
        folded, punctuation = _kind(char)
        if not punctuation:
            if held:
                if folded.isdecimal():
                    kept.append(_mark(held[0]))
                    offsets.append(held[1])
                held = None
            kept.append(folded)
            offsets.append(at)
        elif folded and kept and not held and kept[-1].isdecimal():
            held = (folded, at)
    return Letters("".join(kept), offsets)


@lru_cache(1 << 16)
def _kind(char: str) -> tuple[str, bool]:
    """A character folded ("" for layout), and whether it is dropped."""
    folded = "" if is_layout(char) else fold_char(char)
    return folded, not folded or is_punctuation(folded)


def _mark(char: str) -> str:
    return char if char == "." else "-" if category(char) == "Pd" or char in SIGNS else ","


def is_punctuation(folded: str) -> bool:
    """Whether a folded character is only punctuation."""
    return folded in SIGNS or (category(folded)[0] == "P" and folded not in KEPT)


def unspaced(text: str) -> str:
    """A text less layout: what has to be equal in a verbatim quotation."""
    return "".join(char for char in text if not is_layout(char))


class Pattern:
    """A string made ready to be found in others, give or take some edits.

    Myers, A fast bit-vector algorithm for approximate string matching based on dynamic programming
    (JACM 46:3, 1999), with one whole number for a column, however long the string is.
    """

    def __init__(self, chars: str) -> None:
        self.size = len(chars)
        self._masks: dict[str, int] = {}
        for at, char in enumerate(chars):
            self._masks[char] = self._masks.get(char, 0) | 1 << at

    def ending(self, text: Iterable[str], anchored: bool = False) -> tuple[int, int]:
        """The least number of edits (Levenshtein) between the string and any stretch of `text`,
        or any beginning of it if `anchored`; and where the first such stretch ends."""
        full, high, carry = (1 << self.size) - 1, 1 << self.size >> 1, int(anchored)
        more, less = full, 0
        edits, best = self.size, (self.size, 0)
        for end, char in enumerate(text, 1):
            equal = self._masks.get(char, 0)
            column = equal | less
            row = (((equal & more) + more) ^ more) | equal
            up, down = less | (full & ~(row | more)), more & row
            if up & high:
                edits += 1
            elif down & high:
                edits -= 1
            up = up << 1 | carry
            more, less = (down << 1 | (full & ~(column | up))) & full, up & column & full
            # of stretches as near, a character more: it stands for one that was replaced
            if edits < best[0] or (edits == best[0] and end == best[1] + 1):
                best = (edits, end)
        return best


def nearest(chars: str, text: str) -> tuple[int, int, int]:
    """The stretch of `text` with the fewest edits from `chars`: edits, start, end."""
    edits, end = Pattern(chars).ending(text)
    _, length = Pattern(chars[::-1]).ending(reversed(text[:end]), anchored=True)
    return edits, end - length, end


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of a difference: what the quotation says and what the source says there."""

    quoted: str
    source: str

    @property
    def same(self) -> bool:
        return self.quoted == self.source


def difference(quoted: str, source: str, numbers: bool = False) -> tuple[Change, ...]:
    """Two texts as pieces in turn equal and different, with the fewest edits (Levenshtein): of
    characters, or, where asked for, of characters and whole numbers."""
    found: list[Change] = []
    units = [NUMBER.findall(text) if numbers else list(text) for text in (quoted, source)]
    for code in Levenshtein.opcodes(*units):
        piece = Change(
            "".join(units[0][code.src_start : code.src_end]),
            "".join(units[1][code.dest_start : code.dest_end]),
        )
        if found and not piece.same and not found[-1].same:
            last = found.pop()
            piece = Change(last.quoted + piece.quoted, last.source + piece.source)
        found.append(piece)
    return tuple(found)


def distance(one: str, other: str) -> int:
    """The fewest characters replaced, inserted or deleted that make one text of the other."""
    return Levenshtein.distance(one, other)


def within(one: str, other: str, most: int) -> bool:
    """Whether at most so many characters inserted and deleted make one text of the other."""
    return bool(Indel.distance(one, other, score_cutoff=most) <= most)
