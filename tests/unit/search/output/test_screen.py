"""Colour and width: where the output goes, and what the user asked."""

from __future__ import annotations

import io
import sys

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


def test_the_pager_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pager({"PAGER": "most -s", "TERM": "xterm"}) == ["most", "-s"]
    assert pager({"PAGER": "cat", "TERM": "xterm"}) == []
    assert pager({"PAGER": "", "TERM": "xterm"}) == []
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert pager({"TERM": "xterm"}) == ([] if sys.platform == "win32" else ["less"])


@pytest.mark.parametrize("named", ["'", 'less "', "less \\"])
def test_a_pager_that_is_no_command_is_none(named: str) -> None:
    assert pager({"PAGER": named, "TERM": "xterm"}) == []


@pytest.mark.skipif(sys.platform == "win32", reason="consoles have no TERM there")
@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"TERM": ""}, {}])
def test_a_terminal_that_cannot_page_is_not_paged(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    assert pager(environ) == []
    assert pager(environ | {"PAGER": "less"}) == []
