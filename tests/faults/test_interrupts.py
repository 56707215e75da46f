"""Ctrl-C at random moments; more of them: python -m benchmarks.faults.interrupts"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import interrupts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends signals")


def test_ten_moments() -> None:
    tried = interrupts.run(9, 10)
    assert tried.trials == 10
    assert tried.failures == []


def test_what_is_lost_would_be_seen(tmp_path: Path) -> None:
    place = interrupts.prepared(tmp_path)
    words = ("search", "政务", "-o", "kept.xlsx")
    for name in ("kept.xlsx", "kept.csv"):
        (tmp_path / name).write_bytes(interrupts.KEPT)
    assert interrupts.lost(place, words, 130) is None
    (tmp_path / "kept.xlsx").write_bytes(b"PK half of it")
    assert interrupts.lost(place, words, 130) == "kept.xlsx is spoilt"
    (tmp_path / "kept.xlsx").write_bytes(interrupts.KEPT)
    (tmp_path / ".kept.csv.1.partial").touch()
    assert interrupts.lost(place, words, 130) == ".kept.csv.1.partial is left"
    next((tmp_path / "texts").glob("*.txt")).unlink()
    interrupts.build([tmp_path / "texts"], tmp_path / "index")
    assert interrupts.lost(place, words, 130) == "items are missing"
