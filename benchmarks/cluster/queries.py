"""Questions to an index on the cluster, a kind at a time: how long the program waits for answers.

    python -m benchmarks.cluster.queries bench-10 [--count 20] [--candidates]

The index is one that `benchmarks.cluster.scale` has filled. What is timed is the function that the
command calls, in a process that stays: text in, ten hits with their snippets out. `--candidates`
has all that can match fetched and evaluated here, whether or not the cluster could rank it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from benchmarks.cluster.filling import docs
from benchmarks.engine import TOP, Query, Want
from benchmarks.engines.chabao_ import line
from benchmarks.queries import KINDS, queries
from chabao.indexer.cluster.location import Location
from chabao.search import engine
from chabao.search.backends.cluster import index as distant
from chabao.search.backends.cluster.index import ClusterIndex
from chabao.search.mentions import mentions
from chabao.tests.cluster.loading import place
from chabao.tests.cluster.nodes import Cluster

MORE = {"related": "what no item says literally", "mentioned": "a phrase, every mention",
        "department": "a word, of one department"}  # fmt: skip
"""Kinds beside those that all engines are asked."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of one kind of question."""

    kind: str
    count: int
    p50: float
    p99: float
    hits: int
    """Items found by the question in the middle."""
    fetched: int
    """Questions for which everything that could match was fetched, or all of the index."""


def asked(count: int) -> dict[str, list[Query]]:
    """Questions by kind; the same for every size."""
    found: dict[str, list[Query]] = {}
    for query in queries(list(docs(1)), count):
        found.setdefault(query.kind, []).append(query)
    return found


def lines(kinds: Mapping[str, Sequence[Query]]) -> Iterator[tuple[str, Want, list[str]]]:
    for kind, some in kinds.items():
        yield kind, some[0].want, [line(query) for query in some]
    phrases = [query.terms[0] for query in kinds["phrase"]]
    yield "related", Want.TOP, [f"{text}怎么{text[-1]}啊" for text in phrases]
    yield "mentioned", Want.EVERY, [line(query) for query in kinds["phrase"]]
    yield "department", Want.TOP, [f"{line(q)} 部门:省林草局" for q in kinds["common"]]


def answer(index: ClusterIndex, kind: str, want: Want, text: str) -> int:
    """Asks one question; how many items were found."""
    index._views.clear()
    if kind == "mentioned":
        return len(mentions(index, text).rows)
    match want:
        case Want.COUNT:
            return engine.search(index, text, limit=1, snippets=0).total
        case Want.EVERY:
            return len(engine.search(index, text, limit=None, snippets=0).hits)
        case Want.FACET:
            return engine.search(index, text, limit=1, snippets=0, facets=True).total
    return engine.search(index, text, limit=TOP).total


def timed(
    location: Location, count: int, candidates: bool = False, kinds: Collection[str] = ()
) -> Iterator[Timed]:
    """Each kind of question, or some, once warm."""
    with engine.open_index(location) as index:
        assert isinstance(index, ClusterIndex)
        _ = index.statistics
        for kind, want, texts in lines(asked(count)):
            if kinds and kind not in kinds:
                continue
            fetched: list[Any] = []
            few = index.snapshot.few

            def counted(*of: Any, few: Any = few, fetched: list[Any] = fetched) -> Any:
                fetched.append(1)
                return few(*of)

            with (
                patch.object(index.snapshot, "few", counted),
                patch.object(distant, "ranks", (lambda *_: False) if candidates else distant.ranks),
            ):
                answer(index, kind, want, texts[0])
                del fetched[:]
                taken = sorted(_one(index, kind, want, text) for text in texts)
            times = sorted(each for each, _ in taken)
            middle = taken[len(taken) // 2][1]
            yield Timed(
                kind, len(texts), round(times[len(times) // 2], 1),
                round(times[min(len(times) - 1, int(len(times) * 0.99))], 1), middle,
                min(len(fetched), len(texts)),
            )  # fmt: skip


def _one(index: ClusterIndex, kind: str, want: Want, text: str) -> tuple[float, int]:
    started = time.perf_counter()
    found = answer(index, kind, want, text)
    return (time.perf_counter() - started) * 1000, found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--candidates", action="store_true")
    asking = parser.parse_args()
    for each in timed(place(Cluster(), asking.index), asking.count, asking.candidates):
        about = KINDS[each.kind][2] if each.kind in KINDS else MORE[each.kind]
        said = {name: getattr(each, name) for name in Timed.__slots__}
        print(json.dumps(said | {"about": about}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
