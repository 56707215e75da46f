"""Nodes are killed, halted and filled up while the program writes and asks.

The short form of `benchmarks.cluster.faults`, on a cluster of its own: no other test meets a node
that is gone. A cluster takes minutes to be whole again, so they run where CHABAO_FULL is set:
CHABAO_FULL=1 make test-cluster.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from benchmarks.cluster import faults
from benchmarks.cluster.faults import World
from benchmarks.faults.frame import Tried
from chabao.indexer.cluster.errors import Overwhelmed
from chabao.search import engine

SEED = 8
pytestmark = pytest.mark.skipif("CHABAO_FULL" not in os.environ, reason="CHABAO_FULL is not set")


@pytest.fixture(scope="module")
def world(cluster: object) -> Iterator[World]:
    with faults.world(random.Random(SEED), 6) as made:
        assert faults._written(made, made.items(made.reference)) is None
        yield made


def passed(tried: Tried) -> None:
    assert tried.trials > 0
    assert tried.failures == []


def test_a_node_is_killed_while_a_folder_is_indexed(world: World) -> None:
    passed(faults.indexing(world, 1))


def test_a_node_is_killed_while_questions_are_asked(world: World) -> None:
    passed(faults.searching(world, 60, nodes=1))


def test_a_node_hangs_while_questions_are_asked(world: World) -> None:
    passed(faults.halting(world, 20))


def test_two_nodes_are_gone_and_come_back(world: World) -> None:
    passed(faults.parting(world, ["search"]))


def test_a_disk_is_full(world: World) -> None:
    passed(faults.filling(world))


def test_a_lost_item_and_a_wrong_answer_are_noticed(world: World) -> None:
    """The checks above can fail: one item less, and they do."""
    expected = world.items(world.reference)
    assert faults._kept(world, expected[1:])
    with engine.open_index(world.reference) as here, engine.open_index(world.location) as there:
        assert faults._compared(here, there, "政务服务") is None

        def nothing(*_words: object) -> None:
            raise Overwhelmed(path="there", reason="nothing")

        there.around = nothing  # type: ignore[assignment,method-assign]
        assert faults._compared(here, there, "川渝通办")
