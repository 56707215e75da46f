"""Columns of running text that stand beside each other, told from the cells of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chabao.indexer.reader.pieces import Row

COLUMN_LINES = 4
"""Lines that a column has at least."""
FILLED = 0.6
"""The share of a column's width that half of its lines fill at least; cells of tables do not."""
HANGING = 0.3
"""Ems that a line may reach over the gutter: a comma at its end hangs in it."""
BREAK = 2.6
"""Ems between baselines where one block ends and another begins, if the lines are closer."""
GUTTERS = 8
"""Places that are tried for the gap between columns."""


def blocks(rows: list[Row], deep: int = 0) -> Iterator[list[Row]]:
    """Rows parted where columns stand beside each other, in reading order."""
    gutter = None if deep > 3 else _gutter(rows)
    if gutter is None:
        yield rows
        return
    plain: list[Row] = []
    for part in _bands(rows, gutter):
        if _is_columns(part, gutter):
            if plain:
                yield plain
                plain = []
            left, right = _split(part, gutter)
            yield from blocks(left, deep + 1)
            yield from blocks(right, deep + 1)
        else:
            plain += part
    if plain:
        yield plain


def _gutter(rows: Sequence[Row]) -> float | None:
    """Where the second column begins, if there are columns."""
    pieces = [piece for row in rows for piece in row.pieces]
    sizes = sorted(piece.size for piece in pieces)
    em = sizes[len(sizes) // 2] if sizes else 0.0
    if em <= 0:
        return None
    # In scans the lines of a column begin only about below each other.
    starts: dict[int, list[float]] = defaultdict(list)
    for piece in pieces:
        starts[int(piece.x / em * 2)].append(piece.x)
    likely = sorted((found for found in starts.values() if len(found) > 2), key=len, reverse=True)
    best, most = None, 0
    for found in likely[:GUTTERS]:
        gutter = min(found) - em / 4
        bands = [band for band in _bands(rows, gutter) if _is_columns(band, gutter)]
        lines = sum(map(len, bands))
        if lines > most:
            best, most = gutter, lines
    return best


def _bands(rows: Sequence[Row], gutter: float) -> list[list[Row]]:
    """Rows cut where one reaches over the gutter, and where a wide gap parts them."""
    found: list[list[Row]] = []
    before: Row | None = None
    crossed = True
    for row in rows:
        crosses = any(
            piece.x < gutter and piece.end > gutter + HANGING * piece.size for piece in row.pieces
        )
        apart = before is not None and before.y - row.y > BREAK * max(before.size, row.size)
        if crosses or crossed or apart:
            found.append([])
        found[-1].append(row)
        before, crossed = row, crosses
    return found


def _is_columns(band: Sequence[Row], gutter: float) -> bool:
    return all(len(side) >= COLUMN_LINES and _is_filled(side) for side in _split(band, gutter))


def _split(band: Sequence[Row], gutter: float) -> tuple[list[Row], list[Row]]:
    sides: tuple[list[Row], list[Row]] = ([], [])
    for row in band:
        for at in (0, 1):
            pieces = [piece for piece in row.pieces if (piece.x >= gutter) == bool(at)]
            if pieces:
                size = max(piece.size for piece in pieces)
                sides[at].append(Row(pieces[0].y, size, pieces))
    return sides


def _is_filled(side: Sequence[Row]) -> bool:
    """Whether the lines look like running text: most reach from one edge to the other."""
    width = max(row.end for row in side) - min(row.start for row in side)
    inked = sorted(sum(piece.end - piece.x for piece in row.pieces) for row in side)
    return width > 0 and inked[len(inked) // 2] >= FILLED * width
