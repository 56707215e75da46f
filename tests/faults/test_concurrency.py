"""Readers beside writers, and writers that wait for each other: `benchmarks.faults.concurrency`."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("needs fork", allow_module_level=True)

from benchmarks.faults import archive as archives
from benchmarks.faults import concurrency
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


def test_who_has_just_written_waits_behind_who_waits(tmp_path: Path) -> None:
    """A writer that takes the lock again at once does not keep it from one that looks for it every
    now and then."""
    taken: list[str] = []
    done = threading.Event()

    def greedy() -> None:
        while not done.is_set():
            with WhooshSink(tmp_path):
                taken.append("greedy")
                time.sleep(3 * whoosh_.POLL)

    thread = threading.Thread(target=greedy)
    thread.start()
    try:
        while not taken:
            time.sleep(0.001)
        for _ in range(5):
            before = len(taken)
            with WhooshSink(tmp_path, patience=20):
                # Two may have begun before this one was the next.
                assert len(taken) - before <= 2
    finally:
        done.set()
        thread.join(20)
