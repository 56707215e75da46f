"""Drawings of the warm times, as SVG: an engine a colour, a kind of question a column."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.queries import KINDS

Run = dict[str, Any]
COLOURS = {
    "chabao": "#c8102e",
    "tantivy": "#1f77b4",
    "fts5": "#2ca02c",
    "fts5-trigram": "#98df8a",
    "xapian": "#9467bd",
    "xapian-ngram": "#c5b0d5",
    "groonga": "#ff7f0e",
    "whoosh3": "#7f7f7f",
    "ripgrep": "#8c564b",
    "bm25s": "#17becf",
}
LEFT, TOP, COLUMN, HEIGHT, KEY = 60, 50, 64, 420, 130
LEAST, MOST = 0.005, 500.0
"""Milliseconds at the foot and the head of the scale."""


def drawings(runs: list[Run]) -> dict[str, str]:
    """File name to SVG, one a scale."""
    return {f"{run['scale']}x.svg": drawing(run) for run in runs}


def height(value: float) -> float:
    """Where a time stands on the logarithmic scale, in pixels from the top."""
    share = math.log(min(max(value, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return TOP + HEIGHT * (1 - share)


def drawing(run: Run) -> str:
    width = LEFT + COLUMN * len(KINDS) + KEY
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + HEIGHT + 40}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        text(LEFT, 24, f"p50 ms a question, {run['documents']:,} paragraphs (less is better)"),
        *grid(width),
        *columns(),
        *dots(run),
        *key(run, width),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


def grid(width: int) -> Iterator[str]:
    for value in (0.01, 0.1, 1, 10, 100):
        y = height(value)
        ends = f'x1="{LEFT}" x2="{width - KEY}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line {ends} stroke="#ddd"/>'
        yield text(LEFT - 8, y + 4, f"{value:g}", 'text-anchor="end"')


def columns() -> Iterator[str]:
    for place, kind in enumerate(KINDS):
        x = LEFT + COLUMN * (place + 0.5)
        yield text(x, TOP + HEIGHT + 20, kind, 'text-anchor="middle"')


def dots(run: Run) -> Iterator[str]:
    for name, told in sorted(run["engines"].items(), key=lambda at: at[0] == "chabao"):
        size = 6 if name == "chabao" else 4
        for place, kind in enumerate(KINDS):
            if taken := told["warm"].get(kind):
                shift = (list(COLOURS).index(name) - len(COLOURS) / 2) * 4
                x, y = LEFT + COLUMN * (place + 0.5) + shift, height(taken["p50"])
                title = f"<title>{name}, {kind}: {taken['p50']:.3g} ms</title>"
                mark = f'cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{COLOURS[name]}"'
                yield f"<circle {mark}>{title}</circle>"


def key(run: Run, width: int) -> Iterator[str]:
    for place, name in enumerate(run["engines"]):
        y = TOP + 20 * place + 10
        yield f'<circle cx="{width - KEY + 15}" cy="{y}" r="5" fill="{COLOURS[name]}"/>'
        yield text(width - KEY + 26, y + 4, name)
