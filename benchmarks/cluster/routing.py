"""Whether it pays to keep the items of a publisher, or of a year, on one shard.

    python -m benchmarks.cluster.routing bench-10 [--times 200]

The index is copied twice, routed by publisher and by year. The same questions, each of one
publisher or year, are put to all shards and to the one that has it, in turn, and each is timed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from contextlib import closing
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import connect
from chabao.search.backends.cluster.structure import every, phrase
from chabao.tests.cluster.loading import place
from chabao.tests.cluster.nodes import Cluster

TEXTS = ("服务", "发展", "建设", "经济", "改革", "工作", "人民", "企业", "教育", "农业")
KEYS = ("publisher", mapping.YEAR)


def copy(client: Any, name: str, key: str) -> str:
    """The name of a copy of an index that is routed by a field."""
    routed = f"{name}-by-{key}"
    client.indices.delete(index=routed, ignore=[404])
    client.indices.create(index=routed, body=mapping.body())
    script = {"source": f"ctx._routing = ctx._source['{key}'].toString()"
              if key == mapping.YEAR else f"ctx._routing = ctx._source['{key}'][0]"}  # fmt: skip
    body = {"source": {"index": name}, "dest": {"index": routed}, "script": script}
    # not waited for: what it warns of, document by document, are headers of the answer
    task = client.reindex(body=body, params={"wait_for_completion": "false"})["task"]
    while not (said := client.tasks.get(task_id=task))["completed"]:
        time.sleep(1)
    if failed := said.get("error") or said["response"]["failures"]:
        raise RuntimeError(failed)
    client.indices.refresh(index=routed)
    return routed


def measured(client: Any, routed: str, key: str, times: int) -> dict[str, Any]:
    """Milliseconds of a question to all shards and to one; how even the shards are."""
    found = client.search(index=routed, body={
        "size": 0, "aggs": {"each": {"terms": {"field": key, "size": 10}}},
    })  # fmt: skip
    values = [each["key"] for each in found["aggregations"]["each"]["buckets"]]
    taken: dict[str, list[float]] = {"all": [], "one": []}
    for number in range(times):
        value, text = values[number % len(values)], TEXTS[number // len(values) % len(TEXTS)]
        query = every(({"term": {key: value}}, phrase(text)))
        body = {"size": 10, "query": query, "track_total_hits": True, "_source": [mapping.RECORD]}
        totals = set()
        for way, params in (("all", {}), ("one", {"routing": str(value)})):
            started = time.perf_counter()
            answer = client.search(index=routed, body=body, params=params)
            taken[way].append((time.perf_counter() - started) * 1000)
            totals.add(answer["hits"]["total"]["value"])
        assert len(totals) == 1, totals
    shards = client.cat.shards(index=routed, params={"format": "json"})
    docs = sorted(int(each["docs"]) for each in shards if each["prirep"] == "p")
    return {"by": key, "shards": docs} | {
        way: {"p50": round(statistics.median(each), 1), "p99": round(sorted(each)[-3], 1)}
        for way, each in taken.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index")
    parser.add_argument("--times", type=int, default=200)
    asked = parser.parse_args()
    with closing(connect(place(Cluster(), asked.index))) as client:
        for key in KEYS:
            routed = copy(client, asked.index, key)
            try:
                print(json.dumps(measured(client, routed, key, asked.times)), flush=True)
            finally:
                client.indices.delete(index=routed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
