"""The cluster that tests stand on is what it says: three processes, copies of shards apart."""

from __future__ import annotations

from chabao.tests.cluster.nodes import NODES, Cluster


def test_nodes_are_processes_of_their_own(cluster: Cluster) -> None:
    assert len({node.pid() for node in cluster.running()}) == NODES


def test_a_shard_and_its_copy_are_on_different_nodes(cluster: Cluster, name: str) -> None:
    shards = {"number_of_shards": 3, "number_of_replicas": 1}
    cluster.ask("PUT", f"/{name}?wait_for_active_shards=all", {"settings": shards})
    placed = cluster.ask("GET", f"/_cat/shards/{name}?format=json")
    assert len(placed) == 6
    for shard in "012":
        assert len({copy["node"] for copy in placed if copy["shard"] == shard}) == 2


def test_what_one_node_was_told_all_know(cluster: Cluster, name: str) -> None:
    cluster.ask("PUT", f"/{name}/_doc/1?refresh=true", {"text": "川渝通办"}, of=1)
    for number in range(1, NODES + 1):
        assert cluster.ask("GET", f"/{name}/_count", of=number)["count"] == 1
