"""An index that came to harm is never answered from, and is brought back."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import damage, repair
from chabao.indexer.codecs import container, segment, toc
from chabao.indexer.codecs.container import Reader

SEED = random.SystemRandom().randrange(1 << 32)


def test_what_came_to_harm_is_refused_or_answers_right() -> None:
    print("seed", SEED)
    tried = damage.run(SEED, 250)
    assert tried.failures == []
    assert tried.trials == 250
    assert tried.more["outcome"]["right"] > 50 and tried.more["outcome"]["refused"] > 500


def test_it_is_brought_back() -> None:
    print("seed", SEED)
    tried = repair.run(SEED, 8)
    assert tried.failures == []
    assert tried.trials == 8


def unchecked(reader: Reader, first: int, last: int) -> None:
    reader.checked[first:last] = b"\1" * (last - first)


@pytest.mark.parametrize(
    ("place", "faulty"),
    [(Reader, {"check": unchecked}), (toc, {"_check": lambda body, whoosh: 0}),
     (container.zlib, {"crc32": lambda data, before=0: 0})],
    ids=["blocks", "table", "all"],
)  # fmt: skip
def test_the_trial_finds_what_does_not_check(
    monkeypatch: pytest.MonkeyPatch, place: object, faulty: dict[str, Callable[..., object]]
) -> None:
    """The program made faulty by hand: it fails then."""
    for name, function in faulty.items():
        monkeypatch.setattr(place, name, function)
    assert damage.run(7, 80).failures


def test_the_trial_finds_files_that_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    real = segment.Segment.named.__func__

    def careless(cls: type, folder: Path, entry: toc.Entry) -> segment.Segment:
        return real(cls, folder, toc.Entry(entry.name, entry.size, entry.deleted, {}))

    monkeypatch.setattr(segment.Segment, "named", classmethod(careless))
    assert damage.run(3, 150).failures
