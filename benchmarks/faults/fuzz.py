"""Coverage-guided fuzzing of all that reads what it is given: python -m benchmarks.faults.fuzz

Each target of `targets` runs under atheris (libFuzzer) in a process of its own, from seeds of the
real bulletins. `make .fuzz/.installed` installs what it needs. Inputs that failed are in
`.fuzz/found`; what is mended goes to `tests/faults/found/TARGET`, which the tests replay.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults import frame, targets
from benchmarks.faults.frame import Tried

PROMISE = (
    "Whatever is typed, read or found in an index is answered or refused: no crash, nothing slower "
    "than 2 s, no more than 200 MB of memory at once."
)
TIMES = 1_000_000
"""Executions of each target."""
ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".fuzz" / "bin" / "python"
KEPT = ROOT / ".fuzz" / "found"
STATUS = re.compile(rb"cov: (\d+) ft: (\d+) corp: (\d+)")


def run(seed: int, times: int, target: int = 0) -> Tried:
    """All targets, or the one of that number, counted from 1."""
    tried = Tried()
    for name in targets.NAMES if not target else [targets.NAMES[target - 1]]:
        tried += guided(name, seed, times)
    return tried


def guided(name: str, seed: int, times: int) -> Tried:
    """One target under atheris."""
    tried = Tried()
    if not PYTHON.exists():
        tried.trial("atheris is not installed: make .fuzz/.installed")
        return tried
    with tempfile.TemporaryDirectory() as folder:
        words = [PYTHON, "-m", "benchmarks.faults.fuzzing", name, "--times", str(times)]
        ran = subprocess.run(
            [*words, "--seed", str(seed), "--into", folder], cwd=ROOT, capture_output=True
        )
        place = Path(folder, "said.json")
        said = json.loads(place.read_text("utf-8")) if place.exists() else {"found": []}
        tried.trials = said.get("executions", 0)
        tried.failures = [f"{name}: {wrong}" for wrong in said["found"]]
        if ran.returncode:
            last = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-30:]
            tried.failures.append(f"{name}: ended with {ran.returncode}: {' / '.join(last)}"[:2000])
        KEPT.mkdir(parents=True, exist_ok=True)
        for path in Path(folder).glob("found-*"):
            shutil.copy(path, KEPT / f"{name}-{path.name}")
        tried.more = {name: figures(said, ran.stderr)}
    print(f"{name}: {tried.more[name]}, {len(tried.failures)} failures", file=sys.stderr)
    return tried


def figures(said: dict[str, Any], told: bytes) -> dict[str, Any]:
    """Executions, their pace, and how much of the code and how many inputs they reached."""
    taken = {key: said[key] for key in ("executions", "seconds") if key in said}
    if seconds := said.get("seconds"):
        taken["a second"] = round(said["executions"] / seconds)
    if status := STATUS.findall(told):
        taken |= dict(
            zip(("branches", "features", "inputs kept"), map(int, status[-1]), strict=True)
        )
    return taken


def blind(name: str, seed: int, times: int) -> Tried:
    """One target without atheris: its seeds, and seeds that were changed by chance."""
    target, chance, tried = targets.load(name), Random(seed), Tried()
    seeds = target.seeds()
    for number in range(times):
        data = seeds[number] if number < len(seeds) else targets.changed(chance, seeds, target)
        wrong = targets.examined(target, data)
        tried.trial(wrong and f"{name}: {wrong}: {data!r}")
    return tried


if __name__ == "__main__":
    frame.main(__file__, PROMISE, run, TIMES, target=0)
