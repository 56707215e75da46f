"""Readers beside writers, and writers that wait for each other: `benchmarks.faults.concurrency`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("needs fork", allow_module_level=True)

from benchmarks.faults import archive as archives
from benchmarks.faults import children, concurrency
from benchmarks.faults.children import Say
from chabao.indexer import status
from chabao.indexer.codecs import toc
from chabao.indexer.sinks import whoosh_
from chabao.indexer.sinks.whoosh_ import WhooshSink

SEED = 9
READS = 20_000


def test_readers_fail_nowhere_and_writers_get_their_turn() -> None:
    tried = concurrency.run(SEED, READS, turns=8)
    assert tried.failures == []
    assert tried.trials >= READS + 64
    assert sum(tried.more["commits meanwhile"]) > 3
    assert tried.more["killed while they held the lock"] > 0
    assert tried.more["looked at what it says of itself"] == round(READS / concurrency.LOOKED)
    assert tried.more["inspected"] == round(READS / concurrency.INSPECTED)


def dies(say: Say) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def gives_up(say: Say) -> None:
    """Ends as if all were done."""


@pytest.mark.parametrize("end", [dies, gives_up])
@pytest.mark.parametrize("role", ["_reader", "_writer", "_waiter"])
def test_a_process_that_ends_before_its_time_is_found(
    monkeypatch: pytest.MonkeyPatch, role: str, end: Callable[[Say], None]
) -> None:
    """The trial can fail: one of a kind ends, by a signal or without a word."""
    real = getattr(concurrency, role)

    def ending(place: Path, at: int, *rest: Any) -> None:
        if at == 1:
            end(rest[-1])
        else:
            real(place, at, *rest)

    monkeypatch.setattr(concurrency, role, ending)
    failures = concurrency.run(SEED, 600, readers=3, queue=2, turns=2).failures
    assert failures
    assert any("-15" in each for each in failures) == (end is dies)


@pytest.mark.parametrize("role", ["_reader", "_waiter"])
def test_a_process_that_does_not_end_is_found(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    real = getattr(concurrency, role)

    def hanging(place: Path, at: int, *rest: Any) -> None:
        if at == 1:
            signal.pause()
        real(place, at, *rest)

    monkeypatch.setattr(concurrency, role, hanging)
    monkeypatch.setattr(concurrency, "HOUR", 1.0)
    failures = concurrency.run(SEED, 600, readers=3, queue=2, turns=2).failures
    assert any("did not end" in each for each in failures)


def test_it_is_known_how_a_process_ended() -> None:
    def speaks_and_dies(say: Say) -> None:
        say("here")
        dies(say)

    made = [children.Child(each) for each in (speaks_and_dies, gives_up, lambda _: signal.pause())]
    try:
        said = list(children.heard(made[:2], time.monotonic() + 60))
        said += children.heard(made, time.monotonic())
        heard = [[line.split()[0] for child, line in said if child is each] for each in made]
        assert heard == [["here", "error", "ended"], ["ended"], ["error"]]
    finally:
        for child in made:
            child.close()
    assert [(each.code, each.killed) for each in made] == [(-15, False), (0, False), (-9, True)]


def test_what_an_index_says_of_itself_is_held_against_its_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The trial can fail: the manifest that lies there is taken, whichever commit it is of."""
    real = status.manifest.read
    monkeypatch.setattr(status.manifest, "read", lambda folder, commit: real(folder, commit[0] - 1))
    monkeypatch.setattr(concurrency, "LOOKED", 5)
    failures = concurrency.run(SEED, 600, readers=2, queue=1, turns=1).failures
    assert any("status" in each for each in failures)


def test_a_reader_that_does_not_look_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: whoever opens an index gives up at once where files went meanwhile."""
    monkeypatch.setattr(toc, "REPLACED", 1)
    monkeypatch.setattr(concurrency, "OPENED", 1)
    monkeypatch.setattr(concurrency, "PAUSE", 0.0)
    with archives.place() as place, archives.small():
        for seed in range(20):
            if concurrency._read(place / str(seed), seed, 4_000, 4, 2).failures:
                return
    pytest.fail("nothing was found")


def test_who_has_just_written_waits_behind_who_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that takes the lock again at once does not keep it from one that looks for it every
    now and then."""
    taken: list[str] = []
    done = threading.Event()
    thread = threading.current_thread()
    next_at = 0

    class Lock(whoosh_.FileLock):
        def acquire(self, *how: Any, **more: Any) -> Any:
            nonlocal next_at
            found = super().acquire(*how, **more)
            if Path(self.lock_file).name == toc.LOCKS[0] and threading.current_thread() is thread:
                next_at = len(taken)
            return found

    monkeypatch.setattr(whoosh_, "FileLock", Lock)

    def greedy() -> None:
        while not done.is_set():
            with WhooshSink(tmp_path):
                taken.append("greedy")
                time.sleep(3 * whoosh_.POLL)

    other = threading.Thread(target=greedy)
    other.start()
    try:
        while not taken:
            time.sleep(0.001)
        for _ in range(5):
            with WhooshSink(tmp_path, patience=60):
                # One may have had the lock, and not said so, before this one was the next.
                assert len(taken) - next_at <= 1
    finally:
        done.set()
        other.join(60)
