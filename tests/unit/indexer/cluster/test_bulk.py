"""Batches to a cluster that is not there: what it would answer is made up, and so is the time."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from chabao.indexer.cluster import bulk
from chabao.indexer.cluster.bulk import Bulk, Line
from chabao.indexer.cluster.errors import Failure, FullCluster, Overwhelmed, Unreachable
from chabao.indexer.cluster.location import Location

PLACE = Location((("nowhere", 9200),), "of-a-test")
Verdict = Callable[[str, int], tuple[int, str]]
"""A document's name, and how often it was sent: the status, and what it is called."""


class Cluster:
    """Answers as OpenSearch does; each document is taken, or refused as `verdict` says."""

    def __init__(self, verdict: Verdict, fails: list[Exception | None] | None = None) -> None:
        self.verdict, self.fails = verdict, fails or []
        self.sent: Counter[str] = Counter()
        self.taken: set[str] = set()
        self.batches: list[list[str]] = []
        self.lock = threading.Lock()

    def bulk(self, *, body: bytes, index: str, params: dict[str, Any]) -> Any:
        assert index == "x~1" and params["request_timeout"] > 0
        names = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        with self.lock:
            self.batches.append(names)
            if self.fails and (error := self.fails.pop(0)):
                raise error
            return {"items": [{"index": self.answer(name)} for name in names]}

    def answer(self, name: str) -> dict[str, Any]:
        self.sent[name] += 1
        status, kind = self.verdict(name, self.sent[name])
        if status < 400:
            self.taken.add(name)
            return {"_id": name, "status": status}
        return {"_id": name, "status": status, "error": {"type": kind, "reason": f"{kind} it is"}}


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lines(count: int, size: int = 10) -> list[Line]:
    made = []
    for number in range(count):
        name = f"d{number}"
        text = json.dumps({"index": {"_id": name}}) + "\n" + json.dumps({"a": "x" * size}) + "\n"
        made.append((name, text.encode()))
    return made


def sender(cluster: Cluster, clock: Clock, workers: int = 1) -> Bulk:
    chance = Random(7).uniform
    client: Any = cluster
    return Bulk(client, PLACE, workers, wait=clock.wait, clock=clock.time, chance=chance)


def taken(_name: str, _times: int) -> tuple[int, str]:
    return 201, ""


def test_only_what_was_refused_is_sent_again(clock: Clock) -> None:
    chance = Random(3)

    def busy(_name: str, _times: int) -> tuple[int, str]:
        return (429, "rejected_execution_exception") if chance.random() < 0.4 else (201, "")

    cluster = Cluster(busy)
    assert sender(cluster, clock).deliver("x~1", lines(200)) == []
    assert len(cluster.taken) == 200
    for before, after in zip(cluster.batches, cluster.batches[1:], strict=False):
        assert set(after) < set(before)


def test_pauses_grow_and_are_left_to_chance(clock: Clock) -> None:
    cluster = Cluster(lambda _name, times: (429, "busy") if times <= 9 else (201, ""))
    sender(cluster, clock).deliver("x~1", lines(3))
    assert len(clock.waits) == 9
    most = [min(bulk.PAUSES[0] * 2**n, bulk.PAUSES[1]) for n in range(9)]
    assert all(0 <= wait <= limit for wait, limit in zip(clock.waits, most, strict=True))
    assert len(set(clock.waits)) == 9 and max(clock.waits) > 2
    again = Clock()
    other = Cluster(lambda _name, times: (429, "busy") if times <= 9 else (201, ""))
    sender(other, again).deliver("x~1", lines(3))
    assert again.waits == clock.waits  # the same chance


def test_a_cluster_that_takes_nothing_is_given_up(clock: Clock) -> None:
    cluster = Cluster(lambda _name, _times: (503, "unavailable_shards_exception"))
    with pytest.raises(Overwhelmed):
        sender(cluster, clock).deliver("x~1", lines(3))
    assert bulk.PATIENCE < clock.now < bulk.PATIENCE + bulk.PAUSES[1]


def test_one_that_takes_a_little_each_time_is_not(clock: Clock) -> None:
    cluster = Cluster(
        lambda name, times: (201, "") if times > 12 * int(name[1:]) else (429, "busy")
    )
    sender(cluster, clock).deliver("x~1", lines(30))
    assert len(cluster.taken) == 30 and clock.now > bulk.PATIENCE


def test_what_is_refused_for_good_is_named_and_the_rest_is_taken(clock: Clock) -> None:
    def some(name: str, times: int) -> tuple[int, str]:
        if name in ("d3", "d7"):
            return 400, "mapper_parsing_exception"
        return (429, "busy") if times == 1 and name == "d5" else (201, "")

    cluster = Cluster(some)
    refused = sender(cluster, clock).deliver("x~1", lines(10))
    said = "mapper_parsing_exception: mapper_parsing_exception it is"
    assert refused == [Failure("d3", said), Failure("d7", said)]
    assert len(cluster.taken) == 8 and cluster.sent["d3"] == cluster.sent["d0"] == 1


def test_a_full_cluster_is_not_asked_again(clock: Clock) -> None:
    cluster = Cluster(lambda _name, _times: (429, "cluster_block_exception"))
    with pytest.raises(FullCluster):
        sender(cluster, clock).deliver("x~1", lines(3))
    assert (len(cluster.batches), clock.waits) == (1, [])


def test_a_batch_that_was_not_answered_is_sent_again(clock: Clock) -> None:
    from opensearchpy.exceptions import ConnectionTimeout, TransportError

    lost = ConnectionTimeout("TIMEOUT", "…", TimeoutError())
    busy = TransportError(503, "busy", {})
    cluster = Cluster(taken, [lost, busy, None])
    assert sender(cluster, clock).deliver("x~1", lines(5)) == []
    assert [len(each) for each in cluster.batches] == [5, 5, 5]
    for_ever = Cluster(taken, [lost] * 1000)
    with pytest.raises(Unreachable):
        sender(for_ever, clock).deliver("x~1", lines(5))


def test_nothing_is_lost_on_several_ways_at_once(clock: Clock) -> None:
    chance = Random(1)

    def moody(_name: str, _times: int) -> tuple[int, str]:
        return (429, "busy") if chance.random() < 0.2 else (200, "")

    cluster = Cluster(moody)
    bulk_ = sender(cluster, clock, 4)
    whole = lines(1000)
    for start in range(0, 1000, 50):
        bulk_.send("x~1", lambda start=start: whole[start : start + 50], 5000)  # type: ignore[misc]
    bulk_.finish()
    bulk_.close()
    assert (len(cluster.taken), bulk_.failures) == (1000, [])


def test_who_adds_waits_for_room(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "ROOM", 1000)
    door, begun = threading.Event(), list[int]()
    bulk_ = sender(Cluster(taken), clock, 2)

    def make(number: int) -> list[Line]:
        begun.append(number)
        door.wait(60)
        return lines(1)

    def add() -> None:
        for number in range(8):
            bulk_.send("x~1", lambda number=number: make(number), 500)  # type: ignore[misc]
            added.append(number)

    added: list[int] = []
    adding = threading.Thread(target=add)
    adding.start()
    end = time.monotonic() + 30
    while (len(added), len(begun)) < (4, 2) and time.monotonic() < end:
        time.sleep(0.01)
    adding.join(0.2)  # nothing more comes
    assert (len(added), len(begun)) == (4, 2)  # room for four, two at once
    door.set()
    adding.join(60)
    bulk_.finish()
    bulk_.close()
    assert added == list(range(8)) and sorted(begun) == added


def test_large_ones_go_in_several_batches(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 1000)
    cluster = Cluster(taken)
    bulk_ = sender(cluster, clock)
    bulk_.send("x~1", lambda: lines(20, 300), 6000)
    bulk_.finish()
    bulk_.close()
    assert len(cluster.taken) == 20 and max(map(len, cluster.batches)) <= 4


def test_what_fails_when_lines_are_made_is_said(clock: Clock) -> None:
    def fail() -> list[Line]:
        raise ZeroDivisionError

    bulk_ = sender(Cluster(taken), clock)
    bulk_.send("x~1", fail, 1)
    with pytest.raises(ZeroDivisionError):
        bulk_.finish()
    bulk_.close()


def test_who_ends_does_not_wait_for_a_busy_cluster() -> None:
    client: Any = Cluster(lambda _name, _times: (429, "busy"))
    bulk_ = Bulk(client, PLACE, 1, chance=lambda _least, most: 100 * most)
    bulk_.send("x~1", lambda: lines(3), 1)
    while not client.batches:
        pass
    bulk_.close()
    assert len(client.batches) == 1
