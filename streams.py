"""What a shell hands over: arguments that no locale could read, and streams that are closed."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any


class Remarks(io.FileIO):
    """A file that drops what it cannot take: a remark that nobody can read harms no answer."""

    def write(self, data: Any, /) -> Any:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def read_arguments() -> None:
    """Begins again with UTF-8 where no locale could have read the arguments: as Python itself does,
    unless it was told not to, or the locale that is named does not exist."""
    if sys.getfilesystemencoding() == "ascii" and sys.executable and "utf8" not in sys._xoptions:
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # nosec B606 # itself


def stand_in() -> None:
    """Puts something in the place of each stream that is closed, so that no file gets its number.

    Standard input is empty, writing to standard output fails as it should; standard error never
    fails, whether it is closed, full or unheard.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        nowhere = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(nowhere, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    elif _is_file(sys.stderr):
        before = sys.stderr
        file = io.BufferedWriter(Remarks(before.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(file, before.encoding, before.errors, line_buffering=True)


def _is_file(stream: Any) -> bool:
    """Whether it is the process's own: no stand-in of a test, nor a console of Windows."""
    buffer = getattr(stream, "buffer", None)
    # there is no buffer between where Python was told to have none
    return stream is sys.__stderr__ and type(getattr(buffer, "raw", buffer)) is io.FileIO


def is_unwanted(error: BaseException | None) -> bool:
    """Whether whoever read standard output wants no more, and that is why writing failed."""
    number = getattr(error, "errno", None)
    if sys.platform == "win32":
        return number in (errno.EPIPE, errno.EINVAL)
    if number != errno.EPIPE:
        return False
    import select

    poll = select.poll()
    poll.register(sys.stdout, 0)
    return bool(poll.poll(0))  # nothing was asked for, so it can only be the end


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
