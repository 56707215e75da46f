"""The picture in the README shows what the program prints."""

from __future__ import annotations

import runpy
from pathlib import Path

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"


def test_the_picture_is_what_the_program_prints() -> None:
    program = runpy.run_path(str(PICTURES / "draw.py"))
    drawn = (PICTURES / "search.svg").read_text(encoding="utf-8")
    assert drawn == program["draw"](program["printed"]()), "run: make picture"


def test_the_picture_shows_the_mentions() -> None:
    drawn = (PICTURES / "search.svg").read_text(encoding="utf-8")
    assert drawn.count(">川渝通办<") >= 3
