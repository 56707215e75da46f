"""Words cut and inverted by another process, while this one does what else there is to do.

The other process is a function that happens to be elsewhere: texts go in through a pipe, their
words come out. It touches no file, so that nothing is left where it is killed, and it ends when its
input does, that is, with the process that started it, however that ended. What it could not do is
done here, so that the words, and every error, are those that there would be without it.

`multiprocessing` runs the caller's main module again, and leaves its processes behind where the
caller is killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chabao.indexer.codecs import runs

if TYPE_CHECKING:
    from chabao.indexer.codecs.runs import Words

START = (
    "import sys; sys.path[:] = sys.argv[1:]; from chabao.indexer.codecs import cutter, runs; "
    "cutter.serve(runs.words)"
)


class Cutter:
    """Cuts texts in the order in which they come; `close` ends the process."""

    def __init__(self) -> None:
        self._process = start(START) if cores() > 1 else None
        self._thread = ThreadPoolExecutor(1)

    def cut(self, texts: Sequence[str]) -> Callable[[], Words]:
        """Begins with texts; what is returned waits for their words."""
        if self._process is None:
            return lambda: runs.words(texts)
        asked = self._thread.submit(ask, self._process, texts)
        return lambda: asked.result() or runs.words(texts)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        if self._process is not None:
            # What the process has not read cannot be flushed any more.
            with suppress(OSError), self._process:
                pass


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start(code: str) -> subprocess.Popen[bytes] | None:
    """Another Python that finds the same modules and runs `code`; None where there can be none."""
    if getattr(sys, "frozen", False) or not sys.executable:
        return None
    try:
        return subprocess.Popen(  # nosec B603 # this Python, with code of ours
            [sys.executable, "-c", code, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None


def ask(process: subprocess.Popen[bytes], *asked: Any) -> Any:
    """What the function that a process serves says of arguments; None where it has ended."""
    assert process.stdin and process.stdout
    try:
        pickle.dump(asked, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        return pickle.load(process.stdout)  # nosec B301 # a pipe to a process of ours
    except (OSError, EOFError, pickle.UnpicklingError):
        return None


def serve(function: Callable[..., Any]) -> None:
    """What such a process does until its input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not come between the answers.
    os.dup2(2, 1)
    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)  # nosec B301 # a pipe from who started us
        except EOFError:
            return
        pickle.dump(function(*asked), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
