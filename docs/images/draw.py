"""Draws what the program really prints, on a grid of terminal cells: a picture a command.

Run it with `make picture`; a test compares the pictures with the program.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import east_asian_width

HERE = Path(__file__).parent
COMMANDS = {
    "search": ("search", "川渝通办", "--limit", "3"),
    "mentions": ("mentions", "川渝通办"),
    "chart": ("trend", "川渝通办", "一网通办"),
    "collocates": ("collocates", "通办", "--limit", "8"),
    "figures": ("figures", "受理", "--limit", "6"),
    "quote": ("quote", "川渝通办", "--limit", "1"),
    "reprints": ("reprints", "--limit", "1"),
}
"""What is typed for each picture."""
COLUMNS = 84
CELL, LINE, MARGIN = 8.4, 21, 18

PAPER, INK, FAINT = "#1e1f29", "#e6e6e6", "#8a8fa3"
COLOURS = {
    30: "#6b7089", 31: "#ff6b6b", 32: "#7bd88f", 33: "#ffd866",
    34: "#78a9ff", 35: "#d7a6ff", 36: "#7fdbff", 37: INK,
}  # fmt: skip
SGR = re.compile(r"\x1b\[([\d;]*)m")
WORDS = re.compile(r"\S+(?: \S+)*")


def printed(command: Sequence[str]) -> str:
    """What a command prints on a terminal that shows colours, where nothing has been indexed."""
    surroundings = {name: value for name, value in os.environ.items() if name != "CHABAO_INDEX"}
    with TemporaryDirectory() as empty:
        ran = subprocess.run(
            [sys.executable, "-m", "chabao", *command, "--color", "always"],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=surroundings
            | {"COLUMNS": str(COLUMNS), "CHABAO_LANG": "zh", "PYTHONUTF8": "1"}
            | {"XDG_DATA_HOME": empty},
        )
    return ran.stdout


def styled(line: str) -> Iterator[tuple[str, frozenset[int]]]:
    """Stretches of a line, each with the SGR codes that are on."""
    codes: frozenset[int] = frozenset()
    for n, piece in enumerate(SGR.split(line)):
        if n % 2 == 0:
            if piece:
                yield piece, codes
            continue
        for code in [int(code or 0) for code in piece.split(";")]:
            codes = codes | {code} if code else frozenset()


def cells(char: str) -> int:
    # A Chinese font draws the ambiguous ones, “ and ”, as wide as a character.
    return 2 if east_asian_width(char) in "WFA" else 1


def attributes(codes: frozenset[int]) -> str:
    fill = next((COLOURS[code % 60] for code in sorted(codes) if code % 60 in COLOURS), INK)
    faint = 2 in codes and fill == INK
    return f' fill="{FAINT if faint else fill}"' + (' font-weight="bold"' if 1 in codes else "")


def draw_line(line: str, y: float) -> Iterator[str]:
    column = 0
    for text, codes in styled(line):
        for wide, run in groupby(text, key=cells):
            piece = "".join(run)
            # Viewers fold runs of spaces, so none is drawn: what follows is placed.
            for said in WORDS.finditer(piece):
                x, width = column + wide * said.start(), wide * len(said[0])
                # A Chinese character is as wide as its font is high, and has two cells to fill.
                size = f' font-size="{wide * CELL - 1:g}"' if wide == 2 else ""
                yield (
                    f'<text x="{MARGIN + x * CELL:g}" y="{y:g}" textLength="{width * CELL:g}"'
                    f"{size}{attributes(codes)}>{escape(said[0])}</text>"
                )
            column += wide * len(piece)


def draw(command: Sequence[str]) -> str:
    """The SVG of a terminal in which a command was typed."""
    prompt, output = f"\x1b[32m$\x1b[0m chabao {' '.join(command)}", printed(command)
    lines = [prompt, "", *output.rstrip("\n").split("\n")]
    widest = max(sum(map(cells, SGR.sub("", line))) for line in lines)
    width, height = 2 * MARGIN + widest * CELL, 2 * MARGIN + len(lines) * LINE
    body = [piece for n, line in enumerate(lines) for piece in draw_line(line, 34 + n * LINE)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            "font-family=\"ui-monospace, 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', Menlo, "
            "Consolas, 'PingFang SC', 'Microsoft YaHei', monospace\" "
            'font-size="14">',
            f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
            *body,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    for name, command in COMMANDS.items():
        HERE.joinpath(f"{name}.svg").write_text(draw(command), encoding="utf-8", newline="\n")
