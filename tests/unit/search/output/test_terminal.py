"""The progress bar: silent while nothing takes long, safe whatever its title holds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chabao.search.output import terminal
from chabao.search.output.terminal import ProgressBar


@dataclass
class Step:
    done: int
    total: int = 10


def test_what_is_quick_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("indexing", shown=True) as bar:
        bar(Step(10))
    assert capsys.readouterr().err == ""


def test_what_takes_long_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    with ProgressBar("[/川渝]", shown=True) as bar:
        bar(Step(3))
        bar(Step(10))
    said = capsys.readouterr().err
    assert "[/川渝]" in said
    assert "10/10" in said


def test_a_pipe_gets_no_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    with ProgressBar("indexing") as bar:
        bar(Step(3))
    assert capsys.readouterr().err == ""
