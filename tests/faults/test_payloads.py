"""Nothing that stands in an index is run: what would run where it is trusted leaves no mark."""

from __future__ import annotations

import pickle
import random
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import damage, payloads, planted
from benchmarks.faults.damage import World
from chabao.indexer.codecs import toc

SEED = random.SystemRandom().randrange(1 << 32)


@pytest.fixture(scope="module")
def there() -> Iterator[World]:
    with damage.world(random.Random(SEED)) as made, damage.undisturbed():
        yield made


def test_there_are_enough_of_them(tmp_path: Path) -> None:
    assert len(planted.every(tmp_path / "mark")) >= 50
    assert len(payloads.PLANTS) >= 10


@pytest.mark.parametrize("name", ["os.system", "INST", "a call in a segment"])
def test_they_run_where_they_are_trusted(tmp_path: Path, name: str) -> None:
    mark = tmp_path / "mark"
    assert planted.runs(planted.every(mark)[name], mark)


def test_some_of_them_everywhere(there: World) -> None:
    print("seed", SEED)
    chance = random.Random(SEED)
    names = list(planted.every(Path("mark")))
    pairs = [(chance.choice(names), where) for where in payloads.PLANTS for _ in range(2)]
    tried = payloads.planting(there, pairs, chance, SEED)
    assert tried.failures == [] and tried.trials == len(pairs)
    assert tried.more["refused"]["DamagedIndex"] > len(pairs)


def test_all_of_them_where_whoosh_would_run_them(there: World) -> None:
    """As stock Whoosh reads a table: the schema, then the segments."""
    for name, payload in planted.every(there.index.parent / "mark").items():
        for where in ("a table of Whoosh's", "a schema of Whoosh's", "what Whoosh pickled"):
            damage.restore(there)
            payloads.PLANTS[where](there, there.index.parent, payload)
            with suppress(payloads.ChabaoError):
                toc.read(there.index)
                assert where == "what Whoosh pickled"
            assert not (there.index.parent / "mark").exists(), f"{name} in {where} ran"


def test_the_trial_finds_who_trusts(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program made faulty by hand: it reads a table as stock Whoosh does."""
    real = toc._contents

    def trusting(data: bytes, number: int) -> Any:
        with suppress(Exception):
            pickle.loads(data[data.rindex(struct.pack("!ii", number, 0)) + 8 :])
        return real(data, number)

    monkeypatch.setattr(toc, "_contents", trusting)
    pairs = [("os.system", "a table of Whoosh's")]
    assert "it ran" in payloads.planting(there, pairs, random.Random(1)).failures[0]
