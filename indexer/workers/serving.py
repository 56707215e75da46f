"""What a worker does: files in, parts of what is said of them out, until its input ends.

It holds itself to limits that the kernel keeps even where Python cannot run: memory, processor
time, and an alarm for wall time. Whoever started it holds it to the same from outside.
"""

from __future__ import annotations

import gc
import os
import queue
import shutil
import signal
import sys
import threading
from contextlib import suppress
from typing import IO

from chabao.indexer.reader import formats
from chabao.indexer.workers import framing, limits, reading, restraint
from chabao.indexer.workers.reading import Job, Part


def serve(scratch: str) -> None:
    """Answers jobs from standard input on standard output; ends, and all that it started with it,
    when its input does. Nobody else clears `scratch` up then."""
    jobs, answers = _streams()
    waiting: queue.SimpleQueue[Part] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting, scratch), daemon=True).start()
    # What one file leaves is small beside what collecting it after each thousand objects takes.
    gc.set_threshold(50_000)
    framing.write(answers, {"ready": True})
    server = Server(answers)
    formats.announce = server.begin
    while True:
        server.answer(Job(**waiting.get()))


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes. Whatever a library reads or prints must not come between."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    return jobs, answers


def _listen(jobs: IO[bytes], waiting: queue.SimpleQueue[Part], scratch: str) -> None:
    with suppress(OSError, ValueError):
        while (job := framing.read(jobs)) is not None:
            waiting.put(job)
    # Who started this process is gone; so is, then, what this process started.
    shutil.rmtree(scratch, ignore_errors=True)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)


class Server:
    """Answers one job after another on a pipe."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._limits, self._size = limits.DEFAULT, 0

    def answer(self, job: Job) -> None:
        """Says all parts of a file, and at the end whether this process is fit for another."""
        self._size, fit = 0, True
        self.begin(formats.module_of(os.path.basename(job.path)))  # noqa: PTH119
        try:
            for part in reading.parts(job):
                self._size = part.get("size", self._size)
                self._say(part)
                restraint.hold(self._limits, self._size)
        except MemoryError:
            fit = False
            self._say({"refused": "", "reason": self._limits.memory.reason})
        restraint.release()
        self._say({"end": True, "fit": fit and not restraint.has_children()})

    def begin(self, module: str) -> None:
        """From here on the limits of a format hold, for who waits as well."""
        self._limits = limits.of(module)
        restraint.hold(self._limits, self._size)
        self._say({"format": module})

    def _say(self, part: Part) -> None:
        framing.write(self._answers, part)
