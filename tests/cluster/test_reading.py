"""How an index on a cluster is read: as of one moment, to its end, and never in part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import connect
from chabao.indexer.cluster.errors import ClusterError
from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import MissingIndex, OldIndex
from chabao.search import engine
from chabao.search.backends.cluster import index as distant
from chabao.search.backends.cluster import mirror, snapshot
from chabao.search.backends.cluster.index import ClusterIndex
from chabao.search.mentions import mentions
from chabao.search.query import Kind
from chabao.tests.cluster import loading
from chabao.tests.cluster.nodes import Cluster
from chabao.tests.cluster.worlds import Record, bundled

MANY = 12_000
"""More than a cluster hands over at once."""


def short(number: int) -> Record:
    record = dict(bundled_one)
    text = f"第{number}件事项：川渝通办" + "。" * (number % 7)
    return record | {"id": f"{number:012d}", "source": f"{number % 50}.txt", "line": number + 1,
                     "text": text, "lines": [[0, number + 1]]}  # fmt: skip


bundled_one: Record = {}


@pytest.fixture(scope="module")
def location(cluster: Cluster) -> Iterator[Location]:
    """An index of many short items."""
    bundled_one.update(bundled()[0])
    place = loading.place(cluster, f"test-reading-{os.getpid()}")
    try:
        loading.make(place, replicas=0)
        loading.add(place, map(short, range(MANY)))
        yield place
    finally:
        cluster.ask("DELETE", f"/{place.name}")


@pytest.fixture
def few(cluster: Cluster, name: str) -> Location:
    """An index of the bundled bulletins, for a test to change."""
    place = loading.place(cluster, name)
    loading.make(place, replicas=0)
    loading.add(place, bundled())
    return place


def test_an_answer_is_shown_beyond_ten_thousand(location: Location) -> None:
    with engine.open_index(location) as index:
        found = engine.search(index, "川渝通办", limit=11_000, snippets=0)
    assert (found.total, found.mentions, len(found.hits)) == (MANY, MANY, 11_000)
    assert len({hit.item["id"] for hit in found.hits}) == 11_000
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("candidates", [20_000, 10])
def test_every_hit_is_shown_by_a_view_or_by_the_mirror(
    location: Location, candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distant, "CANDIDATES", candidates)
    with engine.open_index(location) as index:
        found = engine.search(index, "第1*通办", limit=None, snippets=0, mode=engine.Mode.EXACT)
        assert isinstance(index, ClusterIndex)
        assert (index._mirror is None) == (candidates > 10)
    wanted = {f"{n:012d}" for n in range(MANY) if str(n).startswith("1")}
    assert {hit.item["id"] for hit in found.hits} == wanted


def test_what_would_fetch_too_much_of_a_large_index_is_refused(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distant, "CANDIDATES", 1_000)
    monkeypatch.setattr(distant, "WHOLE", 10_000)
    with engine.open_index(location) as index:
        for line in ("第*通办", "事项 NEAR/5 通办"):
            found = engine.search(index, line)
            assert [remark.kind for remark in found.notices] == [Kind.TOO_COSTLY]
            assert [remark.kind for remark in mentions(index, line).query.diagnostics] == [
                Kind.TOO_COSTLY
            ]
        assert engine.search(index, "川渝通办").total == MANY
        assert engine.search(index, "第117*通办").total == 111


def test_everything_is_exported_in_document_order(location: Location) -> None:
    with engine.open_index(location) as index:
        exported = [(record["source"], record["line"]) for record in engine.export(index)]
    records = map(short, range(MANY))
    assert exported == sorted((record["source"], record["line"]) for record in records)


def test_an_open_index_does_not_change(few: Location) -> None:
    with engine.open_index(few) as index:
        before = engine.search(index, "川渝通办")
        more = [record | {"source": "more.txt"} for record in bundled()]
        loading.add(few, more, commit=2)
        after = engine.search(index, "川渝通办 | 省内通办")
        assert engine.search(index, "川渝通办").total == before.total
        with engine.open_index(few) as newer:
            assert engine.search(newer, "川渝通办").total == 2 * before.total
            assert engine.search(newer, "川渝通办 | 省内通办").total == 2 * after.total


def test_what_the_cluster_forgot_is_asked_anew(few: Location) -> None:
    with engine.open_index(few) as index, connect(few) as client:
        assert isinstance(index, ClusterIndex)
        before = engine.search(index, "川渝通办")
        client.delete_pit(body={"pit_id": [index.snapshot._point]})
        index._views.clear()
        assert engine.search(index, "川渝通办").hits == before.hits


def test_the_mirror_is_kept_in_step(few: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = sorted({record["source"] for record in bundled()})
    fetched: list[str] = []
    record_of = mirror.record_of

    def counted(hit: Any) -> Any:
        record = record_of(hit)
        fetched.append(record["source"])
        return record

    monkeypatch.setattr(mirror, "record_of", counted)

    def mirrored() -> dict[tuple[str, int], str]:
        with engine.open_index(few) as index:
            return {(record["source"], record["line"]): record["text"]
                    for segment in index.segments for at in segment.live()
                    for record in [segment.record(at)]}  # fmt: skip

    def exported() -> dict[tuple[str, int], str]:
        with engine.open_index(few) as index:
            return {(r["source"], r["line"]): r["text"] for r in engine.export(index)}

    assert mirrored() == exported()
    assert len(fetched) == len(bundled())
    fetched.clear()
    mirrored()
    assert not fetched
    loading.remove(few, sources[0])
    assert mirrored() == exported()
    assert not fetched
    changed = [record | {"text": record["text"] + "新"} for record in bundled()
               if record["source"] == sources[1]]  # fmt: skip
    loading.remove(few, sources[1])
    loading.add(few, changed, commit=2)
    assert mirrored() == exported()
    assert set(fetched) == {sources[1]}


def test_a_damaged_mirror_is_made_again(few: Location) -> None:
    with engine.open_index(few) as index:
        path = index.segments[0].path
    path.write_bytes(path.read_bytes()[:1000])
    with engine.open_index(few) as index:
        assert sum(segment.size for segment in index.segments) == len(bundled())


def test_an_answer_without_a_shard_is_none(
    cluster: Cluster, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PATIENCE", 0.5)
    place = loading.place(cluster, name)
    body = mapping.body(3, 0)
    body["settings"]["index"]["routing"] = {"allocation": {"include": {"_name": "nowhere"}}}
    cluster.ask("PUT", f"/{name}?wait_for_active_shards=0", body)
    with engine.open_index(place) as index, pytest.raises(ClusterError):
        monkeypatch.setattr("chabao.indexer.cluster.calls.PATIENCE", 0.5)
        engine.search(index, "川渝通办")


def test_what_is_no_index_of_ours_is_said(cluster: Cluster, name: str) -> None:
    place = loading.place(cluster, name)
    with pytest.raises(MissingIndex):
        engine.open_index(place)
    body = mapping.body(1, 0)
    body["mappings"]["_meta"]["chabao"] = mapping.VERSION + 1
    cluster.ask("PUT", f"/{name}", body)
    with pytest.raises(OldIndex):
        engine.open_index(place)


def test_a_rebuild_beside_an_open_index_is_seen(cluster: Cluster, name: str) -> None:
    """What was asked of is dropped: the next question is answered by what took its place."""
    place = loading.place(cluster, name)
    one, other = (Location(place.nodes, f"{name}-{number}") for number in (1, 2))
    for each, commit in ((one, 1), (other, 2)):
        loading.make(each, replicas=0)
        loading.add(each, bundled()[: 40 * commit], commit)
    point = {"add": {"index": one.name, "alias": name}}
    cluster.ask("POST", "/_aliases", {"actions": [point]})
    with engine.open_index(place) as index:
        assert isinstance(index, ClusterIndex)
        assert index.statistics.items == 40
        before = index.snapshot.identity
        actions = [{"add": {"index": other.name, "alias": name}},
                   {"remove_index": {"index": one.name}}]  # fmt: skip
        cluster.ask("POST", "/_aliases", {"actions": actions})
        found = engine.search(index, "服务", limit=None)
        assert found.total == sum("服务" in record["text"] for record in bundled())
        assert index.statistics.items == len(bundled())
        assert index.snapshot.identity != before
