"""One engine in a process of its own, told what to do in lines of JSON on standard input."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import engines, texts
from benchmarks.engine import Engine, Query


def memory(field: str) -> float:
    """`VmHWM` (peak) or `VmRSS` (now) in MB; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(field))


def build(engine: Engine, docs: str, folder: str) -> dict[str, Any]:
    start = time.perf_counter()
    engine.build(texts.read(Path(docs)), Path(folder))
    wall = time.perf_counter() - start
    return {"wall": wall, "cpu": sum(os.times()[:4]), "peak": memory("VmHWM")}


def ask(engine: Engine, queries: list[Any], budget: float) -> dict[str, Any]:
    """Nanoseconds of each query, as far as the budget of seconds goes."""
    asked = [Query.read(query) for query in queries]
    end = time.perf_counter() + budget
    taken: list[int] = []
    for query in asked:
        start = time.perf_counter_ns()
        engine.answer(query)
        taken.append(time.perf_counter_ns() - start)
        if time.perf_counter() > end:
            break
    return {"nanoseconds": taken}


def obey(engine: Engine, order: dict[str, Any]) -> dict[str, Any]:
    match order["do"]:
        case "build":
            return build(engine, order["docs"], order["folder"])
        case "open":
            engine.open(Path(order["folder"]))
            return {}
        case "ask":
            return ask(engine, order["queries"], order["budget"])
        case "total":
            return {"totals": [engine.total(Query.read(query)) for query in order["queries"]]}
        case "cold":
            commands = engine.cold(Path(order["folder"]), Query.read(order["query"]))
            return {"commands": commands}
        case "memory":
            return {"resident": memory("VmRSS")}
    raise ValueError(order["do"])


def introduce(engine: Engine) -> dict[str, Any]:
    return {
        "about": engine.about(),
        "sees": engine.sees,
        "shapes": sorted(engine.shapes),
        "wants": sorted(engine.wants),
    }


def main() -> None:
    # Whatever a library prints must not come between the lines of JSON.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        engine = engines.load(sys.argv[1])
    except (ModuleNotFoundError, FileNotFoundError) as error:
        return say({"missing": str(error)})
    say(introduce(engine))
    for line in sys.stdin:
        say(obey(engine, json.loads(line)))


if __name__ == "__main__":
    main()
