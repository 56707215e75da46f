"""The pictures show what the program prints."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"
PROGRAM = runpy.run_path(str(PICTURES / "draw.py"))


@pytest.mark.parametrize("name", PROGRAM["COMMANDS"])
def test_a_picture_is_what_the_program_prints(name: str) -> None:
    drawn = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn == PROGRAM["draw"](PROGRAM["COMMANDS"][name]), "run: make picture"


def test_the_picture_shows_the_mentions() -> None:
    drawn = (PICTURES / "search.svg").read_text(encoding="utf-8")
    assert drawn.count(">川渝通办<") >= 3
