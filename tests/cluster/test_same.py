"""One query, three answers: by the index on this disk, by a plain scan, and by a cluster.

500 generated queries; CHABAO_FULL=1 asks 2,000 (`CHABAO_FULL=1 make test-cluster`). The index came
to be in several commits, with files that were replaced and others that were taken out, whose items
Lucene goes on counting.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle.scan import Found, scan
from oracle.test_trees import tree

from chabao.indexer.cluster.location import Location
from chabao.search import engine
from chabao.search.backends.cluster.ranking import TOLERANCE
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.parts import find, score, spans
from chabao.search.order import Sort, first
from chabao.search.query import Literal, Near, Node, Or
from chabao.tests.cluster import loading
from chabao.tests.cluster.nodes import Cluster
from chabao.tests.cluster.worlds import bundled, fill

QUERIES = 2_000 if os.environ.get("CHABAO_FULL") == "1" else 500
generated = settings(
    max_examples=QUERIES, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
Ranked = list[tuple[str, float]]


@pytest.fixture(scope="module")
def places(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Location]]:
    folder = tmp_path_factory.mktemp("same")
    location = loading.place(cluster, f"test-same-{os.getpid()}")
    try:
        fill(folder, location)
        yield folder, location
    finally:
        cluster.ask("DELETE", f"/{location.name}*")


@pytest.fixture(scope="module")
def here(places: tuple[Path, Location]) -> Iterator[engine.Index]:
    with engine.open_index(places[0]) as index:
        yield index


@pytest.fixture(scope="module")
def there(places: tuple[Path, Location]) -> Iterator[engine.Index]:
    with engine.open_index(places[1]) as index:
        yield index


def found(index: engine.Index, node: Node) -> Found:
    """What an index finds, and where the texts of the query stand in it."""
    wanted, answer = leaves(node), {}
    for part in find(index, node):
        for document in map(int, part.documents):
            name = part.segment.record(document)["id"]
            answer[name] = frozenset(spans(part, wanted, document))
    return answer


def ranked(index: engine.Index, node: Node, sort: Sort, limit: int) -> tuple[int, Ranked]:
    """How many items there are, and the first of them, with their scores."""
    view = index.around(node, scored=True, best=limit, by_date=sort is Sort.DATE)
    parts = find(view, node)
    score(view, parts, node)
    count = sum(len(part.documents) for part in parts)
    hits = [
        (parts[number].segment.record(int(parts[number].documents[at]))["id"],
         float(parts[number].scores[at]))
        for number, at in first(parts, sort, limit)
    ]  # fmt: skip
    return view.cut[0] if view.cut else count, hits


def alike(one: Ranked, other: Ranked) -> bool:
    """The same items in the same order, with the same scores; only of items whose scores are nearer
    than the tolerance may either come first."""
    return one == other or (
        len(one) == len(other)
        and all(
            abs(said - too) <= TOLERANCE * max(said, too)
            for (_, said), (_, too) in zip(one, other, strict=True)
        )
    )


@generated
@given(node=tree, sort=st.sampled_from(Sort))
def test_the_same_items_and_mentions_in_the_same_order(
    node: Node, sort: Sort, here: engine.Index, there: engine.Index
) -> None:
    wanted = scan(bundled(), node)
    assert found(here, node) == wanted
    assert found(there, node) == wanted
    (count, local), (counted, distant) = (ranked(index, node, sort, 5) for index in (here, there))
    assert count == counted == len(wanted)
    assert alike(local, distant)


def test_a_wrong_answer_is_seen(
    here: engine.Index, there: engine.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cluster's words for a text are broken: what it has after its first two characters."""
    from chabao.search.backends.cluster import structure
    from chabao.search.query import Literal

    phrase = structure.phrase
    monkeypatch.setattr(structure, "phrase", lambda text, *of: phrase(text[2:], *of))
    node: Any = Literal("川渝通办")
    sized = [ranked(index, node, Sort.SCORE, 5)[0] for index in (here, there)]
    assert sized[0] != sized[1]


@pytest.mark.parametrize(
    "node",
    [
        Near(Literal("2023"), Literal("2023"), 7),
        Near(Literal("政务服务"), Literal("服务"), 10),
        Near(Or((Literal("通办"), Literal("川渝通办"))), Literal("通办"), 20),
    ],
)
def test_a_text_near_what_it_overlaps(node: Node, here: engine.Index, there: engine.Index) -> None:
    wanted = scan(bundled(), node)
    assert wanted
    assert found(there, node) == found(here, node) == wanted
