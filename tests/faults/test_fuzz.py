"""What fuzzing found stays mended; and a short run of each target, without atheris.

The full run, guided by coverage: python -m benchmarks.faults.fuzz
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import fuzz, targets
from chabao.indexer import cleanup, dates, tokens
from chabao.indexer.codecs import soundness

FOUND = sorted(path for path in Path(__file__).with_name("found").glob("*/*") if path.is_file())
TIMES = {"language": 1_500, "parser": 600, "cleanup": 1_500, "dates": 3_000, "index": 800}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name} {path.name}")
def test_what_was_found_stays_mended(path: Path) -> None:
    assert targets.examined(targets.load(path.parent.name), path.read_bytes()) is None


@pytest.mark.parametrize("name", targets.NAMES)
def test_a_short_run(name: str) -> None:
    tried = fuzz.blind(name, 9, TIMES[name])
    assert tried.trials == TIMES[name]
    assert tried.failures == []


@pytest.mark.parametrize(
    ("name", "module", "attribute", "stub"),
    [
        ("cleanup", cleanup, "PAGE_NUMBER", None),
        ("dates", dates, "_date", lambda *parts: dates.date(*parts)),
        ("parser", tokens, "_parted", None),
        ("index", soundness, "faults", lambda segment: iter(())),
    ],
)
def test_a_fault_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, module: object, attribute: str, stub: object
) -> None:
    monkeypatch.setattr(module, attribute, stub)
    assert fuzz.blind(name, 9, 500).failures or any(
        targets.examined(targets.load(name), path.read_bytes())
        for path in FOUND
        if path.parent.name == name
    )


def test_what_is_slow_or_heavy_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "SLOW", 0.05)
    monkeypatch.setattr(targets, "HEAVY", 8 << 20)
    kept: list[bytearray] = []

    def spin(_data: bytes) -> None:
        end = targets.time.process_time() + 0.06
        while targets.time.process_time() < end:
            pass

    def grow(_data: bytes) -> None:
        before = targets.peak()
        while targets.peak() - before <= targets.HEAVY:
            kept.append(bytearray(b"x" * (64 << 20)))

    def target(check: Callable[[bytes], None]) -> targets.Target:
        return targets.Target(check, list, (), 9)

    assert str(targets.examined(target(spin), b"")).startswith("slow")
    monkeypatch.setattr(targets, "SLOW", 60)
    assert str(targets.examined(target(grow), b"")).startswith("heavy")
