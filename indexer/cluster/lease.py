"""One writer at a time: whoever writes an index on a cluster says so in its state, again and again.

Clocks of machines differ, so nobody goes by another's: a writer that has said nothing for `LEASE`
seconds by the clock of who waits has ended, and one of this machine whose process is gone has ended
at once. One that only slept finds its state replaced when it wakes, and commits nothing.
"""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster import state as states
from chabao.indexer.cluster.connection import asking
from chabao.indexer.cluster.location import Location
from chabao.indexer.cluster.state import Held, State
from chabao.indexer.errors import ChabaoError, IndexBusy

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

LEASE = 30.0
"""Seconds of silence after which a writer is taken to have ended."""
BEAT = 5.0
"""Seconds between two of its signs of life."""
LOOK = 0.25, 2.0
"""Seconds between two looks of who waits, at first and at most."""
DEAD = 1000
"""Turns without a commit that are remembered; what came with older ones was swept away."""


class Lease:
    """The right to write an index; `state` is what it says of itself, `update` changes that.

    Raises IndexBusy where another writer does not end in time, later also where it was taken by
    another. `waiting` is called once if there is a wait.
    """

    def __init__(
        self,
        client: OpenSearch,
        location: Location,
        patience: float,
        waiting: Callable[[], None] | None = None,
    ) -> None:
        self._client, self._location = client, location
        self._me = {"who": uuid.uuid4().hex, "beat": 0, **_process()}
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._lost: ChabaoError | None = None
        self._held = self._taken(patience, waiting)
        threading.Thread(target=self._live, daemon=True).start()

    @property
    def state(self) -> State:
        return self._held.state

    def check(self) -> None:
        """Raises IndexBusy where the right was lost."""
        if self._lost is not None:
            raise self._lost

    def update(self, **changes: Any) -> State:
        """Replaces parts of the state, if it is still as this writer left it."""
        self.check()
        with self._lock:
            return self._write(replace(self.state, **changes)).state

    def close(self, turn: int) -> None:
        """Lets the next one write; `turn` is the last of this writer's."""
        self._ended.set()
        with self._lock:
            if self._lost is None:
                self._write(replace(self.state, turn=turn), {})

    def _write(self, wanted: State, writer: dict[str, Any] | None = None) -> Held:
        """A write that was not answered may have been carried out: what is there tells."""
        from opensearchpy.exceptions import ConflictError

        self._me["beat"] += 1
        wanted = replace(wanted, writer=dict(self._me) if writer is None else writer)
        with asking(self._location):
            while True:
                try:
                    self._held = states.replaced(self._client, self._location, self._held, wanted)
                    return self._held
                except ConflictError:
                    found = states.held(self._client, self._location)
                if found is not None and found.state == wanted:
                    self._held = found
                    return found
                if found is None or found.state.writer.get("who") != self._me["who"]:
                    self._lost = IndexBusy(path=self._location, seconds=round(LEASE))
                    raise self._lost
                self._held = found

    def _live(self) -> None:
        while not self._ended.wait(BEAT):
            try:
                with self._lock:
                    if not self._ended.is_set():
                        self._write(self.state)
            except IndexBusy:
                return
            except ChabaoError:
                continue  # perhaps the next one comes through

    def _taken(self, patience: float, waiting: Callable[[], None] | None) -> Held:
        from opensearchpy.exceptions import ConflictError

        began = time.monotonic()
        seen: tuple[Any, ...] = ()
        since, pause = began, LOOK[0]
        while True:
            with asking(self._location):
                found = states.held(self._client, self._location)
                now = time.monotonic()
                writer = found.state.writer if found else {}
                if found and writer.get("who") == self._me["who"]:
                    return found  # the answer to its own taking was lost
                sign = (writer.get("who"), writer.get("beat"))
                if sign != seen:
                    seen, since = sign, now
                if not writer or now - since > LEASE or _is_gone(writer):
                    try:
                        return self._begin(found)
                    except ConflictError:
                        continue
            if now - began > patience:
                raise IndexBusy(path=self._location, seconds=round(now - began))
            if waiting:
                waiting()
                waiting = None
            time.sleep(random.uniform(pause / 2, pause))  # nosec B311 # when to try again is no secret
            pause = min(2 * pause, LOOK[1])

    def _begin(self, found: Held | None) -> Held:
        before = found.state if found else State()
        dead = before.dead + ((before.turn,) if before.turn > before.commit else ())
        turn = before.turn + 1
        wanted = replace(before, turn=turn, dead=dead[-DEAD:], writer=dict(self._me))
        return states.replaced(self._client, self._location, found, wanted)


def _is_gone(writer: Any) -> bool:
    """Whether a process of this machine has ended. Of others, and of those in another container,
    that cannot be known."""
    here = _process()
    if not here["machine"] or writer.get("machine") != here["machine"]:
        return False
    return bool(_birth(writer.get("process", 0)) != writer.get("birth"))


def _process() -> dict[str, Any]:
    return {"machine": _machine(), "process": os.getpid(), "birth": _birth(os.getpid())}


@cache
def _machine() -> str:
    """What tells this machine, since it was started, and this container; "" where nothing does."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _birth(process: int) -> str:
    """When a process was started, in ticks of this machine; "" where there is none."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        state, *rest = said.rpartition(")")[2].split()
        return "" if state in "ZX" else rest[18]
    except (OSError, IndexError):
        return ""
