"""What the programs of this folder share: options, time, the line at the end, the exit code.

    PROMISE = "A commit that was acknowledged is whole, whenever the writer is killed."

    def run(seed: int, times: int) -> Tried:
        tried = Tried()
        for number in range(times):
            tried.trial(None if good else f"trial {number}: what went wrong")
        tried.more["writes in a commit"] = 37
        return tried

    if __name__ == "__main__":
        main(__file__, PROMISE, run, times=10_000)

`tests/faults/` imports `run` and calls it with a small number. Further options are whole numbers,
declared by their defaults: `main(…, readers=8)` gives `--readers` and calls `run(…, readers=8)`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from benchmarks import machine

RESULTS = Path(__file__).parent / "results"
SHOWN = 10
"""Failures that are told one by one."""


@dataclass
class Tried:
    """What was tried, what failed (a line each), and other figures by their names; how many trials
    the whole would be, where that is known."""

    trials: int = 0
    failures: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    whole: int = 0

    def trial(self, failure: str | None = None) -> None:
        """Counts one trial, and what went wrong in it."""
        self.trials += 1
        if failure:
            self.failures.append(failure)

    def __add__(self, other: Tried) -> Tried:
        return Tried(
            self.trials + other.trials, self.failures + other.failures,
            {**self.more, **other.more}, max(self.whole, other.whole),
        )  # fmt: skip


def main(
    program: str, promise: str, run: Callable[..., Tried], times: int, **others: int
) -> NoReturn:
    """Runs a program as it was asked, prints what came of it as a line of JSON, and ends.

    Exit code 1 if anything failed, or if nothing was tried; `program` is its `__file__`.
    """
    asked = vars(_parser(promise, times, others).parse_args())
    keep = asked.pop("save")
    print(f"seed {asked['seed']}", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    tried = run(**asked)
    seconds = time.perf_counter() - begun
    for line in tried.failures[:SHOWN]:
        print(line, file=sys.stderr)
    result = told(Path(program).stem, promise, asked, tried, seconds)
    if keep:
        save(result)
    print(json.dumps(result, ensure_ascii=False), flush=True)
    sys.exit(0 if tried.trials and not tried.failures else 1)


def _parser(promise: str, times: int, others: dict[str, int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=promise)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    for name, default in {"times": times, **others}.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default)
    parser.add_argument("--save", action="store_true", help="keep the result for the report")
    return parser


def told(
    program: str, promise: str, asked: dict[str, int], tried: Tried, seconds: float
) -> dict[str, Any]:
    """The result as it is printed and kept: plain data."""
    of = machine.describe()
    return {
        "program": program,
        "promise": promise,
        **asked,
        "trials": tried.trials,
        "failures": len(tried.failures),
        "failed": tried.failures[:SHOWN],
        "seconds": round(seconds, 1),
        "more": tried.more,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit(),
        "machine": {name: of[name] for name in ("cores", "memory_gb", "python", "system")},
    }


def commit() -> str:
    """The commit that was tried, with + if files of the program differ from it; "" if unknown."""
    root = Path(__file__).parents[2]

    def git(*words: str) -> str:
        asked = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
        return asked.stdout.strip() if asked.returncode == 0 else ""

    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", "*.py")
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except OSError:
        return ""


def save(result: dict[str, Any], folder: Path = RESULTS) -> None:
    folder.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{result['program']}.json").write_text(text, "utf-8")
