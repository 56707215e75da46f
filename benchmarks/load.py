"""The page under load: fifty people, each of whom asks every two seconds, and answers are counted.

A user asks one question after another over one connection. Meanwhile another process may add items
to the index and commit (--meanwhile added), or build all of it anew from files, again and again
(--meanwhile rebuilt). Nobody's request may fail; what is counted must be of a state that the index
had or is getting, and once anybody was answered from a state, nobody who asks later may be answered
from an older one. Floors: p95 at most 300 ms, no error, resident memory at most 5 % more at the end
than after the first tenth.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import click

from benchmarks import texts
from benchmarks.conductor import ROOT
from benchmarks.engines.chabao_ import PUBLISHER, Peer, line
from benchmarks.queries import KINDS, queries

USERS, EVERY = 50, 2.0
P95, GROWTH = 300.0, 5.0
MARK = "查报负荷试验"
"""Stands in nothing but the items that are added meanwhile."""
SAID: list[str] = []
"""What the server says of errors."""
COMMITS = 5.0
"""Seconds between commits."""
CHABAO = (sys.executable, "-m", "chabao")


@dataclass
class Tally:
    """What became of the requests: milliseconds of each, and what went wrong."""

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, float]] = field(default_factory=list)
    newest: int = 0
    """The newest state of the index that anybody was answered from: how many items say `MARK`."""
    states: set[int] = field(default_factory=lambda: {0})
    """Those that were written, and that which is being written."""
    seen: set[int] = field(default_factory=set)

    def answered(self, total: int, before: int) -> None:
        """Takes down what was counted by someone who asked when `before` was the newest state."""
        if total not in self.states:
            self.errors.append(f"a count of {total}, which the index never had")
        if total < before:
            self.errors.append(f"a count went back from {before} to {total}")
        self.newest = max(self.newest, total)
        self.seen.add(total)

    def at(self, share: float) -> float:
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@click.command(help=__doc__)
@click.option("--texts", "folder", envvar="CHABAO_BENCH_TEXTS", type=click.Path(path_type=Path),
              default=ROOT.parent / "shared" / "quality", help="Where scale/ is.")  # fmt: skip
@click.option("--work", envvar="CHABAO_BENCH_WORK", type=click.Path(path_type=Path),
              default=ROOT / ".bench" / "work", help="Where texts and indexes go.")  # fmt: skip
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--users", default=USERS, show_default=True)
@click.option("--meanwhile", type=click.Choice(["nothing", "added", "rebuilt"]), default="nothing",
              show_default=True, help="What becomes of the index.")  # fmt: skip
@click.option("--scale", default=10, show_default=True)
def main(folder: Path, work: Path, seconds: float, users: int, meanwhile: str, scale: int) -> None:
    docs = texts.prepare(folder / texts.SOURCE, work, scale)
    files = work / f"{scale}x" / "files" if meanwhile == "rebuilt" else None
    index = prepared(docs, work / f"{scale}x", files)
    asked = questions(docs)
    writer = (
        [] if meanwhile == "nothing" else [str(index), str(seconds), *([str(files)] * bool(files))]
    )
    with served(index) as (process, port):
        tally = asyncio.run(load(port, process.pid, asked, users, seconds, writer))
    print(report(tally, seconds, users, meanwhile))
    sys.exit(0 if passed(tally) else 1)


def prepared(docs: Path, work: Path, files: Path | None) -> Path:
    """A copy of the index of its own, as it is written to; made of files where there are to be."""
    index, own = work / ("load-files" if files else "load"), work / "load-now"
    if files:
        shutil.rmtree(files, ignore_errors=True)
        bulletins(docs, files)
    if not index.exists():
        index.mkdir(parents=True)
        if files:
            subprocess.run([*CHABAO, "index", "--index", str(index), str(files)], check=True)
        else:
            Peer().build(texts.read(docs), index)
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(index, own)
    return own


def bulletins(docs: Path, folder: Path) -> None:
    """The texts as files of bulletins, one for each day of issue."""
    folder.mkdir(parents=True)
    issues: dict[str, list[texts.Doc]] = {}
    for doc in texts.read(docs):
        issues.setdefault(doc.date, []).append(doc)
    for number, (day, items) in enumerate(sorted(issues.items()), 1):
        (folder / f"{day}.txt").write_text(bulletin(number, day, items), encoding="utf-8")


def bulletin(number: int, day: str, items: Sequence[texts.Doc]) -> str:
    """An issue with an item for each of the texts."""
    year, month, last = map(int, day.split("-"))
    head = f"{year}年第{number % 52 + 1}期（总第{number}期）"
    issued = f"{PUBLISHER} {year}年{month}月{last}日"
    said = (f"（{at}）{doc.text}" for at, doc in enumerate(items, 1))
    return "\n\n".join((head, issued, "窗口工作周报", "一、窗口工作动态", "\n".join(said))) + "\n"


def questions(docs: Path) -> list[str]:
    """Addresses of the page and of the API, as many of each kind of question."""
    first = list(islice(texts.read(docs), texts.BASE))
    asked = [line(query) for query in queries(first, 40) if query.kind in KINDS]
    random.Random(1).shuffle(asked)
    return [
        ("/?" if at % 4 else "/api/search?") + urlencode({"q": each})
        for at, each in enumerate(asked)
    ]


@contextmanager
def served(index: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    program = [*CHABAO, "serve", "--index", str(index), "--port", "0", "--no-browser"]
    process = subprocess.Popen([*program, "--lang", "en"], stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        said = process.stderr.readline()
        address = re.search(r"http://localhost:(\d+)/", said)
        if not address:
            raise RuntimeError(said)
        Thread(target=lambda: SAID.extend(process.stderr or ()), daemon=True).start()
        yield process, int(address[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


async def load(
    port: int, pid: int, asked: Sequence[str], users: int, seconds: float, written: Sequence[str]
) -> Tally:
    tally = Tally()
    end = time.monotonic() + seconds
    tasks = [use(port, asked, number, users, end, tally) for number in range(users)]
    tasks += [watch(pid, end, tally)]
    if written:
        tasks += [write(written, tally)]
    await asyncio.gather(*tasks)
    return tally


async def write(written: Sequence[str], tally: Tally) -> None:
    """The other process; it says each state before it begins to write it."""
    program = [sys.executable, "-m", "benchmarks.load_writer", *written]
    writer = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    assert writer.stdout
    async for said in writer.stdout:
        tally.states.add(int(said))
    if await writer.wait():
        tally.errors.append("the writer failed")


async def use(
    port: int, asked: Sequence[str], number: int, users: int, end: float, tally: Tally
) -> None:
    """One user: asks, waits for the answer, and for the rest of the two seconds."""
    chance = random.Random(number)
    await asyncio.sleep(EVERY * number / users)
    reader, writer = await asyncio.open_connection("localhost", port)
    while time.monotonic() < end:
        begun, before = time.monotonic(), tally.newest
        marked = chance.random() < 0.2
        target = f"/api/search?{urlencode({'q': MARK})}" if marked else chance.choice(asked)
        try:
            status, body = await get(reader, writer, port, target)
        except (OSError, EOFError, ValueError) as error:
            tally.errors.append(f"{type(error).__name__} {target}")
            reader, writer = await asyncio.open_connection("localhost", port)
            continue
        tally.taken.append((time.monotonic() - begun) * 1000)
        if status != 200:
            tally.errors.append(f"{status} {target}")
        elif marked:
            found = re.search(rb'"total": (\d+)', body)
            total = int(found[1]) if found else -1
            tally.answered(total if b'"exact": true' in body else 0, before)
        await asyncio.sleep(max(0.0, begun + EVERY - time.monotonic()))
    writer.close()


async def get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, target: str
) -> tuple[int, bytes]:
    writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(" ")[1]), body


async def watch(pid: int, end: float, tally: Tally) -> None:
    """Memory, once a second, in megabytes: all that is resident, and what of it is no file."""
    begun = time.monotonic()
    status = Path(f"/proc/{pid}/status")
    while time.monotonic() < end:
        said = dict(re.findall(r"(VmRSS|RssAnon):\s+(\d+)", status.read_text(encoding="ascii")))
        whole, own = (int(said[name]) / 1024 for name in ("VmRSS", "RssAnon"))
        tally.memory.append((time.monotonic() - begun, whole, own))
        await asyncio.sleep(1)


def growth(tally: Tally, column: int) -> float:
    """How much more there is in the last tenth than in the second tenth of the time, in percent."""
    values = [row[column] for row in tally.memory]
    tenth = max(len(values) // 10, 1)
    before = sum(values[tenth : 2 * tenth]) / max(len(values[tenth : 2 * tenth]), 1)
    after = sum(values[-tenth:]) / tenth
    return (after / before - 1) * 100 if before else 0.0


def passed(tally: Tally) -> bool:
    return not tally.errors and tally.at(0.95) <= P95 and growth(tally, 1) <= GROWTH


def report(tally: Tally, seconds: float, users: int, meanwhile: str) -> str:
    first, last = tally.memory[len(tally.memory) // 10], tally.memory[-1]
    busy = f"load average {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores"
    lines = [
        f"{users} users, {seconds:.0f} s, meanwhile {meanwhile}; {busy}",
        f"{len(tally.taken)} answers, {len(tally.errors)} errors",
        f"p50 {tally.at(0.5):.0f} ms, p95 {tally.at(0.95):.0f} ms, p99 {tally.at(0.99):.0f} ms, "
        f"longest {tally.at(1):.0f} ms",
        f"resident {first[1]:.0f} MB, then {last[1]:.0f} MB ({growth(tally, 1):+.1f} %); "
        f"not of files {first[2]:.0f} MB, then {last[2]:.0f} MB ({growth(tally, 2):+.1f} %)",
    ]
    if len(tally.states) > 1:
        lines.append(f"{len(tally.seen)} states of the index were seen, in order")
    return "\n".join([*lines, *tally.errors[:5], *map(str.rstrip, SAID[:5])])


if __name__ == "__main__":
    main()
