"""Documents read to the end from a cluster that is a list, and forgets its moments."""

from __future__ import annotations

from typing import Any

import pytest
from opensearchpy.exceptions import NotFoundError

from chabao.indexer.cluster import stored
from chabao.indexer.cluster.errors import ClusterFailed, Overwhelmed
from chabao.indexer.cluster.location import Location

PLACE = Location((("nowhere", 9200),), "of-a-test")


class Cluster:
    """`ends` are the numbers of the pages before which a moment is forgotten."""

    def __init__(self, count: int, ends: set[int]) -> None:
        self.documents = [{"_id": f"d{at}", "sort": ["s", at, 0]} for at in range(count)]
        self.ends, self.pages, self.opened, self.points = ends, 0, 0, set[str]()
        self.partial = False

    def create_pit(self, *, index: str, params: Any) -> dict[str, str]:
        self.opened += 1
        self.points.add(f"p{self.opened}")
        return {"pit_id": f"p{self.opened}"}

    def delete_pit(self, *, body: Any) -> None:
        self.points -= set(body["pit_id"])

    def search(self, *, body: Any, index: None, params: dict[str, Any]) -> dict[str, Any]:
        assert params["allow_partial_search_results"] == "false" and index is None
        self.pages += 1
        if self.pages in self.ends:
            self.points.clear()
        if body["pit"]["id"] not in self.points:
            cause = {"error": {"type": "search_context_missing_exception", "reason": "gone"}}
            raise NotFoundError(404, "search_phase_execution_exception", cause)
        start = body.get("search_after", ["s", -1, 0])[1] + 1
        found = self.documents[start : start + body["size"]]
        return {
            "timed_out": False,
            "_shards": {"failed": int(self.partial)},
            "hits": {"hits": found},
        }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "PAUSE", 0.0)
    monkeypatch.setattr(stored, "PAGE", 10)


def read(cluster: Any) -> list[str]:
    return [hit["_id"] for hit in stored.hits(cluster, PLACE, "x~1", {}, False)]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 95])
@pytest.mark.parametrize("ends", [set[int](), {1}, {2, 3, 4}, {5, 9}])
def test_each_document_comes_once(count: int, ends: set[int]) -> None:
    cluster = Cluster(count, ends)
    assert read(cluster) == [f"d{at}" for at in range(count)]
    assert not cluster.points


def test_moments_that_are_forgotten_at_once_are_an_error() -> None:
    with pytest.raises(ClusterFailed):
        read(Cluster(95, set(range(99))))


def test_an_answer_that_lacks_a_shard_is_none() -> None:
    cluster = Cluster(95, set())
    cluster.partial = True
    with pytest.raises(Overwhelmed):
        read(cluster)


def test_who_stops_in_the_middle_leaves_no_moment() -> None:
    client: Any = Cluster(95, set())
    found = stored.hits(client, PLACE, "x~1", {}, False)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert not client.points
