"""One other process that reads files, as who waits for it sees it.

It is started anew, not forked: the same on every platform, and free of what this process holds. It
has a process group of its own, so that it ends with all that it has started, and only then.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from chabao.indexer.workers import framing, limits, watching
from chabao.indexer.workers.limits import Limits
from chabao.indexer.workers.reading import CRASHED, Job, Outcome, Part

START = (
    "import sys; sys.path[:] = sys.argv[2:]; from chabao.indexer.workers import serving; "
    "serving.serve(sys.argv[1])"
)
PATIENCE = 60.0
"""Seconds that a worker may take to start."""
FILES = 1000
"""Files after which a worker is replaced: what libraries leave behind goes with it."""


class Unavailable(OSError):
    """No other process can be had."""


class Worker:
    """Reads one file after another while it is `fit`. `scratch` is where it keeps files of its own.

    Raises Unavailable where it cannot be started.
    """

    def __init__(self, scratch: Path) -> None:
        self._process = _start(scratch)
        self._lock = threading.Lock()
        self._limits = limits.DEFAULT
        self._verdict = ""
        self._deadline = time.monotonic() + PATIENCE
        self._left, self._ready = FILES, False
        self.fit = True

    def read(self, job: Job) -> Outcome:
        """What comes of a file; a reason where the worker does not survive it."""
        found = Outcome()
        size = 0
        try:
            self._greet()
            self._begin(limits.first(job.path), size)
            assert self._process.stdin
            framing.write(self._process.stdin, asdict(job))
            while not (part := self._answer()).get("end"):
                size = part.get("size", size)
                held = limits.of(part["format"]) if "format" in part else self._limits
                self._begin(held, size)
                found.take(part)
            self._left -= 1
            self.fit = bool(part["fit"]) and self._left > 0
        except (OSError, framing.Broken) as error:
            self.close()
            if isinstance(error, Unavailable):
                raise
            found.refused[""] = self._reason()
        with self._lock:
            self._deadline = float("inf")
        return found

    def _greet(self) -> None:
        """Waits for a worker that has just been started."""
        assert self._process.stdout
        if not self._ready:
            with suppress(OSError, framing.Broken):
                self._ready = framing.read(self._process.stdout) is not None
        if not self._ready:
            raise Unavailable

    def _answer(self) -> Part:
        assert self._process.stdout
        part = framing.read(self._process.stdout)
        if part is None:
            raise framing.Broken
        return part

    def _begin(self, held: Limits, size: int) -> None:
        with self._lock:
            self._limits = held
            self._deadline = time.monotonic() + held.seconds(size)

    def watch(self) -> None:
        """Ends the worker if it has taken more than it may; asked every now and then."""
        with self._lock:
            if time.monotonic() > self._deadline:
                self._end(self._limits.time.reason)
            elif watching.memory(self._process.pid) > self._limits.memory.amount:
                self._end(self._limits.memory.reason)

    def close(self) -> None:
        """Ends the worker and all that it has started."""
        with self._lock:
            self._end("")
        with suppress(OSError), self._process:
            pass
        self.fit = False

    def _end(self, verdict: str) -> None:
        # Once waited for, the number may be that of another process.
        if self._process.returncode is None:
            self._verdict = self._verdict or verdict
            watching.end(self._process)

    def _reason(self) -> str:
        """Why the worker has ended."""
        killed = {getattr(signal, name, None) for name in ("SIGXCPU", "SIGALRM")}
        if not self._verdict and -(self._process.returncode or 0) in killed:
            return self._limits.time.reason
        return self._verdict or CRASHED


def _start(scratch: Path) -> subprocess.Popen[bytes]:
    """Another Python that finds the same modules."""
    if getattr(sys, "frozen", False) or not sys.executable:
        raise Unavailable
    place = str(scratch)
    try:
        return subprocess.Popen(  # nosec B603 # this Python, with code of ours
            [sys.executable, "-c", START, place, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TMPDIR": place, "TEMP": place, "TMP": place},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except OSError as error:
        raise Unavailable from error
