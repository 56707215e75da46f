"""Programs that are taken, and those that only lie in the folder one is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from chabao.indexer import installed
from chabao.indexer.reader import formats, office


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks into the current folder before anywhere else, as Windows does."""
    monkeypatch.setattr(
        "shutil.which", lambda name: name if "/" in name else f"./{name}" if name != "vim" else None
    )


@pytest.mark.usefixtures("windows")
def test_what_lies_in_the_folder_one_is_in_is_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PLACES", ())
    assert installed.which("vim") is None
    assert installed.which("soffice") is None
    assert office.installed() is None
    assert "soffice" not in formats.readers()


@pytest.mark.usefixtures("windows")
def test_what_is_named_with_its_folder_is_meant() -> None:
    assert installed.which("./mine") == "./mine"
    assert installed.which("/opt/mine") == "/opt/mine"


def test_an_empty_folder_of_the_path_is_the_one_one_is_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert installed.which("soffice") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed.which("soffice") == str(tmp_path / "soffice")
