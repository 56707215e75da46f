"""docs/reliability.md says what the last runs have left, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import frame, report
from benchmarks.faults.frame import Tried
from chabao import naming

RESULT: dict[str, Any] = {
    "program": "kill", "promise": "whole", "seed": 7, "times": 20_000, "readers": 8,
    "full": {"times": 20_000, "readers": 8}, "whole": 0,
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
    assert "| 0 of 20,000 | 2026-11-21, 0123456789ab, full |" in page
    assert (
        "`python -m benchmarks.faults.kill --seed 7 --times 20000 --readers 8` | 61 min |" in page
    )
    assert "writes in a commit 1,037; at (random 5,000; each 2)" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"times": 40}, "**short: `--times` 40 of 20,000**"),
        ({"times": 30_000, "readers": 2}, "**short: `--readers` 2 of 8**"),
        ({"times": 40, "full": {"times": 0, "readers": 1}}, "**short: `--times` 40 of all**"),
        ({"times": 40, "trials": 40, "whole": 804}, "**short: 40 of 804**"),
        ({"times": 0, "trials": 804, "whole": 804}, "full"),
        ({"times": 30_000, "readers": 9}, "full"),
        ({"times": 0, "full": {"times": 0, "readers": 8}}, "full"),
    ],
)
def test_a_short_run_is_called_short(changed: dict[str, Any], said: str) -> None:
    assert f"| 2026-11-21, 0123456789ab, {said} |" in report.page({"kill": RESULT | changed})


def test_of_an_older_result_nobody_knows() -> None:
    older = {name: value for name, value in RESULT.items() if name not in ("full", "whole")}
    assert "0123456789ab, full or not: not known |" in report.page({"kill": older})


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
    assert result["full"] == {"times": 5, "readers": 8} and result["times"] == 3
    assert kept == [result]
    code, result, said = ended("--seed", "2")
    assert (code, result["failures"], result["failed"]) == (1, 1, ["broken"]) and "broken" in said
    assert ended("--times", "0")[0] == 1


def test_a_result_is_read_again(tmp_path: Path) -> None:
    asked, full = {"seed": 1, "times": 2}, {"times": 9}
    told = frame.told("kill", "whole", asked, Tried(2, []), 0.5, full, "")
    frame.save(told, tmp_path)
    assert report.results(tmp_path) == {"kill": told}


def test_what_a_trial_saves_is_not_among_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in frame.HOMES:
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("CHABAO_INDEX", "mine")
    seen: list[Path] = []

    def run(seed: int, times: int) -> Tried:
        where = "from chabao import naming; print(naming.data())"
        child = subprocess.run([sys.executable, "-c", where], capture_output=True, text=True)
        seen.extend((naming.data(), Path(child.stdout.strip())))
        naming.data().mkdir(parents=True)
        assert "CHABAO_INDEX" not in os.environ
        return Tried(1)

    monkeypatch.setattr(sys, "argv", ["odd.py"])
    with pytest.raises(SystemExit):
        frame.main("odd.py", "promised", run, times=1)
    assert seen[0] == seen[1] and not seen[0].exists()
    assert not seen[0].is_relative_to(tmp_path) and not list(tmp_path.iterdir())
    assert os.environ["XDG_DATA_HOME"] == str(tmp_path) and os.environ["CHABAO_INDEX"] == "mine"


def test_a_commit_is_that_of_the_beginning_and_changes_of_the_program_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    def write(name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    for name in (aside := ("docs/a.md", "README.md", "benchmarks/faults/results/a.json")):
        write(name, "1")
    write("search/a.py", "1")
    git("init")
    git("add", ".")
    git("commit", "-m", "1")
    monkeypatch.setattr(frame, "ROOT", tmp_path)
    base = frame.head()
    assert len(base) == 12
    for name in aside:
        write(name, "2")
    assert not frame.changed(base)
    write("search/a.py", "2")
    assert frame.changed(base)
    git("commit", "-am", "2")
    assert frame.changed(base) and not frame.changed(frame.head())
