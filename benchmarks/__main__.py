"""Build this program and its peers on the same texts, ask them the same, print how they did."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from benchmarks import machine, picture, processes, report, texts
from benchmarks.conductor import ROOT, Missing, Race, Times, Worker
from benchmarks.engine import Query
from benchmarks.engines import PEERS
from benchmarks.queries import KINDS, queries
from benchmarks.truth import totals

RESULTS = Path(__file__).parent / "results"
YARDSTICKS = ("tantivy", "whoosh3")
CHECKED = {100: 20}
"""Questions a kind whose counts are checked, where a plain scan of all would take an hour."""


@click.command(help=__doc__)
@click.option("--texts", "folder", envvar="CHABAO_BENCH_TEXTS", type=click.Path(path_type=Path),
              default=ROOT.parent / "shared" / "quality", help="Where scale/ is.")  # fmt: skip
@click.option("--work", envvar="CHABAO_BENCH_WORK", type=click.Path(path_type=Path),
              default=ROOT / ".bench" / "work", help="Where texts and indexes go.")  # fmt: skip
@click.option("--scale", type=click.Choice(["1", "10", "100"]), default="10", show_default=True)
@click.option("--only", multiple=True, type=click.Choice(list(PEERS)), help="These engines alone.")
@click.option("--count", default=200, show_default=True, help="Questions of each kind.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--reuse", is_flag=True, help="Keep indexes that an earlier run built.")
@click.option("--report", "reporting", is_flag=True, help="Only print what was kept.")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, help="Where results go.")
def main(
    folder: Path, work: Path, scale: str, only: tuple[str, ...], count: int, rounds: int,
    reuse: bool, reporting: bool, out: Path,
) -> None:  # fmt: skip
    if not reporting:
        race = prepare(folder, work, int(scale), count)
        told = run(race, only or tuple(PEERS), int(scale), rounds, reuse)
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{scale}x.json"
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    kept = report.load(out)
    click.echo(report.whole(kept))
    for name, drawing in picture.drawings(kept).items():
        (out / name).write_text(drawing, encoding="utf-8")


def prepare(folder: Path, work: Path, scale: int, count: int) -> Race:
    source = folder / texts.SOURCE
    if not source.exists():
        raise click.ClickException(f"no texts at {source}: name their folder with --texts")
    docs = texts.prepare(source, work, scale)
    asked = queries(list(islice(texts.read(docs), texts.BASE)), count)
    by_kind = {kind: [query for query in asked if query.kind == kind] for kind in KINDS}
    return Race(docs, work / f"{scale}x", by_kind)


def run(race: Race, names: Sequence[str], scale: int, rounds: int, reuse: bool) -> dict[str, Any]:
    """All that is kept of a run."""
    described = machine.describe()
    built: dict[str, Any] = {}
    for name in names:
        if PEERS[name].largest < scale:
            say(f"{name}: not built at {scale} x")
            continue
        try:
            built[name] = race.build(name, reuse)
            say(f"{name}: built in {built[name]['wall']:.2f} s")
        except Missing as error:
            say(f"{name} is left out ({error}); to have it: {PEERS[name].install}")
    right = truth(race, CHECKED.get(scale))
    with race.opened(list(built)) as workers:
        say("asking")
        times = race.ask(workers, rounds)
        checks = {worker.name: race.check(worker, right) for worker in workers}
        serving = {worker.name: worker.tell("memory")["resident"] for worker in workers}
        commands = cold(race, workers)
    return {
        "scale": scale,
        "documents": scale * texts.BASE,
        "megabytes": round(race.docs.stat().st_size / 1e6, 1),
        "day": datetime.now(UTC).date().isoformat(),
        "machine": described,
        "engines": {
            name: rounded(built[name] | {"serving": serving[name]})
            | {"warm": summary(times[name], times), "checks": checks[name]}
            for name in built
        },
        "cold": {name: rounded(taken) for name, taken in processes.interleaved(commands).items()},
    }


def say(line: str) -> None:
    click.echo(line, err=True)


def cold(race: Race, workers: Iterable[Worker]) -> dict[str, list[str]]:
    """A command a whole process; all are asked one phrase that enough items hold."""
    query = race.queries["phrase"][0]
    commands: dict[str, list[str]] = {}
    for worker in workers:
        told = worker.tell("cold", folder=str(race.folder / worker.name), query=as_json(query))
        commands |= told["commands"]
    return commands


def as_json(query: Query) -> dict[str, Any]:
    return {name: getattr(query, name) for name in Query.__slots__}


def truth(race: Race, most: int | None) -> dict[str, dict[str, list[int]]]:
    """The right counts by what an engine sees and kind; kept beside the texts."""
    some = {kind: asked[:most] for kind, asked in race.queries.items()}
    flat = [query for asked in some.values() for query in asked]
    digest = hashlib.sha256(repr(flat).encode()).hexdigest()[:12]
    file = race.docs.with_suffix(f".truth-{digest}.json")
    if not file.exists():
        say("counting by plain scan")
        file.write_text(json.dumps(totals(list(texts.read(race.docs)), flat)))
    told = json.loads(file.read_text())
    by_kind: dict[str, dict[str, list[int]]] = {}
    for sees, numbers in told.items():
        rest = iter(numbers)
        by_kind[sees] = {kind: list(islice(rest, len(asked))) for kind, asked in some.items()}
    return by_kind


def summary(mine: dict[str, list[int]], everyone: Times) -> dict[str, dict[str, float]]:
    """p50 and p99 in ms of each kind, and the median of the ratios to the yardsticks."""
    told: dict[str, dict[str, float]] = {}
    for kind, taken in mine.items():
        order = sorted(taken)
        told[kind] = {
            "asked": len(order),
            "p50": statistics.median(order) / 1e6,
            "p99": order[min(len(order) - 1, round(len(order) * 0.99))] / 1e6,
        }
        for name in YARDSTICKS:
            if theirs := everyone.get(name, {}).get(kind):
                ratios = [a / b for a, b in zip(taken, theirs, strict=False)]
                told[kind][f"to {name}"] = statistics.median(ratios)
        told[kind] = rounded(told[kind])
    return told


def rounded(numbers: dict[str, Any]) -> dict[str, Any]:
    """Four digits are more than the machine can tell."""
    return {
        name: float(f"{value:.4g}") if isinstance(value, float) else value
        for name, value in numbers.items()
    }


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
