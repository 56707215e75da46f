"""An example shows what it is one of, and is never wider than its place."""

from __future__ import annotations

import re

import pytest

from chabao.search.output.examples import Example, exemplified, line
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.query import Span

TEXT = "前一句。为深化“放管服”改革，全力推动“川渝通办”事项落地。后一句。"
MARK = Span(TEXT.index("川渝通办"), TEXT.index("川渝通办") + 4)
NEAR = Span(TEXT.index("推动"), TEXT.index("推动") + 2)
FAR = Span(TEXT.index("深化"), TEXT.index("深化") + 2)


@pytest.mark.parametrize("beside", [NEAR, FAR, MARK])
@pytest.mark.parametrize("colour", [False, True])
def test_it_fits_and_holds_the_mark(beside: Span, colour: bool) -> None:
    marked = "\x1b[1;31m川渝通办\x1b[0m" if colour else "【川渝通办】"
    for columns in range(12, 90):
        shown = line(Example(TEXT, MARK, beside), columns, Screen(80, colour))
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert width(plain) <= columns
        assert marked in shown or columns < 16
        assert TEXT[beside.start : beside.end] in plain or columns < 26


def test_what_stands_far_off_is_drawn_near() -> None:
    assert line(Example(TEXT, MARK, FAR), 26, Screen(80)) == "深化…【川渝通办】"
    before = Example(TEXT, FAR, MARK)
    assert line(before, 26, Screen(80)) == "【深化】…川渝通办"


def test_a_sentence_is_not_left_to_the_left() -> None:
    assert "前一句" not in line(Example(TEXT, FAR, FAR), 80, Screen(80))


def test_a_pipe_gets_tabs_and_a_narrow_screen_no_example() -> None:
    example = Example(TEXT, MARK, NEAR)
    piped = list(exemplified(("word", "count"), [("推动", 3)], [example], Screen()))
    assert piped[0].split("\t") == ["word", "count", "example"]
    assert piped[1].startswith("推动\t3\t") and "【川渝通办】" in piped[1]
    narrow = list(exemplified(("word", "count"), [("推动", 3)], [example], Screen(24)))
    assert all(width(row) <= 24 for row in narrow) and "【" not in narrow[1]


def test_no_text_steers_the_terminal() -> None:
    text = "甲\x1b[2J乙\u202e丙"
    for beside in (Span(0, 1), Span(7, 8)):
        shown = line(Example(text, Span(5, 6), beside), 40, Screen(80))
        assert "\x1b" not in shown and "\u202e" not in shown
