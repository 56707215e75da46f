"""Columns side by side, for counts: plain text that stands right at any width of character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean, fitted, width

GAP = 2


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], screen: Screen) -> Iterator[str]:
    """A line for the heads, if there are any, and one a row; numbers stand to the right, fractions
    with two places.

    On a screen that is too narrow the widest column of text gives way. In a pipe cells are parted
    by tabs.
    """
    cells = [[clean(_written(cell)) for cell in row] for row in rows]
    if screen.width is None:
        yield from ("\t".join(row) for row in [heads, *cells] if row)
        return
    lines = [heads, *cells] if heads else cells
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    numeric = [all(isinstance(row[at], int | float) for row in rows) for at in range(len(widths))]
    excess = sum(widths) + GAP * (len(widths) - 1) - screen.width
    if excess > 0 and not all(numeric):
        widest = max((at for at in range(len(widths)) if not numeric[at]), key=widths.__getitem__)
        widths[widest] = max(8, widths[widest] - excess)
    if heads:
        yield screen.paint(_row(heads, widths, numeric), Style.FAINT)
    for row in cells:
        yield _row(row, widths, numeric)


def _written(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return "" if cell is None else str(cell)


def _row(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = []
    for cell, columns, right in zip(row, widths, numeric, strict=True):
        shown = fitted(cell, columns)
        space = " " * (columns - width(shown))
        parts.append(space + shown if right else shown + space)
    return (" " * GAP).join(parts).rstrip()
