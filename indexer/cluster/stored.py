"""The documents of an index on a cluster, read to the end: a page after another, of one moment."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import asking
from chabao.indexer.cluster.errors import ClusterFailed, Overwhelmed
from chabao.indexer.cluster.location import Location
from chabao.indexer.fields import Record

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

PAGE = 1000
"""Documents at a time."""
SOURCES = 500
"""Sources asked for at a time."""
KEPT = "2m"
"""How long the cluster keeps the moment between two pages."""
TRIES = 5
PAUSE = 1.0
"""How often a page is asked for in a moment of its own, and the seconds between."""
ANSWER = 60.0
"""Seconds in which a page must have come."""
Body = dict[str, Any]


def records(
    client: OpenSearch, location: Location, index: str, seen: Body, sources: Sequence[str]
) -> Iterator[tuple[str, list[Record]]]:
    """The records of each source in order; `seen` is the filter that says what counts."""
    for some in _batched(sources):
        wanted = _of(some, seen)
        found = hits(client, location, index, wanted, [mapping.RECORD])
        kept = (mapping.restored(hit["_source"][mapping.RECORD]) for hit in found)
        for source, group in groupby(kept, key=lambda record: str(record["source"])):
            yield source, list(group)


def names(
    client: OpenSearch, location: Location, index: str, seen: Body, sources: Sequence[str]
) -> Iterator[list[str]]:
    """The names of the documents of sources, a page at a time."""
    for some in _batched(sorted(sources)):
        page = []
        for hit in hits(client, location, index, _of(some, seen), False):
            page.append(str(hit["_id"]))
            if len(page) == PAGE:
                yield page
                page = []
        if page:
            yield page


def sources(client: OpenSearch, location: Location, index: str, seen: Body) -> Iterator[str]:
    """The sources of what counts, each once, as they are kept there."""
    pages: Body = {"size": PAGE, "sources": [{"source": {"terms": {"field": "source"}}}]}
    asked = {"query": seen, "size": 0, "aggs": {"sources": {"composite": pages}}}
    while True:
        found = _answered(client, location, asked, index)["aggregations"]["sources"]
        yield from (str(each["key"]["source"]) for each in found["buckets"])
        if "after_key" not in found:
            return
        pages["after"] = found["after_key"]


def count(client: OpenSearch, location: Location, index: str, query: Body) -> int:
    """How many documents answer a query."""
    said = _answered(client, location, {"query": query, "size": 0, "track_total_hits": True}, index)
    return int(said["hits"]["total"]["value"])


def hits(
    client: OpenSearch, location: Location, index: str, query: Body, source: Any
) -> Iterator[Body]:
    """Everything that answers a query, in order.

    A moment ends with the nodes that keep it; in another one the same documents count.
    """
    asked: Body = {
        "query": query, "size": PAGE, "_source": source, "track_total_hits": False,
        "sort": mapping.PLACE,
    }  # fmt: skip
    left = TRIES
    try:
        while True:
            try:
                if "pit" not in asked:
                    asked["pit"] = _moment(client, location, index)
                page = _answered(client, location, asked)["hits"]["hits"]
            except (ClusterFailed, Overwhelmed):
                left -= 1
                if not left:
                    raise
                asked.pop("pit", None)
                time.sleep(PAUSE)
                continue
            yield from page
            if len(page) < PAGE:
                return
            asked["search_after"], left = page[-1]["sort"], TRIES
    finally:
        if "pit" in asked:
            with suppress(Exception):  # it ends by itself
                client.delete_pit(body={"pit_id": [asked["pit"]["id"]]})


def _moment(client: OpenSearch, location: Location, index: str) -> Body:
    with asking(location):
        point = client.create_pit(index=index, params={"keep_alive": KEPT})["pit_id"]
    return {"id": point, "keep_alive": KEPT}


def _of(sources: Sequence[str], seen: Body) -> Body:
    terms = {"terms": {"source": [mapping.term(source) for source in sources]}}
    return {"bool": {"filter": [terms, seen]}}


def _batched(sources: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(sources), SOURCES):
        yield sources[start : start + SOURCES]


def _answered(client: OpenSearch, location: Location, asked: Body, index: str | None = None) -> Any:
    with asking(location):
        said = client.search(
            body=asked, index=index,
            params={"allow_partial_search_results": "false", "request_timeout": ANSWER},
        )  # fmt: skip
    if said.get("timed_out") or said["_shards"]["failed"]:
        raise Overwhelmed(path=location, reason="not every shard has answered")
    return said
