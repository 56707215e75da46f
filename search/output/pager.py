"""Long output, a screen at a time."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping

from chabao.search.output.screen import Screen


def pager(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command that shows long output; empty where there is none."""
    named = environ.get("PAGER")
    if named is not None:
        return [] if named.strip() in ("", "cat") else shlex.split(named)
    # Windows' more knows neither UTF-8 nor colour
    return ["less"] if sys.platform != "win32" and shutil.which("less") else []


def write(text: str, screen: Screen) -> None:
    """`text` to standard output, through the pager where it is longer than the screen."""
    command = pager() if screen.height and text.count("\n") >= screen.height else []
    if not (command and _paged(text, command)):
        sys.stdout.write(text)
        sys.stdout.flush()


def _paged(text: str, command: list[str]) -> bool:
    import subprocess

    # -R lets colours through and nothing else; bytes that are no letters must not show as <E5>
    settings = {"LESS": "FRX", "LESSCHARSET": "utf-8"} | os.environ
    try:
        with subprocess.Popen(  # nosec B603 # no shell; what the user named in PAGER
            command, stdin=subprocess.PIPE, env=settings
        ) as process:
            process.communicate(text.encode("utf-8", "replace"))
    except OSError:
        return False
    return True
