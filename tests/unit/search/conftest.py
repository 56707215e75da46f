"""Small indexes of items that a test writes down, and the one of the bundled bulletins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.build import build
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine
from chabao.search.backends import whoosh_

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

Indexed = Callable[..., engine.Index]
KERNELS = {"plain": 1 << 62, "numeric": -1}


@pytest.fixture
def indexed(tmp_path: Path) -> Indexed:
    """Items to an open index, a segment for each list."""

    def make(*segments: list[dict[str, Any]]) -> engine.Index:
        for records in segments:
            with WhooshSink(tmp_path) as sink:
                sink.add(records)
                sink.commit()
        return engine.open_index(tmp_path)

    return make


@pytest.fixture(scope="session")
def bundled(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Index]:
    path = tmp_path_factory.mktemp("bundled")
    build([root / "corpus"], path)
    with engine.open_index(path) as index:
        yield index


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every search of the test runs on this kernel, whatever it costs."""
    for bound in ("WARM", "COLD"):
        monkeypatch.setattr(whoosh_, bound, KERNELS[request.param])
    return str(request.param)
