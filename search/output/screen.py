"""What the output is shown on: how wide it is, and whether it has colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO


class Style(StrEnum):
    """Parameters of the escape sequence; they read well on dark and on light."""

    MARK = "1;31"
    TITLE = "1"
    FAINT = "2"


@dataclass(frozen=True, slots=True)
class Screen:
    """`width` in columns; None is not a screen but a pipe, where lines are not wrapped."""

    width: int | None = None
    colour: bool = False
    height: int | None = None

    def paint(self, text: str, style: Style) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text


WIDEST = 120
"""Longer lines are hard to read, however wide the window is."""
NARROWEST = 24


def screen(stream: TextIO, color: str, environ: Mapping[str, str] = os.environ) -> Screen:
    """The screen behind `stream`; `color` is auto, always or never.

    COLUMNS counts for a pipe too, so that a session can be recorded at a fixed width.
    """
    terminal = stream.isatty()
    auto = terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    colour = color == "always" or (color == "auto" and auto)
    if colour and terminal and sys.platform == "win32":
        # an empty command is what makes the old console read escape sequences
        os.system("")  # nosec B605 B607 # nothing is run
    known = terminal or environ.get("COLUMNS", "").isdecimal()
    if known:
        import shutil

    size = shutil.get_terminal_size() if known else os.terminal_size((80, 24))
    width = min(max(size.columns, NARROWEST), WIDEST) if known else None
    return Screen(width, colour, size.lines if terminal else None)
