"""One writer at a time, on a cluster that is a dictionary."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import pytest
from opensearchpy.exceptions import ConflictError, ConnectionTimeout

from chabao.indexer.cluster import lease, state
from chabao.indexer.cluster.lease import Lease
from chabao.indexer.cluster.location import Location
from chabao.indexer.cluster.state import State
from chabao.indexer.errors import IndexBusy

PLACE = Location((("nowhere", 9200),), "of-a-test")


class Document:
    """The one document of a state, with its number, as OpenSearch keeps it."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] | None = None
        self.number = 0
        self.lock = threading.Lock()
        self.lose_answers = 0

    def get(self, *, index: str, id: str, params: Any, ignore: list[int]) -> dict[str, Any]:
        assert (index, id) == ("of-a-test~state", "state")
        with self.lock:
            if self.kept is None:
                return {"found": False}
            return {"_source": dict(self.kept), "_seq_no": self.number, "_primary_term": 1}

    def index(self, *, index: str, id: str, body: Any, params: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            found = params.get("if_seq_no")
            if (self.kept is not None) if found is None else (found != self.number):
                raise ConflictError(409, "version_conflict_engine_exception", {})
            self.kept, self.number = body, self.number + 1
            if self.lose_answers:
                self.lose_answers -= 1
                return self.index_again(params)
            return {"_seq_no": self.number, "_primary_term": 1}

    def index_again(self, params: dict[str, Any]) -> dict[str, Any]:
        """What comes of a call that is sent twice, as its answer was lost: its own conflict."""
        raise ConflictError(409, "version_conflict_engine_exception", {})


TAKEN: list[Lease] = []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lease, "LOOK", (0.005, 0.02))
    monkeypatch.setattr(lease, "LEASE", 60.0)
    monkeypatch.setattr(lease, "BEAT", 0.02)
    yield
    while TAKEN:
        TAKEN.pop()._ended.set()


def take(document: Any, patience: float = 5.0, **more: Any) -> Lease:
    TAKEN.append(Lease(document, PLACE, patience, **more))
    return TAKEN[-1]


def test_a_turn_follows_the_other() -> None:
    document = Document()
    for turn in (1, 2, 3):
        held = take(document)
        assert (held.state.turn, held.state.dead) == (turn, ())
        held.update(commit=turn)
        held.close(turn)
    assert state.held(document, PLACE).state.writer == {}  # type: ignore[arg-type,union-attr]


def test_a_turn_without_a_commit_is_remembered_as_dead() -> None:
    document = Document()
    take(document).close(1)
    held = take(document)
    assert (held.state.turn, held.state.dead) == (2, (1,))
    held.close(0)  # nothing was sent
    assert take(document).state.dead == (1,)


def test_of_many_one_has_it_at_a_time() -> None:
    document, inside, most = Document(), list[int](), list[int]()

    def write(number: int) -> None:
        held = take(document, 60.0)
        inside.append(number)
        most.append(len(inside))
        threading.Event().wait(0.01)
        held.update(items=held.state.items + 1)
        inside.remove(number)
        held.close(held.state.commit)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert set(most) == {1} and document.kept and document.kept["items"] == 8


def test_who_lives_keeps_it_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look is some time behind the one before, and so is a beat, on a machine of any speed."""
    document, said, now = Document(), list[int](), [0.0]
    held = take(document)

    def sleep(_seconds: float) -> None:
        before, end = document.number, time.monotonic() + 60
        while document.number == before and time.monotonic() < end:
            time.sleep(0.001)
        now[0] += lease.LEASE / 3

    monkeypatch.setattr(lease, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    with pytest.raises(IndexBusy) as raised:
        take(document, 10 * lease.LEASE, waiting=lambda: said.append(1))
    assert said == [1] and raised.value.values["seconds"] > 10 * lease.LEASE
    held.update(commit=1)
    held.close(1)


def test_who_is_silent_has_lost_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE", 0.3)
    monkeypatch.setattr(lease, "BEAT", 1000.0)
    document = Document()
    silent = take(document)
    other = take(document, 60.0)
    assert (other.state.turn, other.state.dead) == (2, (1,))
    with pytest.raises(IndexBusy):
        silent.update(commit=1)
    with pytest.raises(IndexBusy):
        silent.check()
    silent.close(1)
    assert other.update(commit=2).commit == 2


def test_an_answer_that_was_lost_is_no_conflict() -> None:
    document = Document()
    document.lose_answers = 1
    held = take(document)
    document.lose_answers = 1
    assert held.update(items=5).items == 5
    held.check()
    held.close(0)


def test_who_cannot_say_that_it_lives_goes_on_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document()
    held, real, failed = take(document), document.index, threading.Event()

    def fail(**_: Any) -> Any:
        failed.set()
        raise ConnectionTimeout("TIMEOUT", "…", TimeoutError())

    document.index = fail  # type: ignore[method-assign]
    assert failed.wait(60)
    document.index = real  # type: ignore[method-assign]
    assert held.update(items=5).items == 5
    held.close(0)


@pytest.mark.skipif(not lease._machine(), reason="no /proc")
def test_who_was_killed_on_this_machine_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE", 1000.0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        writer = {"who": "x", "beat": 1, "machine": lease._machine(), "process": child.pid,
                  "birth": lease._birth(child.pid)}  # fmt: skip
        document = Document()
        document.kept = asdict(State(turn=1, writer=writer)) | {"dead": []}
        with pytest.raises(IndexBusy):
            take(document, 0.1)
        child.kill()
        child.wait(60)
    assert take(document, 0.1).state.turn == 2
    elsewhere = writer | {"machine": "another", "process": os.getpid()}
    document.kept = asdict(State(turn=1, writer=elsewhere)) | {"dead": []}
    with pytest.raises(IndexBusy):
        take(document, 0.1)
