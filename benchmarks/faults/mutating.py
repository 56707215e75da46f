"""One target on changed inputs, without coverage, at full pace; a process of its own.

Inputs are those of a corpus that guided fuzzing has gathered.
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
    parser.add_argument("--seconds", type=int, default=0, help="of the processor, at most")
    parser.add_argument("--into", type=Path, required=True, help="has a folder, corpus")
    asked = parser.parse_args()
    target, chance = targets.load(asked.target), Random(asked.seed)
    seeds = [path.read_bytes() for path in sorted((asked.into / "corpus").iterdir())]
    found: dict[str, str] = {}
    begun = time.process_time()
    with (asked.into / "last").open("w+b", buffering=0) as last:
        for number in range(1, asked.times + 1):
            if number % STEP == 1:
                signal.alarm(KILLED + STEP // 20)
            data = targets.changed(chance, seeds, target)
            last.seek(0)
            last.write(len(data).to_bytes(4, "little") + data)
            if wrong := targets.examined(target, data):
                found.setdefault(targets.kind(wrong), wrong)
                (asked.into / f"found-{targets.named(data)}").write_bytes(data)
            if number % STEP == 0 or number == asked.times:
                seconds = round(time.process_time() - begun, 1)
                late = 0 < asked.seconds < seconds
                said = {"executions": number, "seconds": seconds, "found": list(found.values())}
                (asked.into / "mutating.json").write_text(json.dumps(said), "utf-8")
                if late:
                    break


if __name__ == "__main__":
    main()
