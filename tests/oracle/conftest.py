"""Lets the tests of this folder import the oracle, and gives them indexes to hold against it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer import fields, parser, reader
from chabao.indexer.bulletin import Issue
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.backends import whoosh_

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

NEVER = 1 << 62
KERNELS = {"plain": NEVER, "numeric": -1}


@pytest.fixture(scope="session")
def bulletins(root: Path) -> list[tuple[str, Issue]]:
    """The five bulletins: each file's text, and the issue read from it."""
    files = sorted((root / "corpus").glob("*.txt"))
    texts = [(path, reader.decode(reader.load(path), path)) for path in files]
    return [(text, parser.parse(text, path.name)) for path, text in texts]


@pytest.fixture(scope="session")
def records(bulletins: list[tuple[str, Issue]]) -> list[dict[str, Any]]:
    return [record for _, issue in bulletins for record in fields.records(issue)]


@pytest.fixture(scope="session")
def whole(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the five bulletins in one segment."""
    path = tmp_path_factory.mktemp("whole")
    with WhooshSink(path) as sink:
        sink.add(records)
        sink.commit()
    return path


@pytest.fixture(scope="session")
def parted(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, a segment a bulletin, with items between that were taken out again."""
    path = tmp_path_factory.mktemp("parted")
    sources = sorted({record["source"] for record in records})
    for number, source in enumerate(sources):
        own = [record for record in records if record["source"] == source]
        gone = [
            record | {"id": f"gone{at}", "source": f"gone{number}.txt"}
            for at, record in enumerate(records)
            if record["source"] != source
        ][number : number + 8]
        with WhooshSink(path) as sink:
            sink.add([*gone[:4], *own[:3], *gone[4:], *own[3:]])
            sink.commit()
    with WhooshSink(path) as sink:
        for number in range(len(sources)):
            sink.remove(f"gone{number}.txt")
        sink.commit()
    return path


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Every search of the test runs on this kernel, whatever it costs."""
    for name in ("WARM", "COLD"):
        monkeypatch.setattr(whoosh_, name, KERNELS[request.param])
    yield request.param
