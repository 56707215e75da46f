"""Engines in processes of their own, each asked the same in turn."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.engine import Query
from benchmarks.engines import PEERS
from benchmarks.words import SITE

ROOT = Path(__file__).parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
BUDGET = 60.0
"""Seconds that an engine has for the questions of one kind in one round."""
Times = dict[str, dict[str, list[int]]]
"""Nanoseconds by engine and kind, in the order of the questions; the best of the rounds."""


class Missing(Exception):
    """The engine is not installed."""


class Worker:
    """A process with one engine."""

    def __init__(self, name: str) -> None:
        python = SYSTEM_PYTHON if PEERS[name].system else sys.executable
        found = importlib.util.find_spec("rjieba")
        assert found and found.origin
        env = dict(os.environ) | {SITE: str(Path(found.origin).parents[1])}
        pipe = subprocess.PIPE
        try:
            self.process = subprocess.Popen(
                [python, "-m", "benchmarks.worker", name],
                cwd=ROOT,
                env=env,
                stdin=pipe,
                stdout=pipe,
                text=True,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise Missing(str(error)) from error
        self.name = name
        self.about = self.hear()
        if "missing" in self.about:
            self.close()
            raise Missing(self.about["missing"])

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with exit code {self.process.wait()}")
        return dict(json.loads(line))

    def tell(self, do: str, **order: Any) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do} | order) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()

    def does(self, query: Query) -> bool:
        return query.shape in self.about["shapes"] and query.want in self.about["wants"]


@dataclass
class Race:
    """What is run: where the texts and indexes are, and what is asked."""

    docs: Path
    folder: Path
    queries: dict[str, list[Query]]
    skipped: dict[str, str] = field(default_factory=dict)

    def build(self, name: str, reuse: bool) -> dict[str, Any]:
        """Index the texts; seconds, MB. With `reuse`, what an earlier build told."""
        folder, told = self.folder / name, self.folder / f"{name}.json"
        if reuse and told.exists():
            return dict(json.loads(told.read_text()))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        worker = Worker(name)
        watch = machine.Watch(worker.process.pid)
        watch.start()
        built = worker.tell("build", docs=str(self.docs), folder=str(folder))
        built["peak"] = max(built["peak"], watch.stop())
        worker.close()
        built |= {"size": machine.size(folder), "about": worker.about["about"]}
        told.write_text(json.dumps(built))
        return built

    @contextmanager
    def opened(self, names: Sequence[str]) -> Iterator[list[Worker]]:
        workers = [Worker(name) for name in names]
        try:
            for worker in workers:
                worker.tell("open", folder=str(self.folder / worker.name))
            yield workers
        finally:
            for worker in workers:
                worker.close()

    def ask(self, workers: list[Worker], rounds: int) -> Times:
        """All questions, kind by kind, each engine in turn; another begins in each round."""
        best: Times = {worker.name: {} for worker in workers}
        for turn in range(rounds):
            for kind, queries in self.queries.items():
                order = workers[turn % len(workers) :] + workers[: turn % len(workers)]
                for worker in (worker for worker in order if worker.does(queries[0])):
                    asked = [asdict(query) for query in queries]
                    taken = worker.tell("ask", queries=asked, budget=BUDGET)["nanoseconds"]
                    before = best[worker.name].get(kind, taken)
                    best[worker.name][kind] = list(map(min, before, taken))
        return best

    def check(self, worker: Worker, right: dict[str, dict[str, list[int]]]) -> dict[str, Any]:
        """Of each kind how many counts are right for what the engine sees, and how many equal
        the plain scan; the first three that are not right. An engine that cannot count has none."""
        told: dict[str, Any] = {}
        for kind, queries in self.queries.items():
            if not worker.does(queries[0]):
                continue
            some = queries[: len(right["characters"][kind])]
            got = worker.tell("total", queries=[asdict(query) for query in some])["totals"]
            if min(got) < 0:
                continue
            wanted = right.get(worker.about["sees"], right["characters"])[kind]
            wrong = [
                {"terms": query.terms, "got": is_, "right": ought}
                for query, is_, ought in zip(some, got, wanted, strict=True)
                if is_ != ought
            ]
            told[kind] = {
                "asked": len(some),
                "right": len(some) - len(wrong),
                "exact": sum(map(int.__eq__, got, right["characters"][kind])),
                "wrong": wrong[:3],
            }
        return told
