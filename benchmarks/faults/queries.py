"""Queries that would hold the machine, each in a process of its own: what it takes and needs.

The index has 58,170 items, made of the sentences of the bulletins with other numbers, so that many
texts are frequent. A query is given to every command that takes one, and manuscripts to `check`.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults import frame
from benchmarks.faults.frame import Tried
from benchmarks.faults.hard import EXPRESSIONS, lines, manuscripts, sentences
from chabao.indexer.sinks.whoosh_ import WhooshSink

PROMISE = (
    "No query holds the machine: each takes at most 2 s or is refused, and needs at most 200 MB."
)
ITEMS = 58_170
SECONDS = 2.0
"""Of the processor: for the whole process, but for reports, which take their time on any query."""
MEMORY = 200 << 20
"""Bytes beyond what the shortest query needs."""
PATIENCE = 60
DIGITS = re.compile(r"\d")
# What the system says of a child begins with what its parent had: /proc tells of the child alone.
CHILD = """
import atexit, sys
def tell():
    with open("/proc/self/status") as file:
        (most,) = [line.split()[1] for line in file if line.startswith("VmHWM")]
    print(f"\\npeak {most}", file=sys.stderr)
atexit.register(tell)
from chabao.cli import main
main()
"""


@dataclass(frozen=True)
class Asked:
    """One call of the program; `stdin` is what it reads there."""

    name: str
    words: tuple[str, ...]
    stdin: str = ""


def records(chance: Random, count: int) -> Iterator[dict[str, Any]]:
    """Items of two to four sentences; an issue has forty."""
    known = sentences()
    for number in range(count):
        text = "".join(chance.choices(known, k=chance.randint(2, 4)))
        issue = number // 40
        day = f"{2000 + issue // 60 % 25}-{1 + issue // 5 % 12:02}-{1 + issue % 5 * 5:02}"
        yield {
            "schema": 1, "id": f"i{number:011}", "title": "窗口工作周报",
            "number": f"{day[:4]}年第{1 + issue % 60}期", "serial": issue, "date": day,
            "period": {"first": day, "last": day}, "publisher": "省政府政务服务中心",
            "section": ["二、窗口工作动态", f"（{'一二三四五'[number % 5]}）工作情况"],
            "item": "（1）",
            "department": [["商务厅", "教育厅", "财政厅", "省林草局"][number % 4]], "dates": [],
            "text": DIGITS.sub(lambda _: str(chance.randrange(10)), text),
            "source": f"{issue}.txt", "line": 1 + number % 40, "page": None, "inferred": [],
            "lines": [[0, 1 + number % 40]],
        }  # fmt: skip


WAYS: dict[str, tuple[str, ...]] = {
    "search": ("search", "-"),
    "exact": ("search", "-", "--exact"),
    "related": ("search", "-", "--related"),
    "literal": ("search", "-", "-F"),
    "numbers": ("search", "-", "--numbers"),
    "collapsed": ("search", "-", "--collapse", "--facets", "--explain"),
    "json": ("search", "-", "--json", "--sort", "date"),
    "files": ("search", "-", "-l"),
}
"""Ways to ask what is read from standard input."""
LONGEST = 40_000
"""Characters of an argument; the system takes 128 KB of UTF-8."""
COMMANDS: dict[str, tuple[str, ...]] = {
    "mentions": ("mentions",), "mentions by issue": ("mentions", "--by", "issue"),
    "mentions by value": ("mentions", "--numbers"), "trend": ("trend",),
    "trend by section": ("trend", "--split", "section"), "collocates": ("collocates",),
    "figures": ("figures",), "quote": ("quote",), "quote as BibTeX": ("quote", "--style", "bibtex"),
}  # fmt: skip
RECENT = ("--since", "2023")
REPORTS = {
    "collocates": ("collocates", *RECENT, "川渝通办"),
    "figures": ("figures", *RECENT, "川渝通办"),
    "keywords": ("keywords", *RECENT),
    "regex": ("mentions", "--regex", "川渝通办"),
}
"""What reads every text that its filters leave, whatever is asked, on a plain word."""


def everything(chance: Random, folder: Path) -> Iterator[Asked]:
    """All that is asked."""
    asked = lines(chance)
    for name, line in asked.items():
        for way, words in WAYS.items():
            yield Asked(f"{way}: {name}", words, line)
        if len(line) <= LONGEST and "\0" not in line:
            for way, words in COMMANDS.items():
                recent = RECENT if way in REPORTS else ()
                yield Asked(f"{way}: {name}", (*words, *recent, "--", line))
    for expression in EXPRESSIONS:
        for more in ((), ("--as-written",), ("--by", "year")):
            words = ("mentions", "--regex", *more, "--", expression)
            yield Asked(f"regex {' '.join(more)}: {expression[:40]}", words)
    for name, line in asked.items():
        if len(line) <= LONGEST // 3:
            filtered = ("--department", line, "--section", line, "--number", line)
            yield Asked(f"keywords: {name}", ("keywords", *RECENT, *filtered))
            yield Asked(f"filters: {name}", ("search", "的", *filtered))
            yield Asked(f"days: {name}", ("search", "的", "--period", line))
    (folder / "terms").write_text("\n".join(asked.values()), "utf-8", "replace")
    yield Asked("a file of terms", ("mentions", "--terms", str(folder / "terms")))
    for name, text in manuscripts(chance).items():
        path = folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        yield Asked(f"check: {name}", ("check", str(path)))
        yield Asked(f"check all: {name}", ("check", str(path), "--all", "--json"))


@dataclass(frozen=True)
class Taken:
    """What one call took: seconds of the processor, bytes of memory; its exit code and errors."""

    seconds: float
    memory: int
    code: int
    said: str


def ask(asked: Asked, index: Path) -> Taken:
    """Runs the program once, with twice the time that it may take, and measures it."""
    environ = os.environ | {"CHABAO_INDEX": str(index), "CHABAO_LANG": "en", "PYTHONUTF8": "1"}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as err:
        stdin.write(asked.stdin.encode("utf-8", "surrogateescape"))
        stdin.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, *(os.fsencode(word) for word in asked.words)],
            stdin=stdin, stdout=subprocess.DEVNULL, stderr=err, env=environ, preexec_fn=limit,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        said = err.read().decode("utf-8", "replace")
    seconds = used.ru_utime + used.ru_stime
    said, _, most = said.rpartition("\npeak ")
    memory = int(most) if most.strip().isdecimal() else used.ru_maxrss
    return Taken(seconds, memory << 10, process.returncode, said)


def wrong(taken: Taken, least: Taken) -> str | None:
    if taken.code not in (0, 1, 2) or "Traceback" in taken.said or "itself went" in taken.said:
        return f"exit {taken.code}: {taken.said[-300:]}"
    if taken.code == 2 and not taken.said.startswith("chabao: "):
        return "refused without a word"
    if taken.seconds - least.seconds > SECONDS:
        return f"{taken.seconds:.1f} s"
    more = taken.memory - least.memory
    return f"{more >> 20} MB more" if more > MEMORY else None


def made(folder: Path, seed: int, items: int) -> Path:
    with WhooshSink(folder / "index") as sink:
        sink.add(records(Random(seed), items))
        sink.commit()
    return folder / "index"


def usual(name: str, index: Path) -> Taken:
    """What is taken by a report on a word; of "", the memory of the shortest query and no time."""
    if name:
        return ask(Asked(name, REPORTS[name]), index)
    return replace(ask(Asked("", ("search", "川渝通办", "-c")), index), seconds=0.0)


def kind(asked: Asked) -> str:
    """Which report a call is; "" for none."""
    if "--regex" in asked.words:
        return "regex"
    return asked.words[0] if asked.words[0] in REPORTS else ""


def run(seed: int, times: int, items: int = ITEMS) -> Tried:
    """The first `times` of all queries, shuffled; 0 is every one."""
    tried = Tried()
    with tempfile.TemporaryDirectory() as place:
        index = made(Path(place), seed, items)
        chosen = list(everything(Random(seed), Path(place)))
        tried.whole = len(chosen)
        if times:
            Random(seed).shuffle(chosen)
            chosen = chosen[:times]
        least: dict[str, Taken] = {}
        slowest, largest = [(0.0, "")], [(0, "")]
        for asked in chosen:
            name = kind(asked)
            against = least[name] = least.get(name) or usual(name, index)
            taken = ask(asked, index)
            failure = wrong(taken, against)
            tried.trial(failure and f"{asked.name}: {failure}")
            slowest.append((round(taken.seconds - against.seconds, 2), asked.name))
            largest.append((taken.memory - against.memory >> 20, asked.name))
    tried.more = {"items": items, "slowest, s": sorted(slowest)[:-6:-1]}
    tried.more["largest, MB more"] = sorted(largest)[:-6:-1]
    return tried


if __name__ == "__main__":
    frame.main(__file__, PROMISE, run, 0, items=ITEMS)
