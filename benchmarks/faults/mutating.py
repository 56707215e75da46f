"""One target on changed inputs, without coverage, at full pace; a process of its own.

Inputs are made of those that guided fuzzing has gathered: as short as they, or long ones.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from pathlib import Path
from random import Random

from benchmarks.faults import targets

KILLED = 20
"""Seconds after which a process that hangs is ended; the input is then in the file `last`."""
STEP = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=targets.NAMES)
    parser.add_argument("--times", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--stage", choices=("mutating", "long"), default="mutating")
    parser.add_argument("--into", type=Path, required=True, help="has a folder, corpus")
    asked = parser.parse_args()
    target, chance = targets.load(asked.target), Random(asked.seed)
    seeds = [path.read_bytes() for path in sorted((asked.into / "corpus").iterdir())]
    change, step = targets.changed, STEP
    if asked.stage == "long":
        change, step = targets.lengthened, 1
        seeds += target.wholes()
    found: dict[str, str] = {}
    begun = time.process_time()
    with (asked.into / "last").open("w+b", buffering=0) as last:
        for number in range(1, asked.times + 1):
            if (number - 1) % step == 0:
                signal.alarm(KILLED + step // 20)
            data = change(chance, seeds, target)
            last.seek(0)
            last.write(len(data).to_bytes(4, "little") + data)
            if wrong := targets.examined(target, data):
                found.setdefault(targets.kind(wrong), wrong)
                (asked.into / f"found-{targets.named(data)}").write_bytes(data)
            if number % step == 0 or number == asked.times:
                seconds = round(time.process_time() - begun, 1)
                said = {"executions": number, "seconds": seconds, "found": list(found.values())}
                (asked.into / f"{asked.stage}.json").write_text(json.dumps(said), "utf-8")


if __name__ == "__main__":
    main()
