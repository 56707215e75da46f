"""Nodes killed, halted and filled up while the program writes to them and asks them.

    python -m benchmarks.cluster.faults --seed 1 --times 1000 --save

Starts a cluster of its own, beside any other. What the program says is compared with what it says
of the same bulletins in a folder.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.frame import Tried, main
from chabao.indexer.build import build
from chabao.indexer.cluster.location import Location
from chabao.indexer.fields import Record
from chabao.search import engine
from chabao.tests.cluster.nodes import Cluster, Node, beside

PROMISE = (
    "Whatever becomes of the nodes of a cluster, no item is lost and no answer is wrong: "
    "it comes, or a line says why it does not."
)
CORPUS = Path(__file__).parents[2] / "corpus"
KILLED, HALTED = 10.0, 20.0
"""Seconds that a search may take while a node is gone, and while one hangs: the stated pauses."""
WRITTEN = 120.0
"""Seconds by which indexing may take longer."""
TOLD = 75.0
"""Seconds after which it must have been said that there is no answer."""
Answer = tuple[int, int, tuple[str, ...]]


@dataclass
class World:
    """A cluster, an index on it, and the same in a folder."""

    cluster: Cluster
    home: Path
    rng: random.Random
    location: Location

    @property
    def bulletins(self) -> Path:
        return self.home / "bulletins"

    @property
    def reference(self) -> Path:
        return self.home / "index"

    def command(self, *words: str, seconds: float = 600) -> subprocess.CompletedProcess[str]:
        """What the program says."""
        return subprocess.run(
            [sys.executable, "-m", "chabao", *words, "--index", str(self.location)],
            capture_output=True, text=True, encoding="utf-8", timeout=seconds,
            stdin=subprocess.DEVNULL, env=os.environ | self.environment,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        own = {name: str(self.home / name) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME")}
        return own | {"CHABAO_LANG": "en", "PYTHONUTF8": "1"}

    def items(self, place: Path | Location) -> list[Record]:
        with engine.open_index(place) as index:
            return sorted(engine.export(index), key=lambda item: json.dumps(item, sort_keys=True))


@contextmanager
def world(rng: random.Random, files: int) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder, beside() as cluster:
        nodes = tuple(("127.0.0.1", node.http) for node in cluster.nodes)
        made = World(cluster, Path(folder), rng, Location(nodes, "bulletins"))
        made.bulletins.mkdir()
        for number, text in enumerate(texts(rng, files)):
            (made.bulletins / f"{number:04d}.txt").write_text(text, "utf-8")
        build([made.bulletins], made.reference)
        yield made


def texts(rng: random.Random, count: int) -> Iterator[str]:
    """The bulletins, and others made of them: other numbers, and a place that only one names."""
    real = [path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    for number in range(count):
        text = real[number % len(real)]
        if number >= len(real):
            text = re.sub(r"\d(?=件|个|次)", lambda _: str(rng.randrange(1, 10)), text)
            text = text.replace("。", f"（第{number}号点位）。")
        yield text


def wanted(rng: random.Random, items: list[Record]) -> str:
    """A line to search for: a few characters as they stand somewhere, or two such."""
    words = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        text = re.sub(r"[^\u4e00-\u9fff]+", " ", rng.choice(items)["text"])
        run = max(text.split(), key=len, default="服务")
        at = rng.randrange(max(len(run) - 5, 1))
        words.append(run[at : at + rng.randrange(2, 6)])
    return rng.choice((" ", " | ")).join(words)


def answered(index: Any, line: str) -> Answer:
    found = engine.search(index, line, mode=engine.Mode.EXACT, limit=20)
    return found.total, found.mentions, tuple(str(hit.item["id"]) for hit in found.hits)


# What is tried


def indexing(world: World, rounds: int) -> Tried:
    """A node is killed while a folder is indexed, each time another one, at another moment."""
    tried = Tried()
    expected = world.items(world.reference)
    begun = time.monotonic()
    tried.trial(_written(world, expected))
    usual = time.monotonic() - begun
    slowest = 0.0
    for number in range(rounds):
        node = world.cluster.nodes[number % len(world.cluster.nodes)]
        moment = world.rng.uniform(0.1, 0.9) * usual
        with _later(moment, node.kill):
            begun = time.monotonic()
            wrong = _written(world, expected, "--rebuild")
            slowest = max(slowest, time.monotonic() - begun - usual)
        tried.trial(wrong and f"node {node.number} killed after {moment:.1f} s: {wrong}")
        world.cluster.start([node])
        tried.trial(_kept(world, expected))
    late = f"indexing took {slowest:.0f} s longer" if slowest > WRITTEN else None
    tried.trial(late)
    tried.more |= {
        "items": len(expected),
        "indexing, seconds": round(usual, 1),
        "longer with a node killed, seconds": round(slowest, 1),
    }
    return tried


def _written(world: World, expected: list[Record], *options: str) -> str | None:
    done = world.command("index", str(world.bulletins), *options)
    if done.returncode != 0:
        return f"exit code {done.returncode}: {done.stderr[-500:]}"
    return _kept(world, expected)


def _kept(world: World, expected: list[Record]) -> str | None:
    there = world.items(world.location)
    if there == expected:
        return None
    return f"{len(there)} items are there, {len(expected)} were sent, or some are others"


@contextmanager
def _later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Does something after a while, and not after the end."""
    import threading

    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def searching(world: World, times: int, nodes: int = 3) -> Tried:
    """Each of some nodes in turn is killed and comes back while many questions are asked."""
    events: dict[int, Callable[[], object]] = {}
    for number, node in enumerate(world.cluster.nodes[:nodes]):
        events[(2 * number + 1) * times // (2 * nodes + 1)] = node.kill
        events[(2 * number + 2) * times // (2 * nodes + 1)] = lambda node=node: world.cluster.start(
            [node]
        )  # type: ignore[misc]
    return _asking(world, times, events, KILLED, "a search while nodes are killed, seconds")


def halting(world: World, times: int) -> Tried:
    """One node hangs: it takes connections, and answers none."""
    node = world.rng.choice(world.cluster.nodes)
    try:
        asked = _asking(
            world, times, {times // 4: node.pause}, HALTED, "a search while a node hangs, seconds"
        )
    finally:
        node.resume()
        world.cluster.wait()
    return asked


def _asking(
    world: World, times: int, events: dict[int, Callable[[], object]], most: float, name: str
) -> Tried:
    tried = Tried()
    items = world.items(world.reference)
    slowest = 0.0
    with engine.open_index(world.reference) as here, engine.open_index(world.location) as there:
        for number in range(times):
            events.get(number, lambda: None)()
            line = wanted(world.rng, items)
            begun = time.monotonic()
            wrong = _compared(here, there, line)
            taken = time.monotonic() - begun
            slowest = max(slowest, taken)
            if wrong is None and taken > most:
                wrong = f"{taken:.1f} s"
            tried.trial(wrong and f"question {number}, {line}: {wrong}")
    tried.more[name] = round(slowest, 2)
    return tried


def _compared(here: Any, there: Any, line: str) -> str | None:
    expected = answered(here, line)
    try:
        found = answered(there, line)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None if found == expected else f"{found} for {expected}"


def parting(world: World, names: Sequence[str] = ("search", "index")) -> Tried:
    """Both nodes that have a shard are gone: that is said in a line; then they come back."""
    tried = Tried()
    gone = _both(world)
    for node in gone:
        node.kill()
    asked = {"search": "政务服务", "index": str(world.bulletins)}
    for name in names:
        begun = time.monotonic()
        tried.trial(_refused(world.command(name, asked[name]), "opensearch://"))
        taken = time.monotonic() - begun
        tried.more[f"{name} with two nodes gone, seconds"] = round(taken, 1)
        tried.trial(f"{name} said nothing for {taken:.0f} s" if taken > TOLD else None)
    world.cluster.start(gone)
    tried.trial(_kept(world, world.items(world.reference)))
    tried.trial(_written(world, world.items(world.reference)))
    return tried


def _both(world: World) -> list[Node]:
    """The nodes with the two copies of one shard."""
    placed = world.cluster.ask("GET", f"/_cat/shards/{world.location.name}?format=json")
    names = {copy["node"] for copy in placed if copy["shard"] == "0"}
    found = [node for node in world.cluster.nodes if f"n{node.number}" in names]
    if len(found) != 2:
        raise RuntimeError(f"shard 0 is on {names}")
    return found


def _refused(done: subprocess.CompletedProcess[str], *expected: str) -> str | None:
    """What is wrong with how an error was told: exit code 2, one line, what to do."""
    said = done.stderr.strip()
    told = done.returncode == 2 and len(said.splitlines()) == 1 and " — " in said
    if told and all(words in said for words in expected):
        return None
    return f"exit code {done.returncode}, {done.stdout[-200:]!r}, {said[-500:]!r}"


def filling(world: World) -> Tried:
    """The disks are full, as OpenSearch sees it: nothing is written, what is there is answered."""
    tried = Tried()
    _watermark(world, "1000000gb")
    _until(world, blocked=True)
    new = world.bulletins / "new.txt"
    new.write_text(next(texts(world.rng, 1)).replace("。", "（新增点位）。"), "utf-8")
    tried.trial(_refused(world.command("index", str(world.bulletins)), "disk"))
    with engine.open_index(world.reference) as here, engine.open_index(world.location) as there:
        tried.trial(_compared(here, there, "政务服务"))
    _watermark(world, None)
    _until(world, blocked=False)
    build([world.bulletins], world.reference)
    tried.trial(_written(world, world.items(world.reference)))
    return tried


def _watermark(world: World, free: str | None) -> None:
    """How much must be free on a disk; OpenSearch looks every ten seconds."""
    marks = {f"cluster.routing.allocation.disk.watermark.{name}": free
             for name in ("low", "high", "flood_stage")}  # fmt: skip
    settings = marks | {"cluster.info.update.interval": "10s"}
    world.cluster.ask("PUT", "/_cluster/settings", {"persistent": settings})


def _until(world: World, *, blocked: bool) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        asked = f"/{world.location.name}/_settings?flat_settings=true"
        found = world.cluster.ask("GET", asked).values()
        marked = [
            each["settings"].get("index.blocks.read_only_allow_delete") == "true" for each in found
        ]
        if marked and all(marked) == blocked == any(marked):
            return
        time.sleep(1)
    raise TimeoutError("OpenSearch did not look at its disks")


def run(seed: int, times: int, files: int = 150, rounds: int = 6) -> Tried:
    """`times` questions while nodes are killed, `rounds` kills while `files` are indexed."""
    with world(random.Random(seed), files) as made:
        return (
            indexing(made, rounds)
            + searching(made, times)
            + halting(made, times // 4)
            + parting(made)
            + filling(made)
        )


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=1000, files=150, rounds=6)
