"""Other processes that begin as copies of this one and say lines of text to it."""

from __future__ import annotations

import os
import select
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress

Say = Callable[[str], None]


class Child:
    """A process that does `work`, which is given what it says lines with; one that an error ends
    says `error` and what it was.

    `code` is what it ended with, below nought where that was a signal, None before; `killed` is
    whether that signal was ours.
    """

    def __init__(self, work: Callable[[Say], None]) -> None:
        self._ours, theirs = os.pipe()
        self._left = b""
        with warnings.catch_warnings():
            # There may be threads of numpy's, none of which is needed by a copy.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process = os.fork()
        if not self.process:
            _work(work, theirs)
        os.close(theirs)
        self.code: int | None = None
        self.killed = False

    @property
    def ended(self) -> bool:
        return self.code is not None

    def lines(self) -> list[str]:
        """What it has said since; waits for something. Nothing where it has ended."""
        data = os.read(self._ours, 1 << 16)
        if not data:
            # Its end of the pipe is closed by nothing but its end.
            self._wait()
        *whole, self._left = (self._left + data).split(b"\n")
        return [line.decode() for line in whole]

    def end(self) -> None:
        """Kills it, if it has not ended, and waits for that."""
        if not self.ended:
            self.killed = True
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def close(self) -> None:
        self.end()
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def fileno(self) -> int:
        return self._ours


def _work(work: Callable[[Say], None], pipe: int) -> None:
    """What the other process does; it has no other end than this."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        work(lambda line: _say(pipe, line))
    except BaseException:
        _say(pipe, "error " + " | ".join(traceback.format_exc().splitlines()[-3:]))
    finally:
        os._exit(0)


def _say(pipe: int, line: str) -> None:
    os.write(pipe, line.encode("utf-8", "replace") + b"\n")


def heard(children: list[Child], until: float) -> Iterator[tuple[Child, str]]:
    """What processes say, until all have ended or the time has come; children may come to the list
    meanwhile. Whoever ends says `ended`, and `error` before that where something else than we ended
    it; so does whoever has not ended when the time has come."""
    while open_ := [child for child in children if not child.ended]:
        ready, _, _ = select.select(open_, [], [], max(0.0, until - time.monotonic()))
        if not ready:
            for child in open_:
                yield child, f"error process {child.process} did not end in time"
            return
        for child in ready:
            for line in child.lines():
                yield child, line
            if child.code and not child.killed:
                yield child, f"error process {child.process} ended with {child.code}"
            if child.ended:
                yield child, "ended"
