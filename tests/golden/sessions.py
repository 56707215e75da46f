"""Sessions: what is typed and what comes back. `python tests/golden/sessions.py` renews them.

A session file holds commands, each after `$ `, and under each what it prints: standard error and
standard output, 80 columns wide, then the exit code where it is not 0.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SESSIONS = sorted(FOLDER.glob("*.txt"))
SETTINGS = {"COLUMNS": "80", "PYTHONUTF8": "1", "CHABAO_LANG": "zh"}


def commands(session: str) -> list[str]:
    return [line[2:] for line in session.splitlines() if line.startswith("$ ")]


def replayed(session: str) -> str:
    """The session as it would be written today."""
    return "\n".join(f"$ {command}\n{output(command)}" for command in commands(session))


def output(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "chabao", command
    ran = subprocess.run(
        [sys.executable, "-m", "chabao", *arguments], env=os.environ | SETTINGS, cwd=FOLDER,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    code = f"[{ran.returncode}]\n" if ran.returncode else ""
    return ran.stdout.decode("utf-8").replace("\r\n", "\n") + code


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"XDG_DATA_HOME": f"{place}/data", "XDG_CACHE_HOME": f"{place}/cache"}
        for path in SESSIONS:
            now = replayed(path.read_text(encoding="utf-8"))
            path.write_text(now, encoding="utf-8", newline="\n")
