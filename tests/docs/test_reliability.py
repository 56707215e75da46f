"""docs/reliability.md says what the last full runs have left, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import frame, report
from benchmarks.faults.frame import Tried

RESULT: dict[str, Any] = {
    "program": "kill", "promise": "whole", "seed": 7, "times": 20_000, "readers": 8,
    "trials": 20_000, "failures": 0, "failed": [], "seconds": 3661.5,
    "more": {"writes in a commit": 1037, "at": {"random": 5000, "each": 2}},
    "date": "2026-11-21", "commit": "0123456789ab",
    "machine": {"cores": 2, "memory_gb": 8.0, "python": "3.11.7", "system": "Linux 6"},
}  # fmt: skip


def test_it_is_current() -> None:
    assert report.PAGE.read_text("utf-8") == report.page(report.results()), "run: make docs"


def test_a_result_is_of_a_program_that_is_there_and_of_its_promise() -> None:
    promises = report.promises()
    for name, result in report.results().items():
        assert result["promise"] == promises[name], (
            f"run: python -m benchmarks.faults.{name} --save"
        )


def test_figures_of_a_run_are_on_the_page() -> None:
    page = report.page({"kill": RESULT})
    assert "| 0 of 20,000 | 2026-11-21, 0123456789ab |" in page
    assert (
        "`python -m benchmarks.faults.kill --seed 7 --times 20000 --readers 8` | 61 min |" in page
    )
    assert "writes in a commit 1,037; at (random 5,000; each 2)" in page


def test_failures_and_what_was_never_run_are_seen() -> None:
    assert "| **3 of 20,000** |" in report.page({"kill": RESULT | {"failures": 3}})
    rows = len(report.promises())
    assert report.page({}).count(report.NEVER) == rows
    assert report.page({"kill": RESULT}).count(report.NEVER) == rows - 1


def test_a_program_says_its_seed_and_what_came_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(frame, "save", kept.append)

    def run(seed: int, times: int, readers: int) -> Tried:
        tried = Tried(more={"readers": readers})
        for number in range(times):
            tried.trial("broken" if number == seed else None)
        return tried

    def ended(*words: str) -> tuple[int | str | None, dict[str, Any], str]:
        monkeypatch.setattr(sys, "argv", ["odd.py", *words])
        with pytest.raises(SystemExit) as end:
            frame.main("odd.py", "promised", run, times=5, readers=8)
        said = capsys.readouterr()
        return end.value.code, json.loads(said.out), said.err

    code, result, said = ended("--seed", "9", "--times", "3", "--save")
    assert (code, result["trials"], result["failures"]) == (0, 3, 0)
    assert result["program"] == "odd" and result["readers"] == 8 and "seed 9" in said
    assert kept == [result]
    code, result, said = ended("--seed", "2")
    assert (code, result["failures"], result["failed"]) == (1, 1, ["broken"]) and "broken" in said
    assert ended("--times", "0")[0] == 1


def test_a_result_is_read_again(tmp_path: Path) -> None:
    told = frame.told("kill", "whole", {"seed": 1, "times": 2}, Tried(2, []), 0.5)
    frame.save(told, tmp_path)
    assert report.results(tmp_path) == {"kill": told}
