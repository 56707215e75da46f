"""Strings with their places on a page to lines in reading order: pure geometry, any unit.

Lines stay as they are printed. Columns are read one after the other where they look like columns
of running text; the cells of a table row stay on a line. Text that runs down or up the page (a
quarter turn, vertical writing) is read for itself, after the rest. Slanted text is a watermark or
a stamp and is left out, unless the page holds nothing else.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chabao.indexer.reader.columns import blocks
from chabao.indexer.reader.pieces import Piece, Row, joined


@dataclass(frozen=True, slots=True)
class Run:
    """A string as drawn: baseline from (x, y) to (x_end, y_end), size of type, all in points.

    y grows upwards. `vertical` is text that is written downwards with upright characters;
    `angle` is how far the characters are turned, in degrees, counter-clockwise.
    """

    text: str
    x: float
    y: float
    x_end: float
    y_end: float
    size: float
    vertical: bool = False
    angle: float = 0.0


INDENT = "\u3000\u3000"
SLANT = 3.0
"""Degrees off a quarter turn from which text is slanted."""
SAME_LINE = 0.5
"""Ems between baselines of one line: an index is raised by a third of an em."""
JOINED = 0.6
"""Ems between strings of one piece; justified Chinese lines have gaps of up to half an em."""
FITTING = 0.2
"""Ems into which a character fits: what is drawn in another font may come later, and fill them."""
INDENTED = (1.5, 3.2)
"""Ems by which the first line of a paragraph is indented."""


def lines(runs: Iterable[Run]) -> list[str]:
    """The lines of a page, top to bottom, without white space at their ends."""
    turned: dict[int | None, list[Run]] = defaultdict(list)
    for run in _once(runs):
        turned[_quarter(run)].append(run)
    slanted = turned.pop(None, [])
    if not any(run.text.strip() for group in turned.values() for run in group):
        turned = {0: slanted}
    found: list[str] = []
    for quarter in sorted(turned, key=lambda key: -sum(len(run.text) for run in turned[key])):
        pieces = _pieces(turned[quarter], quarter or 0)
        for block in blocks(_rows(pieces)):
            found += _lines(block)
    return found


def _once(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs without those drawn again in the same place, to look bold or to cast a shadow."""
    seen: set[tuple[str, int, int]] = set()
    for run in runs:
        x, y = round(run.x), round(run.y)
        near = ((run.text, x + i, y + j) for i in (0, -1, 1) for j in (0, -1, 1))
        if not run.text.isspace() and any(place in seen for place in near):
            continue
        seen.add((run.text, x, y))
        yield run


def _quarter(run: Run) -> int | None:
    """Quarter turns of a run's baseline, counter-clockwise; None for slanted text."""
    turns = round(run.angle / 90)
    if abs(run.angle - turns * 90) > SLANT:
        return None
    return (turns + (3 if run.vertical else 0)) % 4


def _pieces(runs: Sequence[Run], quarter: int) -> list[Piece]:
    """Runs as pieces along x; those that go on where the one before ended are one piece."""
    cos, sin = ((1, 0), (0, -1), (-1, 0), (0, 1))[quarter]
    drawn: list[Piece] = []
    for run in runs:
        x, y = run.x * cos - run.y * sin, run.x * sin + run.y * cos
        end = run.x_end * cos - run.y_end * sin
        drawn.append(Piece(run.text, min(x, end), max(x, end), y, run.size))
    gaps = _Gaps(drawn)
    found: list[Piece] = []
    for piece in drawn:
        if not found or gaps.is_filled(found[-1], piece) or not _append(found[-1], piece):
            found.append(piece)
    return found


class _Gaps:
    """What else is drawn between two strings of a line: quotes of another font, mostly."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._middles: dict[int, list[float]] = defaultdict(list)
        for piece in sorted(pieces, key=lambda piece: piece.x + piece.end):
            if piece.text.strip():
                self._middles[round(piece.y)].append((piece.x + piece.end) / 2)

    def is_filled(self, piece: Piece, more: Piece) -> bool:
        if more.x - piece.end < FITTING * more.size:
            return False
        middles = self._middles.get(round(more.y), [])
        at = bisect_left(middles, piece.end)
        return at < len(middles) and middles[at] < more.x


def _append(piece: Piece, more: Piece) -> bool:
    """Joins a piece to the one before it on the line, if they touch."""
    size = max(piece.size, more.size)
    gap = more.x - piece.end
    if abs(more.y - piece.y) > SAME_LINE * size or not -JOINED * size <= gap <= JOINED * size:
        return False
    if more.x < piece.x:
        return False
    piece.text = joined(piece.text, more.text, gap / size if size else 0.0)
    piece.end = max(piece.end, more.end)
    if more.size > piece.size:
        piece.y, piece.size = more.y, more.size
    return True


def _rows(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces by baseline, top to bottom."""
    found: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        if not piece.text.strip():
            continue
        last = found[-1] if found else None
        if last and last.y - piece.y <= SAME_LINE * min(last.size, piece.size):
            last.add(piece)
        else:
            found.append(Row(piece.y, piece.size, [piece]))
    return found


def _lines(block: Sequence[Row]) -> Iterator[str]:
    """The texts of rows; first lines of paragraphs are indented as in a text file."""
    starts = Counter(round(row.start) for row in block)
    often = [x for x, times in starts.items() if times >= max(2, len(block) // 10)]
    left = min(often, default=math.inf)
    for row in block:
        indent = (row.start - left) / row.size if row.size else 0.0
        text = row.text()
        if text:
            yield INDENT + text if INDENTED[0] <= indent <= INDENTED[1] else text
