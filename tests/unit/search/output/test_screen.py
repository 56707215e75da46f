"""Colour and width: where the output goes, and what the user asked."""

from __future__ import annotations

import io

import pytest

from chabao.search.output.pager import pager
from chabao.search.output.screen import Screen, Style, screen


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "color", "environ", "coloured"),
    [
        (Terminal(), "auto", {}, True),
        (Terminal(), "auto", {"NO_COLOR": "1"}, False),
        (Terminal(), "auto", {"NO_COLOR": ""}, True),
        (Terminal(), "auto", {"TERM": "dumb"}, False),
        (Terminal(), "never", {}, False),
        (Terminal(), "always", {"NO_COLOR": "1"}, True),
        (io.StringIO(), "auto", {}, False),
        (io.StringIO(), "always", {}, True),
    ],
)
def test_colour(stream: io.StringIO, color: str, environ: dict[str, str], coloured: bool) -> None:
    assert screen(stream, color, environ).colour is coloured


def test_a_pipe_has_no_width_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    assert screen(io.StringIO(), "auto", {}).width is None
    assert screen(io.StringIO(), "auto", {"COLUMNS": "90"}).width == 90
    monkeypatch.setenv("COLUMNS", "400")
    assert screen(Terminal(), "auto", {}).width == 120


def test_nothing_is_painted_without_colour() -> None:
    assert Screen().paint("川", Style.MARK) == "川"
    assert Screen(colour=True).paint("", Style.MARK) == ""


def test_the_pager_is_the_users() -> None:
    assert pager({"PAGER": "most -s"}) == ["most", "-s"]
    assert pager({"PAGER": "cat"}) == []
    assert pager({"PAGER": ""}) == []
