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
Defaults are the full run, 0 is everything; what has less is a short one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

from benchmarks import machine

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
HOMES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""Where platformdirs looks on Linux and macOS; elsewhere these programs do not run."""
ASIDE = ("docs", "tests", "*.md", "benchmarks/faults/results")
"""Files that a run does not depend on."""
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
    program: str,
    promise: str,
    run: Callable[..., Tried],
    times: int,
    keep: Callable[[dict[str, Any]], None] | None = None,
    **others: int,
) -> NoReturn:
    """Runs a program as it was asked, prints what came of it as a line of JSON, and ends.

    Exit code 1 if anything failed, or if nothing was tried; `program` is its `__file__`, and `keep`
    saves its result, where that is not its last one alone.
    """
    full = {"times": times, **others}
    asked = vars(_parser(promise, full).parse_args())
    kept = asked.pop("save")
    print(f"seed {asked['seed']}", file=sys.stderr, flush=True)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # what a shell starts in the background ignores it, and so would all that is started here
        signal.signal(signal.SIGINT, signal.default_int_handler)
    begun, base = time.perf_counter(), head()
    with apart():
        tried = run(**asked)
    seconds = time.perf_counter() - begun
    for line in tried.failures[:SHOWN]:
        print(line, file=sys.stderr)
    result = told(Path(program).stem, promise, asked, tried, seconds, full, base)
    if kept:
        (keep or save)(result)
    print(json.dumps(result, ensure_ascii=False), flush=True)
    sys.exit(0 if tried.trials and not tried.failures else 1)


@contextmanager
def apart() -> Iterator[None]:
    """Meanwhile the program and its children have data, settings and caches of their own: what is
    saved, named and indexed by a trial is nothing of this user's."""
    with (
        tempfile.TemporaryDirectory(prefix="chabao-faults-") as place,
        mock.patch.dict(os.environ, {name: str(Path(place) / name) for name in HOMES}),
    ):
        os.environ.pop("CHABAO_INDEX", None)
        yield


def _parser(promise: str, full: dict[str, int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=promise)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    for name, default in full.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default)
    parser.add_argument("--save", action="store_true", help="keep the result for the report")
    return parser


def told(
    program: str,
    promise: str,
    asked: dict[str, int],
    tried: Tried,
    seconds: float,
    full: dict[str, int],
    base: str,
) -> dict[str, Any]:
    """The result as it is printed and kept: plain data."""
    of = machine.describe()
    return {
        "program": program,
        "promise": promise,
        **asked,
        "full": full,
        "trials": tried.trials,
        "whole": tried.whole,
        "failures": len(tried.failures),
        "failed": tried.failures[:SHOWN],
        "seconds": round(seconds, 1),
        "more": tried.more,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": base + ("+" if changed(base) else ""),
        "machine": {name: of[name] for name in ("cores", "memory_gb", "python", "system")},
    }  # fmt: skip


def head() -> str:
    """The newest commit here; "" where there is none."""
    return _git("rev-parse", "--short=12", "HEAD")


def changed(base: str) -> bool:
    """Whether files of the program differ from a commit, after a run that began with it."""
    aside = (f":(exclude){name}" for name in ASIDE)
    return bool(base and _git("diff", "--name-only", base, "--", ".", *aside))


def _git(*words: str) -> str:
    try:
        asked = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def save(result: dict[str, Any], folder: Path = RESULTS) -> None:
    folder.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{result['program']}.json").write_text(text, "utf-8")
