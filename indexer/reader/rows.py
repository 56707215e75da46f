"""Tables as lines: a row stays on a line, its cells parted."""

from __future__ import annotations

from collections.abc import Sequence

BETWEEN = " | "
"""White space alone would go, and make one word of the end of a cell and the start of the next."""
MOST_LINES = 8
"""Lines of a cell; one with more is a column of a page."""


def lines(cells: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a row. Each cell is its lines, without those that are empty.

    A row of which only one cell holds text, or one holds many lines, is layout: a bulletin set
    within a frame keeps its lines. Elsewhere the lines of a cell follow each other, as where a
    narrow column wraps.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or max(map(len, filled)) > MOST_LINES:
        return [line for cell in filled for line in cell]
    return [BETWEEN.join(" ".join(cell) for cell in cells).strip()]
