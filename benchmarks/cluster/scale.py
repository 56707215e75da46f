"""How an index on a cluster grows: filled and asked at one, ten and a hundred times the texts.

    make cluster; python -m benchmarks.cluster.scale --save [1 10 100]

At 100 times it takes the better part of an hour on two cores, and 4 GB of disk. `--save` puts what
was measured beside what is there in `results/scale.json`; `python -m benchmarks.cluster.page` makes
docs/scale.md of it.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.cluster.filling import fill
from benchmarks.cluster.queries import timed
from benchmarks.machine import describe
from chabao.tests.cluster.loading import place
from chabao.tests.cluster.nodes import Cluster

RESULTS = Path(__file__).with_name("results") / "scale.json"
COMPARED = ("phrase", "common", "and3", "or4", "not")
"""Kinds that are also asked with all that can match fetched."""


def measured(cluster: Cluster, scale: int, count: int, kept: bool) -> dict[str, Any]:
    """One size: how it was filled, and how long each kind of question takes."""
    location = place(cluster, f"bench-{scale}")
    filled = None
    if not kept:
        cluster.ask("DELETE", f"/{location.name}~*")
        filled = fill(cluster, location, scale).told
    load = os.getloadavg()[0]
    kinds = {each.kind: asdict(each) for each in timed(location, count)}
    fetched = {each.kind: each.p50 for each in timed(location, count, True, COMPARED)}
    return {"filled": filled, "kinds": kinds, "fetched": fetched, "load": round(load, 1)}


def save(found: dict[str, Any]) -> None:
    """Beside what is there; how a size was filled stays, if it was not filled again."""
    RESULTS.parent.mkdir(exist_ok=True)
    known: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for scale, each in found.items():
        if each["filled"] is None:
            each["filled"] = known.get(scale, {}).get("filled")
        known[scale] = each
    RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scales", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--kept", action="store_true", help="ask indexes that are there")
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster()
    for scale in asked.scales:
        each = measured(cluster, scale, asked.count, asked.kept) | {"machine": describe()}
        print(json.dumps({scale: each}, ensure_ascii=False), flush=True)
        if asked.save:
            save({str(scale): each})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
