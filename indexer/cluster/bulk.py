"""Many documents to a cluster: batches under way at once, and each document taken or named.

A cluster that is asked too much refuses some documents of a batch; those, and no others, are sent
again after a pause. Whoever adds waits while more than `ROOM` bytes are under way.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from chabao.indexer.cluster.connection import asking, refusal
from chabao.indexer.cluster.errors import Failure, FullCluster, Overwhelmed, Unreachable
from chabao.indexer.cluster.location import Location

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

BATCH = 2 << 20
"""Bytes of a batch, about."""
ROOM = 4 * BATCH
"""Bytes under way for each that sends."""
PATIENCE = 120.0
"""Seconds without one document taken after which a cluster is given up."""
PAUSES = 0.1, 10.0
"""Seconds of the first pause, and of the longest, at most; how long each is is left to chance, so
that those who were refused together do not come again together."""
ANSWER = 60.0
"""Seconds in which a batch must have been answered."""
PASSING = frozenset((409, 429, 502, 503, 504))
"""Statuses of a document that say: not now. 409 where it is being changed already, as when a batch
is sent again whose answer was lost."""
FILTER = "items.*._id,items.*.status,items.*.error.type,items.*.error.reason"

Line = tuple[str, bytes]
"""A document's name, and its lines in a bulk: what is to be done and, if need be, with what."""


class Bulk:
    """Sends lines to an index. `workers` batches are under way at once."""

    def __init__(
        self,
        client: OpenSearch,
        location: Location,
        workers: int,
        *,
        wait: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._client, self._location = client, location
        self._ended = threading.Event()
        self._wait, self._clock, self._chance = wait or self._ended.wait, clock, chance
        self._threads = ThreadPoolExecutor(workers)
        self._room = ROOM * workers
        self._under_way: deque[tuple[int, Future[list[Failure]]]] = deque()
        self._bytes = 0
        self.failures: list[Failure] = []

    def send(self, index: str, make: Callable[[], Sequence[Line]], size: int) -> None:
        """Begins with what `make` gives, about so many bytes; waits while there is no room."""
        while self._under_way and self._bytes + size > self._room:
            self._await()
        self._bytes += size
        self._under_way.append((size, self._threads.submit(self._all, index, make)))

    def finish(self) -> None:
        """Waits until all has been answered. Raises what came in the way; documents that were not
        taken are in `failures`."""
        while self._under_way:
            self._await()

    def close(self) -> None:
        """Ends; what has not begun is left, and what was refused not sent again."""
        self._ended.set()
        self._threads.shutdown(cancel_futures=True)
        self._under_way.clear()

    def _await(self) -> None:
        size, asked = self._under_way.popleft()
        self._bytes -= size
        self.failures += asked.result()

    def _all(self, index: str, make: Callable[[], Sequence[Line]]) -> list[Failure]:
        failures: list[Failure] = []
        batch: list[Line] = []
        size = 0
        for line in make():
            batch.append(line)
            size += len(line[1])
            if size > BATCH:
                failures += self.deliver(index, batch)
                batch, size = [], 0
        return failures + (self.deliver(index, batch) if batch else [])

    def deliver(self, index: str, lines: Sequence[Line]) -> list[Failure]:
        """Sends lines until each was taken or refused for good; returns those refused.

        Raises Unreachable or Overwhelmed where none is taken for long, FullCluster at once.
        """
        failures: list[Failure] = []
        pause, until = PAUSES[0], self._clock() + PATIENCE
        left = list(lines)
        while left and not self._ended.is_set():
            before = len(left)
            try:
                left, refused = self._once(index, left)
                failures += refused
            except (Unreachable, Overwhelmed):
                if self._clock() > until:
                    raise
            if not left:
                break
            if len(left) < before:
                pause, until = PAUSES[0], self._clock() + PATIENCE
            elif self._clock() > until:
                raise Overwhelmed(path=self._location, reason=f"{len(left)} documents refused")
            self._wait(self._chance(0, pause))
            pause = min(2 * pause, PAUSES[1])
        return failures

    def _once(self, index: str, lines: Sequence[Line]) -> tuple[list[Line], list[Failure]]:
        """The lines to send again, and the documents that were refused for good."""
        params = {"filter_path": FILTER, "request_timeout": ANSWER}
        with asking(self._location):
            said = self._client.bulk(
                body=b"".join(line for _, line in lines), index=index, params=params
            )
        again: list[Line] = []
        refused: list[Failure] = []
        for line, answer in zip(lines, said["items"], strict=True):
            (done,) = answer.values()
            status, error = done["status"], done.get("error", {})
            if status < 400:
                continue
            wrong = refusal(self._location, status, error.get("type", ""), error.get("reason", ""))
            if isinstance(wrong, FullCluster):
                raise wrong
            if status in PASSING:
                again.append(line)
            else:
                refused.append(Failure(line[0], f"{error.get('type')}: {error.get('reason')}"))
        return again, refused
