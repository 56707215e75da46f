"""Files to what came of them, in their order, by as many processes as there are cores.

Starting a process takes longer than reading a few small texts, which are plain enough to be read
here if their bytes say no other; everything else is read by workers.
"""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from chabao.indexer.codecs.cutter import cores
from chabao.indexer.reader import formats
from chabao.indexer.reader.document import Unreadable
from chabao.indexer.workers import reading, watching
from chabao.indexer.workers.reading import Elsewhere, Job, Outcome
from chabao.indexer.workers.worker import Unavailable, Worker

SMALL = 1 << 16
"""Bytes of a text that may be read here: a third of a second where it is all one paragraph."""
FEW = 400_000
"""Bytes of small texts that are read here together: some 0.3 s."""
MOST = 8
"""Workers, however many cores there are: each may take half a gigabyte."""
AHEAD = 32
"""Files a worker that are read before they are asked for."""
ALONE = Unreadable(reason="no other process could be started to read it in").reason


@contextmanager
def read(
    jobs: Sequence[tuple[Job, int]], processes: int | None = None
) -> Iterator[Iterator[Outcome]]:
    """What comes of each file, in order. Jobs come with the size of the file in bytes; without a
    number of processes there are as many as cores.

    No file harms this process, whatever is in it. No worker stays beyond the context.
    """
    with Pool(processes or min(cores(), MOST)) as pool:
        yield _outcomes(jobs, pool)


def _outcomes(jobs: Sequence[tuple[Job, int]], pool: Pool) -> Iterator[Outcome]:
    small = [_is_small(job, size) for job, size in jobs]
    here = sum(size for (_, size), fits in zip(jobs, small, strict=True) if fits) <= FEW
    waiting: deque[Callable[[], Outcome]] = deque()
    for (job, _), fits in zip(jobs, small, strict=True):
        waiting.append(_reader(job, pool) if fits and here else pool.submit(job))
        if len(waiting) > AHEAD * pool.size:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


def _is_small(job: Job, size: int) -> bool:
    return size <= SMALL and formats.module_of(job.path) == formats.TEXT


def _reader(job: Job, pool: Pool) -> Callable[[], Outcome]:
    def read_here() -> Outcome:
        try:
            return reading.outcome(reading.plain(job))
        except Elsewhere:
            return pool.submit(job)()

    return read_here


class Pool:
    """Up to `size` workers, each started when it is first needed, and replaced when it ends."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._threads: ThreadPoolExecutor | None = None
        self._slots: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._none = False
        self._scratch: Path | None = None

    def __enter__(self) -> Pool:
        return self

    def submit(self, job: Job) -> Callable[[], Outcome]:
        """Begins with a file as soon as a worker is free; what is returned waits for it."""
        if self._threads is None:
            self._open()
        assert self._threads
        asked = self._threads.submit(self._read, job)
        return lambda: _patiently(asked)

    def _open(self) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="chabao-"))
        self._threads = ThreadPoolExecutor(self.size)
        for _ in range(self.size):
            self._slots.put(None)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._closed.wait(watching.INTERVAL):
            with self._lock:
                workers = tuple(self._workers)
            for worker in workers:
                worker.watch()

    def _read(self, job: Job) -> Outcome:
        worker = self._slots.get()
        try:
            if worker is not None and not worker.fit:
                self._dismiss(worker)
                worker = None
            if worker is None and not self._none:
                worker = self._hire()
            if worker is not None:
                return worker.read(job)
        except Unavailable:
            self._none = True
        finally:
            self._slots.put(worker)
        if self._closed.is_set():
            return Outcome()
        # Nothing here holds a reader to its limits, and a plain text needs none.
        try:
            return reading.outcome(reading.plain(job))
        except Elsewhere:
            return Outcome(refused={"": ALONE})

    def _hire(self) -> Worker:
        assert self._scratch
        with self._lock:
            if self._closed.is_set():
                raise Unavailable
            worker = Worker(self._scratch)
            self._workers.add(worker)
        return worker

    def _dismiss(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends all workers, whatever they are at."""
        self._closed.set()
        if self._threads is None:
            return
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            workers = tuple(self._workers)
        for worker in workers:
            worker.close()
        self._threads.shutdown()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)


def _patiently(asked: Future[Outcome]) -> Outcome:
    """A result that Ctrl-C need not wait for: on Windows a lock is not interrupted."""
    while True:
        try:
            return asked.result(0.5)
        except TimeoutError:
            if asked.done():
                return asked.result()
