"""Where the milliseconds of a cold lookup go: a whole process, from its start to its end.

Commands are run in turn, page cache warm; the floor is a process that only imports what a lookup
with stock parts would import.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from benchmarks import processes, texts
from benchmarks.conductor import ROOT, Missing, Worker
from benchmarks.engine import Query, Shape, Want
from benchmarks.engines import PEERS
from benchmarks.tables import number, table
from benchmarks.words import words

BARE = "python, nothing else"
FLOOR = "floor: import click, rich.console, whoosh.index"
LIMIT = 1.3
"""A cold lookup may take so many times the floor."""
IMPORTS = {
    BARE: "pass",
    "import click": "import click",
    "import rich.console": "import rich.console",
    "import numpy": "import numpy",
    "import whoosh.index": "import whoosh.index",
    FLOOR: "import click, rich.console, whoosh.index",
}
STAGES = """
import json, time
clock = [time.perf_counter()]
import click
clock.append(time.perf_counter())
import chabao.cli
from chabao.search import engine
clock.append(time.perf_counter())
index = engine.open_index(__import__("pathlib").Path({path!r}))
clock.append(time.perf_counter())
found = engine.search(index, {phrase!r})
[hit.item["text"] for hit in found.hits]
clock.append(time.perf_counter())
print(json.dumps([(b - a) * 1000 for a, b in zip(clock, clock[1:])]))
"""
NAMES = ("import click", "import chabao", "open", "answer")
PHRASE = "川渝通办"
LINE = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \|( *)(\S+)")
SHOWN = 25


def importing(command: list[str]) -> list[tuple[str, int, int]]:
    """Each module that a Python command imports: name, its own and its whole microseconds."""
    env = processes.environment() | {"PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env)
    found = map(LINE.match, done.stderr.splitlines())
    return [(line[4], int(line[1]), int(line[2])) for line in found if line]


def by_package(imports: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """Microseconds of each top-level package's modules, ours one by one; the longest first."""
    told: dict[str, int] = {}
    for module, own, _ in imports:
        name = module if module.startswith("chabao") else module.partition(".")[0]
        told[name] = told.get(name, 0) + own
    return dict(sorted(told.items(), key=lambda at: -at[1]))


def commands(work: Path, docs: Path, scale: int, peers: Iterable[str]) -> dict[str, list[str]]:
    """The lookups of the engines whose indexes are there or can be built."""
    query = Query("phrase", Shape.PHRASE, Want.SNIPPETS, (PHRASE,), (tuple(words(PHRASE)),))
    asked = {name: getattr(query, name) for name in Query.__slots__}
    found: dict[str, list[str]] = {}
    for name in peers:
        folder = work / f"{scale}x" / name
        try:
            worker = Worker(name)
        except Missing as error:
            click.echo(f"{name} is left out ({error}); to have it: {PEERS[name].install}", err=True)
            continue
        if not folder.exists():
            folder.mkdir(parents=True)
            worker.tell("build", docs=str(docs), folder=str(folder))
        found |= worker.tell("cold", folder=str(folder), query=asked)["commands"]
        worker.close()
    return found


def steps(command: list[str]) -> str:
    """What a lookup imports, and what is left for opening, answering and showing."""
    imports = importing(command)
    told = by_package(imports)
    rows = [[name, number(took / 1000)] for name, took in list(told.items())[:SHOWN]]
    rows.append([f"{len(imports)} modules together", number(sum(told.values()) / 1000)])
    return table(["import", "own ms"], rows)


def stages(folder: Path, bare: float, whole: float, rounds: int) -> str:
    """Where a lookup spends its time, in order; `bare` is Python's own start, `whole` all of it."""
    code = STAGES.format(path=str(folder), phrase=PHRASE)
    env, command = processes.environment(), [sys.executable, "-c", code]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, check=True, env=env).stdout)
        for _ in range(rounds)
    ]
    told = {"python": bare} | dict(zip(NAMES, map(min, zip(*runs, strict=True)), strict=True))
    told["show, and all else"] = whole - sum(told.values())
    return table(["stage", "least ms"], ([name, number(took)] for name, took in told.items()))


@click.command(help=__doc__)
@click.option("--texts", "folder", envvar="CHABAO_BENCH_TEXTS", type=click.Path(path_type=Path),
              default=ROOT.parent / "shared" / "quality", help="Where scale/ is.")  # fmt: skip
@click.option("--work", envvar="CHABAO_BENCH_WORK", type=click.Path(path_type=Path),
              default=ROOT / ".bench" / "work", help="Where texts and indexes are.")  # fmt: skip
@click.option("--scale", type=click.Choice(["1", "10", "100"]), default="10", show_default=True)
@click.option("--rounds", default=processes.ROUNDS, show_default=True)
def main(folder: Path, work: Path, scale: str, rounds: int) -> None:
    docs = texts.prepare(folder / texts.SOURCE, work, int(scale))
    lookups = commands(work, docs, int(scale), ("chabao", "tantivy", "whoosh3"))
    floors = {name: [sys.executable, "-c", code] for name, code in IMPORTS.items()}
    taken = processes.interleaved(floors | lookups, rounds)
    floor = taken[FLOOR]["median"]
    rows = (
        [name, number(told["min"]), number(told["median"]), number(told["median"] / floor)]
        for name, told in taken.items()
    )
    click.echo(table(["process", "min ms", "median ms", "× the floor"], rows))
    for name, command in lookups.items():
        if name.startswith("chabao"):
            click.echo(f"\n{name} (limit {LIMIT} × the floor):\n")
            bare, whole = (taken[of]["min"] for of in (BARE, name))
            click.echo(stages(work / f"{scale}x" / "chabao", bare, whole, rounds))
            click.echo()
            click.echo(steps(command))


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
