"""Texts of any size put into an index on the cluster by the program's own sink."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.engines.chabao_ import record
from benchmarks.texts import BASE, SOURCE, Doc, grow
from chabao.indexer.cluster.location import Location
from chabao.indexer.fields import Record
from chabao.indexer.manifest import Manifest
from chabao.indexer.sinks.opensearch_ import ClusterSink
from chabao.tests.cluster.nodes import Cluster

TEXTS = Path(os.environ.get("CHABAO_BENCH_TEXTS", "../shared/quality"))
PUBLISHERS = 20
STALE = 12.0
"""Seconds for which a node may tell of sizes as they were."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An index of `scale` times the texts. `bytes` are those of all nodes, `primary` those
    of one copy."""

    scale: int
    items: int
    characters: int
    seconds: float
    bytes: int
    primary: int
    segments: int

    @property
    def told(self) -> dict[str, Any]:
        return asdict(self) | {
            "items_per_second": round(self.items / self.seconds),
            "characters_per_second": round(self.characters / self.seconds),
            "bytes_per_item": round(self.primary / self.items),
            "bytes_per_character": round(self.primary / self.characters, 2),
        }


def docs(scale: int) -> Iterator[Doc]:
    return islice(grow(TEXTS / SOURCE), scale * BASE)


def published(doc: Doc) -> Record:
    """As `record`, of one of several publishers, so that there is something to route by."""
    said = record(doc)
    name = f"第{doc.id % PUBLISHERS + 1}政务服务中心"
    return said | {"publisher": name, "source": f"{name}/{doc.date}.txt"}


def fill(cluster: Cluster, location: Location, scale: int, workers: int | None = None) -> Filled:
    """Makes the index, in one commit."""
    items = characters = 0
    started = time.perf_counter()

    def counted() -> Iterator[Record]:
        nonlocal items, characters
        for doc in docs(scale):
            items += 1
            characters += len(doc.text)
            yield published(doc)

    with ClusterSink(location, workers=workers) as sink:
        sink.add(counted())
        sink.commit(Manifest())
    seconds = time.perf_counter() - started
    cluster.ask("POST", f"/{location.name}~*/_flush?wait_if_ongoing=true")
    time.sleep(STALE)
    found = cluster.ask("GET", f"/{location.name}/_stats/store,segments")["_all"]
    one, all_ = found["primaries"], found["total"]
    return Filled(
        scale, items, characters, round(seconds, 2), all_["store"]["size_in_bytes"],
        one["store"]["size_in_bytes"], one["segments"]["count"],
    )  # fmt: skip
