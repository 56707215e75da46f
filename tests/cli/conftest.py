"""The program as a process, with an index of the bundled bulletins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def chabao(tmp_path: Path) -> Run:
    """Runs `chabao ARGUMENTS`; keywords are variables of the environment."""

    def run(
        *arguments: str, stdin: bytes = b"", **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "chabao", *arguments],
            input=stdin, capture_output=True, cwd=tmp_path, timeout=120,
            env=os.environ | {"PYTHONUTF8": "1"} | variables,
        )  # fmt: skip

    return run
