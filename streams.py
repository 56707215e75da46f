"""What a shell hands over: arguments that no locale could read, and streams that are closed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def read_arguments() -> None:
    """Begins again with UTF-8 where no locale could have read the arguments: as Python itself does,
    unless it was told not to, or the locale that is named does not exist."""
    if sys.getfilesystemencoding() == "ascii" and sys.executable and "utf8" not in sys._xoptions:
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # nosec B606 # itself


def stand_in() -> None:
    """Puts something in the place of each stream that is closed, so that no file gets its number.

    Standard input is empty, errors go nowhere; writing to standard output fails as it should.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        nowhere = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(nowhere, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def flush_or_drop() -> None:
    """Python flushes standard output once more on its way out: what cannot be written is left."""
    try:
        sys.stdout.flush()
    except OSError:
        drop_output()


def drop_output() -> None:
    """From now on standard output goes nowhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
