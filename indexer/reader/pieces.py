"""What stands on a line of a page: pieces of text, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from chabao.indexer.folding import is_latin

WORD_GAP = 0.17
"""Ems between Latin letters or digits that are words of their own; a space has a quarter."""
WIDE_GAP = 1.0
"""Ems between any two characters that stand apart."""


@dataclass(slots=True)
class Piece:
    """What stands on a baseline without a wide gap; turned so that it runs along x."""

    text: str
    x: float
    end: float
    y: float
    size: float


@dataclass(slots=True)
class Row:
    """Pieces on one baseline."""

    y: float
    size: float
    pieces: list[Piece] = field(default_factory=list)

    @property
    def start(self) -> float:
        return min(piece.x for piece in self.pieces)

    @property
    def end(self) -> float:
        return max(piece.end for piece in self.pieces)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.size = max(self.size, piece.size)

    def text(self) -> str:
        text, end = "", 0.0
        for piece in sorted(self.pieces, key=lambda piece: piece.x):
            gap = (piece.x - end) / self.size if self.size else 0.0
            text = joined(text, piece.text, gap) if text else piece.text
            end = max(end, piece.end) if text else piece.end
        return text.strip()


def joined(before: str, after: str, gap: float) -> str:
    """Two strings that stand `gap` ems apart."""
    left, right = before[-1:], after[:1]
    if left.isspace() or right.isspace():
        return before + after
    if gap >= WIDE_GAP:
        return f"{before}  {after}"
    words = left and right and is_latin(left) and is_latin(right)
    return f"{before} {after}" if words and gap >= WORD_GAP else before + after
