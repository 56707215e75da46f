"""Coverage-guided fuzzing of all that reads what it is given: python -m benchmarks.faults.fuzz

Each target of `targets` runs under atheris (libFuzzer) in a process of its own, from seeds of the
real bulletins: a million executions, guided by coverage, take the index some 40 minutes, all five
75 on one core, or 40 on two with `--at-once 2`. Who has less time says `--guided 60000`: from there
on what was gathered is changed by chance and tried without coverage, up to four times as fast.
Those inputs are short; some thousands that are long come last, `--long` of them. `--target` takes
one alone; with `--save` it is kept beside what is kept of the others.
`make .fuzz/.installed` installs what it needs. Inputs that failed are in `.fuzz/found`; what is
mended goes to `tests/faults/found/TARGET`, which the tests replay.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
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
GUIDED = TIMES
"""So many of them under atheris."""
LONG = 3_000
"""Long inputs of each target, beside those."""
ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".fuzz" / "bin" / "python"
KEPT = ROOT / ".fuzz" / "found"
STATUS = re.compile(rb"cov: (\d+) ft: (\d+) corp: (\d+)")


def run(
    seed: int, times: int, guided: int = GUIDED, long: int = LONG, target: int = 0, at_once: int = 1
) -> Tried:
    """All targets, or the one of that number, counted from 1; `guided` executions under atheris.

    `at_once` targets run side by side. A target that was executed less than `times` times failed.
    """
    names = targets.NAMES if not target else [targets.NAMES[target - 1]]
    with ThreadPoolExecutor(at_once) as pool:
        done = pool.map(lambda name: fuzzed(name, seed, times, min(guided, times), long), names)
        tried = sum(done, Tried())
    tried.whole = len(targets.NAMES) * (TIMES + LONG)
    return tried


def fuzzed(name: str, seed: int, times: int, guided: int, long: int) -> Tried:
    """One target: under atheris, then on what that has gathered, then on long inputs."""
    tried = Tried()
    if not PYTHON.exists():
        tried.trial("atheris is not installed: make .fuzz/.installed")
        return tried
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tried += staged(name, "fuzzing", guided, seed, folder)
        tried += staged(name, "mutating", times - guided, seed, folder)
        tried += staged(name, "long", long, seed, folder)
        KEPT.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("found-*"):
            shutil.copy(path, KEPT / f"{name}-{path.name}")
    tried.more[name] = {"trials": tried.trials, "failures": len(tried.failures)}
    print(f"{name}: {tried.more}, {len(tried.failures)} failures", file=sys.stderr, flush=True)
    return tried


def staged(name: str, stage: str, times: int, seed: int, folder: Path) -> Tried:
    """One of the stages, in a process of its own; `times` executions, fewer of which are a
    failure."""
    if not times:
        return Tried()
    words: list[str | Path] = [PYTHON, "-m", "benchmarks.faults.fuzzing", name]
    if stage != "fuzzing":
        words = [sys.executable, "-m", "benchmarks.faults.mutating", name, "--stage", stage]
    words += ["--times", str(times), "--seed", str(seed), "--into", folder]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True)
    place = folder / f"{stage}.json"
    said = json.loads(place.read_text("utf-8")) if place.exists() else {"found": []}
    tried = Tried(said.get("executions", 0), [f"{name}: {wrong}" for wrong in said["found"]])
    if ran.returncode:
        last = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-30:]
        tried.failures.append(f"{name}: ended with {ran.returncode}: {' / '.join(last)}"[:2000])
        if (folder / "last").exists():
            (folder / "last").rename(folder / "found-last")
    if tried.trials < times:
        tried.failures.append(f"{name}, {stage}: {tried.trials:,} of {times:,} executions")
    tried.more = {f"{name}, {stage}": figures(said, ran.stderr)}
    return tried


def figures(said: dict[str, Any], told: bytes) -> dict[str, Any]:
    """Executions, their pace, and how much of the code and how many inputs they reached."""
    taken = {key: said[key] for key in ("executions", "seconds") if key in said}
    if seconds := said.get("seconds"):
        taken["a second"] = round(said["executions"] / seconds)
    if status := STATUS.findall(told):
        names = ("branches", "features", "inputs kept")
        taken |= dict(zip(names, map(int, status[-1]), strict=True))
    return taken


def blind(name: str, seed: int, times: int, long: int = 0) -> Tried:
    """One target without atheris: its seeds, seeds that were changed by chance, long inputs."""
    target, chance, tried = targets.load(name), Random(seed), Tried()
    seeds = target.seeds()
    for number in range(times + long):
        if number < times:
            data = seeds[number] if number < len(seeds) else targets.changed(chance, seeds, target)
        else:
            data = targets.lengthened(chance, [*seeds, *target.wholes()], target)
        wrong = targets.examined(target, data)
        tried.trial(wrong and f"{name}: {wrong}: {data[:1000]!r}")
    return tried


def keep(result: dict[str, Any], folder: Path = frame.RESULTS) -> None:
    """Saves a result; that of one target beside what is kept of the others, each with its commit
    and its seed."""
    place, more = folder / f"{result['program']}.json", result["more"]
    known: dict[str, Any] = {"more": {}, "failed": []}
    if result["target"] and place.exists():
        known = json.loads(place.read_text("utf-8"))
    for name in targets.NAMES:
        if name in more:
            more[name] |= {"seed": str(result["seed"]), "commit": result["commit"]}
            known["failed"] = [line for line in known["failed"] if not line.startswith(f"{name}:")]
    more = known["more"] | more
    each = [more[name] for name in targets.NAMES if name in more]
    stages = [said for name, said in more.items() if name not in targets.NAMES]
    joined = {
        "target": 0,
        "trials": sum(said["trials"] for said in each),
        "failures": sum(said["failures"] for said in each),
        "failed": known["failed"] + result["failed"],
        "seconds": round(sum(said.get("seconds", 0) for said in stages), 1),
        "commit": ", ".join(dict.fromkeys(said["commit"] for said in each)),
        "more": more,
    }
    frame.save(result | joined, folder)


if __name__ == "__main__":
    frame.main(__file__, PROMISE, run, TIMES, keep, guided=GUIDED, long=LONG, target=0, at_once=1)
