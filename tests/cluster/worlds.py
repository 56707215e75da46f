"""The bulletins in many commits, some taken out and put in again: in a folder and on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from chabao.indexer.bundled import bundled_index
from chabao.indexer.cluster.location import Location
from chabao.indexer.manifest import Manifest
from chabao.indexer.sinks.opensearch_ import ClusterSink
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine

Record = dict[str, Any]


@cache
def bundled() -> list[Record]:
    with engine.open_index(bundled_index()) as index:
        return list(engine.export(index))


def doomed(records: list[Record]) -> list[Record]:
    """Items of files that will be taken out again."""
    return [
        record | {"id": f"gone{at:08d}", "source": f"gone{at % 3}.txt", "text": record["text"] * 2}
        for at, record in enumerate(records[::2])
    ]


def commits(records: list[Record]) -> Iterator[list[Record]]:
    """What each commit brings: a file, and half of what will go."""
    gone = doomed(records)
    for number, source in enumerate(sorted({record["source"] for record in records})):
        own = [record for record in records if record["source"] == source]
        half = gone if number == 0 else []
        yield [*half, *own]


def fill(folder: Path, location: Location) -> None:
    """The same in both: in commits, with a file that is replaced, and others that are removed."""
    records = bundled()
    for new in commits(records):
        with WhooshSink(folder) as here, ClusterSink(location) as there:
            for sink in (here, there):
                sink.add(new)
            _commit(here, there)
    replaced = [record for record in records if record["source"] == records[0]["source"]]
    with WhooshSink(folder) as here, ClusterSink(location) as there:
        for sink in (here, there):
            for number in range(3):
                sink.remove(f"gone{number}.txt")
            sink.remove(records[0]["source"])
            sink.add(replaced)
        _commit(here, there)


def _commit(here: WhooshSink, there: ClusterSink) -> None:
    here.commit()
    there.commit(Manifest())
