"""Tests on a real cluster, which they never start: `make test-cluster` does, or `make cluster`.

Where none is up they are skipped, and it is said once; with CHABAO_NEED_CLUSTER=1 that is an error.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from chabao.tests.cluster.nodes import Cluster

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.resolve().parent))  # where the oracle is
MISSING = "no cluster is up (make cluster starts one; it needs Java 21 and Maven)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    of_cluster = [item for item in items if HERE in item.path.parents]
    if not of_cluster or Cluster().up():
        return
    if os.environ.get("CHABAO_NEED_CLUSTER") == "1":
        raise pytest.UsageError(MISSING)
    config.stash[SKIPPED] = len(of_cluster)
    for item in of_cluster:
        item.add_marker(pytest.mark.skip(reason=MISSING))


SKIPPED = pytest.StashKey[int]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if skipped := config.stash.get(SKIPPED, 0):
        terminalreporter.write_line(f"{skipped} tests of the cluster were skipped: {MISSING}")


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The cluster that all tests share; none of them harms it."""
    return Cluster()


@pytest.fixture
def name(cluster: Cluster) -> Iterator[str]:
    """A name for an index, and for all that begin with it; they are removed afterwards."""
    chosen = f"test-{uuid.uuid4().hex[:12]}"
    yield chosen
    cluster.ask("DELETE", f"/{chosen}*")
