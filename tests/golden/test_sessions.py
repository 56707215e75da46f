"""The five bundled bulletins, asked: text against text."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

golden = runpy.run_path(str(Path(__file__).with_name("sessions.py")))
SESSIONS: list[Path] = golden["SESSIONS"]


@pytest.mark.parametrize("path", SESSIONS, ids=[path.stem for path in SESSIONS])
def test_session(path: Path) -> None:
    session = path.read_text(encoding="utf-8")
    assert golden["commands"](session)
    assert golden["replayed"](session) == session, "python tests/golden/sessions.py, and read it"
