"""A quotation laid on a text: piece by piece, in order, with the fewest edits.

Pieces are what stands between ellipses, and may have anything between them. A long quotation has
none, and is cut into chunks that touch: each is looked for only where the one before leaves off, so
that time grows with its length and no faster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from chabao.search.alignment import Letters, Pattern, distance, letters, nearest, unspaced

CHUNK = 2_000
"""Letters of a chunk."""
FOREIGN = 0.5
"""The share of a chunk's letters that have to be edited where it is taken for an insertion."""

PASSED = 10_000
"""Letters of the text that may be passed over where chunks before were foreign to it."""

Stretch = tuple[int, int]


def slack(size: int) -> int:
    """How much further a passage may reach than a quotation of it, at either end."""
    return 8 + size // 4


class Fit:
    """A quotation made ready to be laid on texts.

    `pieces` is the quotation as it was written, `sizes` the letters of each piece, `touching`
    whether they are chunks.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        known = [letters(piece) for piece in pieces]
        self.touching = len(pieces) == 1 and len(known[0].chars) > CHUNK
        self.pieces = _chunks(pieces[0], known[0]) if self.touching else tuple(pieces)
        if self.touching:
            whole = known[0].chars
            self.wanted = [whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK)]
        else:
            self.wanted = [piece.chars for piece in known]
        self.size = sum(map(len, self.wanted))
        self._patterns = [] if self.touching else [Pattern(chars) for chars in self.wanted]

    def edits(self, text: str) -> int:
        """The edits between the quotation's letters and a text's where they are fewest."""
        if self.touching:
            pairs = zip(self.wanted, self.stretches(text), strict=True)
            return sum(distance(chars, text[start:end]) for chars, (start, end) in pairs)
        total = start = 0
        for pattern in self._patterns:
            edits, end = pattern.ending(text[start:] if start else text)
            total, start = total + edits, start + end
        return total

    def stretches(self, text: str) -> list[Stretch]:
        """Where each piece stands in the letters of a text; an empty stretch where it does not."""
        if self.touching:
            return self._touching(text)
        found, after = [], 0
        for chars in self.wanted:
            _, start, end = nearest(chars, text[after:])
            found.append((after + start, after + end))
            after += end
        return found

    def _touching(self, text: str) -> list[Stretch]:
        found: list[Stretch] = []
        after, passed = 0, 2 * slack(self.size)
        for chars in self.wanted:
            room = text[after : after + passed + len(chars) + slack(len(chars))]
            edits, start, end = len(chars), 0, 0
            if _common(chars, room) >= (1 - FOREIGN) * len(chars):
                edits, start, end = nearest(chars, room)
            if edits > FOREIGN * len(chars):
                passed = min(passed + len(chars), PASSED)
                found.append((after, after))
                continue
            # what the quotation leaves out before this chunk belongs to the one before
            some = any(first < last for first, last in found)
            found = [(first, last) if some else (after + start,) * 2 for first, last in found]
            if some:
                found[-1] = (found[-1][0], after + start)
            found.append((after + start, after + end))
            after, passed = after + end, 0
        return found

    def texts(self, text: str, known: Letters) -> list[Stretch]:
        """The stretches as places of the text whose letters are `known`, with as much punctuation
        about each piece as the quotation has there."""
        found = self.stretches(known.chars)
        if not self.touching:
            return [
                _closest(text, known, stretch, piece, chars)
                for stretch, piece, chars in zip(found, self.pieces, self.wanted, strict=True)
            ]
        size = len(known.offsets)
        places = [known.offsets[at] if at < size else len(text) for at, _ in found]
        end = found[-1][1]
        last = known.offsets[end - 1] + 1 if end else 0
        places.append(last + _more(text, last, known, end, self.pieces[-1]))
        first = _widened(text, known, *found[0], self.pieces[0])[0]
        return list(zip((first, *places[1:-1]), places[1:], strict=True))


def _common(one: str, other: str) -> int:
    """How many letters two texts have in common, wherever they stand: edits are at least what one
    has beyond them."""
    if len(other) < (1 - FOREIGN) * len(one):  # most often so
        return 0
    return (Counter(one) & Counter(other)).total()


def _chunks(text: str, known: Letters) -> tuple[str, ...]:
    cuts = [0, *(known.offsets[at] for at in range(CHUNK, len(known.chars), CHUNK)), len(text)]
    return tuple(text[start:end] for start, end in pairwise(cuts))


def _closest(text: str, known: Letters, found: Stretch, piece: str, chars: str) -> Stretch:
    """A stretch of letters as one of the text. What differs at its ends may have been replaced in
    the quotation, or added to it: whichever is nearer with punctuation too."""
    start, end = found
    some = known.chars[start:end]
    choices = [found]
    if 1 < len(some) <= CHUNK:
        edits = distance(chars, some)
        shorter = ((start + 1, end), (start, end - 1), (start + 1, end - 1))
        choices += [s for s in shorter if distance(chars, known.chars[slice(*s)]) == edits]
    quoted = unspaced(piece)
    stretches = [_widened(text, known, *choice, piece) for choice in choices]
    return min(stretches, key=lambda each: distance(quoted, unspaced(text[slice(*each)])))


def _widened(text: str, known: Letters, start: int, end: int, piece: str) -> Stretch:
    """A stretch of letters as one of the text, with the punctuation about it."""
    if start == end:
        at = known.offsets[start] if start < len(known.offsets) else len(text)
        return at, at
    quoted = letters(piece).offsets
    first, last = known.offsets[start], known.offsets[end - 1] + 1
    before = known.offsets[start - 1] + 1 if start else 0
    first = max(before, first - len(unspaced(piece[: quoted[0]])))
    return first, last + _more(text, last, known, end, piece)


def _more(text: str, last: int, known: Letters, end: int, piece: str) -> int:
    """How much of the punctuation behind a stretch is the quotation's too."""
    quoted = letters(piece).offsets
    room = (known.offsets[end] if end < len(known.offsets) else len(text)) - last
    return min(room, len(unspaced(piece[quoted[-1] + 1 :])))
