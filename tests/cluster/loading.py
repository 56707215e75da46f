"""Items put into an index on a cluster document by document, apart from the program's own sink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import connect
from chabao.indexer.cluster.location import Location
from chabao.indexer.folding import fold_text
from chabao.indexer.tokens import is_word, pieces
from chabao.tests.cluster.nodes import Cluster

SIZE = 1_000


def place(cluster: Cluster, name: str) -> Location:
    return Location(tuple(("127.0.0.1", node.http) for node in cluster.nodes), name)


def make(location: Location, shards: int = 3, replicas: int = 1) -> None:
    with connect(location) as client:
        client.indices.create(index=location.name, body=mapping.body(shards, replicas))


def add(location: Location, records: Iterable[Mapping[str, Any]], commit: int = 1) -> None:
    """Sends items, and lets them be seen."""
    with connect(location) as client:
        lines: list[Any] = []
        ordinals: dict[str, int] = {}
        for record in records:
            ordinal = ordinals[record["source"]] = ordinals.get(record["source"], -1) + 1
            words = list(filter(is_word, pieces(fold_text(record["text"]))))
            lines.append({"index": {"_id": mapping.identity(record, ordinal)}})
            lines.append(mapping.document(record, words, len(words), ordinal, commit))
            if len(lines) >= 2 * SIZE:
                _send(client, location, lines)
                lines = []
        if lines:
            _send(client, location, lines)
        client.indices.refresh(index=location.name)


def _send(client: Any, location: Location, lines: list[Any]) -> None:
    answer = client.bulk(body=lines, index=location.name, params={"request_timeout": 60})
    assert not answer["errors"], [each for each in answer["items"] if "error" in str(each)][:2]


def remove(location: Location, source: str) -> None:
    """Takes out the items of a file."""
    with connect(location) as client:
        query = {"query": {"term": {"source": source}}}
        client.delete_by_query(index=location.name, body=query, params={"refresh": "true"})
