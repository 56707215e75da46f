"""What fuzzing found stays mended; and a short run of each target, without atheris.

The full run, guided by coverage: python -m benchmarks.faults.fuzz
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import fuzz, targets
from chabao.indexer import cleanup, dates, tokens
from chabao.indexer.codecs import soundness

FOUND = sorted(path for path in Path(__file__).with_name("found").glob("*/*") if path.is_file())
LONG = 20
TIMES = {"language": 1_500, "parser": 600, "cleanup": 1_500, "dates": 3_000, "index": 800}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name} {path.name}")
def test_what_was_found_stays_mended(path: Path) -> None:
    assert targets.examined(targets.load(path.parent.name), path.read_bytes()) is None


@pytest.mark.parametrize("name", targets.NAMES)
def test_a_short_run(name: str) -> None:
    tried = fuzz.blind(name, 9, TIMES[name], LONG)
    assert tried.trials == TIMES[name] + LONG
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a peak is never forgotten")
def test_what_is_heavy_would_be_seen_after_what_nearly_is() -> None:
    def hold(data: bytes) -> None:
        bytearray(b"x") * (int(data) << 20)

    target = targets.Target(hold, list, (), 9)
    targets.forget()  # what other tests have taken, which may be far more
    assert targets.examined(target, b"190") is None
    found = re.fullmatch(r"heavy: (\d+) MB", str(targets.examined(target, b"300")))
    assert found and 280 <= int(found[1]) <= 320, "the system counts by and large"
    assert targets.examined(target, b"190") is None


def test_what_grows_with_the_square_of_its_length_would_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cleanup, "RULED", re.compile(r"[\s|:+-]*\|[\s|:+-]*"))
    monkeypatch.setattr(targets, "SLOW", 0.2)
    target, chance = replace(targets.load("cleanup"), words=("|",)), Random(9)
    seeds = target.seeds()
    taken = (targets.examined(target, targets.lengthened(chance, seeds, target)) for _ in range(40))
    assert any(wrong and wrong.startswith("slow") for wrong in taken)


def test_long_inputs_are_long() -> None:
    chance = Random(9)
    for name in targets.NAMES:
        target = targets.load(name)
        least, most = targets.LONG
        for _ in range(20):
            size = len(targets.lengthened(chance, target.seeds(), target))
            assert least <= size + 1 and size <= most + target.head


def test_a_target_that_fell_short_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = {"executions": 900, "seconds": 1.0, "found": []}
    (tmp_path / "long.json").write_text(json.dumps(said))
    ran = subprocess.CompletedProcess([], 0, b"", b"#9 NEW cov: 5 ft: 7 corp: 3/12b")
    monkeypatch.setattr(subprocess, "run", lambda *_words, **_how: ran)
    tried = fuzz.staged("dates", "long", 1000, 1, tmp_path)
    assert tried.failures == ["dates, long: 900 of 1,000 executions"]
    assert tried.more["dates, long"]["branches"] == 5
    assert fuzz.staged("dates", "long", 900, 1, tmp_path).failures == []


def test_stages_run(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "seed").write_bytes(b"\0\0\0" + "上半年".encode())
    for stage in ("mutating", "long"):
        tried = fuzz.staged("dates", stage, 7, 3, tmp_path)
        assert (tried.trials, tried.failures) == (7, [])


def test_a_target_that_is_tried_alone_is_kept_beside_the_others(tmp_path: Path) -> None:
    def tried(number: int, commit: str, **failures: int) -> None:
        more: dict[str, dict[str, float]] = {}
        for name, failed in failures.items():
            more[name] = {"trials": 10, "failures": failed}
            more[f"{name}, fuzzing"] = {"executions": 10, "seconds": 1.5}
        failed = [f"{name}: wrong" for name, count in failures.items() if count]
        fuzz.keep({
            "program": "fuzz", "seed": number, "target": number, "trials": 10, "failures": 9,
            "failed": failed, "seconds": 99.0, "commit": commit, "more": more,
        }, tmp_path)  # fmt: skip

    def kept() -> list[object]:
        said = json.loads((tmp_path / "fuzz.json").read_text("utf-8"))
        return [said[name] for name in ("target", "trials", "failures", "failed", "commit")]

    tried(0, "a", index=1, dates=0)
    assert kept() == [0, 20, 1, ["index: wrong"], "a"]
    tried(1, "b", index=0)
    assert kept() == [0, 20, 0, [], "b, a"]
    tried(2, "b", language=2)
    assert kept() == [0, 30, 2, ["language: wrong"], "b, a"]
    said = json.loads((tmp_path / "fuzz.json").read_text("utf-8"))
    assert said["more"]["dates"] == {"trials": 10, "failures": 0, "seed": "0", "commit": "a"}
    assert said["seconds"] == 4.5
    tried(0, "c", index=0)
    assert kept() == [0, 10, 0, [], "c"]
