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
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults import frame
from benchmarks.faults.frame import Tried
from benchmarks.faults.hard import EXPRESSIONS, lines, manuscripts, sentences
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.manuscripts import Quotation, plain, quotations
from chabao.search.manuscripts import sentences as whole_sentences

PROMISE = (
    "No query holds the machine: each takes at most 2 s of processor time or is refused, and "
    "needs at most 200 MB. Regular expressions may take 0.05 s more for each 1,000 items that they "
    "read; reports over all texts (figures, collocates, keywords, reprints) and answers of "
    "everything (--all, export) 0.5 s more for each 1,000 items that they read or show; `check` "
    "0.02 s more for each passage checked."
)
ITEMS = 58_170
SECONDS = 2.0
"""Of the processor, for the whole process."""
EXPRESSION, REPORT = 0.05, 0.5
"""Seconds more for each 1,000 items read by a regular expression; by what reads or shows all."""
PASSAGE = 0.02
"""Seconds more for each passage of a manuscript."""
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


FIRST, YEARS, A_YEAR = 2000, 25, 60 * 40


def year(number: int) -> int:
    """Of an item: an issue has forty of them, a year sixty issues."""
    return FIRST + number // A_YEAR % YEARS


@dataclass(frozen=True)
class Asked:
    """One call of the program; `stdin` is what it reads there. `rate` is what it may take beyond
    `SECONDS` for each 1,000 items, of those `since` a year; `more` is seconds beyond both."""

    name: str
    words: tuple[str, ...]
    stdin: str = ""
    rate: float = 0.0
    more: float = 0.0
    since: int = FIRST

    def seconds(self, items: int) -> float:
        """What it may take where there are so many items."""
        read = sum(year(number) >= self.since for number in range(items))
        return SECONDS + self.more + self.rate * read / 1_000


def records(chance: Random, count: int) -> Iterator[dict[str, Any]]:
    """Items of two to four sentences; an issue has forty."""
    known = sentences()
    for number in range(count):
        text = "".join(chance.choices(known, k=chance.randint(2, 4)))
        issue = number // 40
        day = f"{year(number)}-{1 + issue // 5 % 12:02}-{1 + issue % 5 * 5:02}"
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
YEAR = 2023
RECENT = ("--since", str(YEAR))
REPORTS = ("collocates", "figures")
"""What reads every text that its filters leave, whatever is asked."""
ALL = "1000000"
WHOLE: dict[str, tuple[str, ...]] = {
    "reprints": ("reprints",),
    "the same reprints": ("reprints", "--alike", "100", "--min", "1"),
    "two years' reprints, all": ("reprints", "--all", "--since", "2018", "--until", "2019"),
    "reprints as JSON": ("reprints", "--json", "--since", "2018", "--until", "2019"),
    "figures": ("figures", "的"), "all figures": ("figures", "--all", "--json"),
    "collocates": ("collocates", "的"), "all collocates": ("collocates", "--all", "--json", "的"),
    "keywords": ("keywords", "--since", "2009"),
    "all keywords": ("keywords", "--since", "2009", "--all", "--json"),
    "every hit": ("search", "的", "--all"), "hits by number": ("search", "的", "-n", ALL),
    "every hit as JSON": ("search", "的", "--all", "--json"),
    "every related hit": ("search", "的工作", "--related", "--all", "--format", "csv"),
    "every mention": ("mentions", "--all", "的"),
    "every mention as JSON": ("mentions", "--all", "--json", "的"),
    "every mention as a workbook": ("mentions", "--all", "--format", "xlsx", "的"),
    "every match": ("mentions", "--all", "--json", "--regex", "服务"),
    "export": ("export",), "export as a workbook": ("export", "--format", "xlsx"),
}  # fmt: skip
"""What is asked for knowingly, and reads or shows everything."""
QUOTED: dict[str, tuple[str, ...]] = {
    f"quote {' '.join(more)}": ("quote", *more)
    for number in ("5000", ALL)
    for style in ("gbt7714-2025", "bibtex", "ris", "csl-json", "markdown")
    for more in (("-n", number, "--style", style), ("-n", number, "--style", style, "-F"))
} | {"quote at length": ("quote", "-n", ALL, "--sentences", ALL)}


def everything(chance: Random, folder: Path) -> Iterator[Asked]:
    """All that is asked."""
    asked = lines(chance)
    for name, line in asked.items():
        for way, words in WAYS.items():
            yield Asked(f"{way}: {name}", words, line)
        if len(line) <= LONGEST and "\0" not in line:
            for way, words in COMMANDS.items():
                if way in REPORTS:
                    called = (*words, *RECENT, "--", line)
                    yield Asked(f"{way}: {name}", called, rate=REPORT, since=YEAR)
                else:
                    yield Asked(f"{way}: {name}", (*words, "--", line))
    for expression in EXPRESSIONS:
        for more in ((), ("--as-written",), ("--by", "year")):
            words = ("mentions", "--regex", *more, "--", expression)
            yield Asked(f"regex {' '.join(more)}: {expression[:40]}", words, rate=EXPRESSION)
    for name, words in WHOLE.items():
        yield Asked(f"all: {name}", words, rate=REPORT)
    # every item is read, and most are shown
    words = ("reprints", "--alike", "100", "--min", "1", "--all")
    yield Asked("all: the same reprints, all", words, rate=2 * REPORT)
    for name, words in QUOTED.items():
        for term in ("的", "川渝通办", "服务"):
            yield Asked(f"{name}: {term}", (*words, "--", term))
    for more in ((), ("--min", "1"), ("--alike", "60"), ("--all", "--json")):
        words = ("reprints", *RECENT, *more)
        yield Asked(f"a year's {' '.join(words)}", words, rate=REPORT, since=YEAR)
    for name, line in asked.items():
        if len(line) <= LONGEST // 3:
            filtered = ("--department", line, "--section", line, "--number", line)
            # whose texts are held against all others
            yield Asked(f"keywords: {name}", ("keywords", *RECENT, *filtered), rate=REPORT)
            yield Asked(f"filters: {name}", ("search", "的", *filtered))
            yield Asked(f"days: {name}", ("search", "的", "--period", line))
    (folder / "terms").write_text("\n".join(asked.values()), "utf-8", "replace")
    yield Asked("a file of terms", ("mentions", "--terms", str(folder / "terms")))
    for name, text in manuscripts(chance).items():
        path = folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        portions = plain(text)
        quoted = PASSAGE * sum(map(passages, quotations(portions)))
        every = PASSAGE * sum(1 for _ in whole_sentences(portions))
        yield Asked(f"check: {name}", ("check", str(path)), more=quoted)
        yield Asked(f"check all: {name}", ("check", str(path), "--all", "--json"), more=every)


def passages(quotation: Quotation) -> int:
    """Of a quotation that is not found: itself, and those within it."""
    return 1 + sum(map(passages, quotation.inner))


@dataclass(frozen=True)
class Taken:
    """What one call took: seconds of the processor, bytes of memory; its exit code and errors."""

    seconds: float
    memory: int
    code: int
    said: str


def ask(asked: Asked, index: Path) -> Taken:
    """Runs the program once, for a minute at most, and measures it."""
    environ = os.environ | {"CHABAO_INDEX": str(index), "CHABAO_LANG": "en", "PYTHONUTF8": "1"}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
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


def wrong(taken: Taken, least: Taken, seconds: float = SECONDS) -> str | None:
    """What is wrong with a call that may take so many seconds; memory is held to the `least`."""
    if taken.code not in (0, 1, 2) or "Traceback" in taken.said or "itself went" in taken.said:
        return f"exit {taken.code}: {taken.said[-300:]}"
    if taken.code == 2 and not taken.said.startswith("chabao: "):
        return "refused without a word"
    if taken.seconds > seconds:
        return f"{taken.seconds:.1f} s"
    more = taken.memory - least.memory
    return f"{more >> 20} MB more" if more > MEMORY else None


def made(folder: Path, seed: int, items: int) -> Path:
    with WhooshSink(folder / "index") as sink:
        sink.add(records(Random(seed), items))
        sink.commit()
    return folder / "index"


def usual(index: Path) -> Taken:
    """What the shortest query takes."""
    return ask(Asked("", ("search", "川渝通办", "-c")), index)


def held(chosen: Sequence[Asked], index: Path, items: int, at_once: int = 1) -> Tried:
    """Calls, so many at a time, each held to what it may take."""
    tried, least = Tried(), usual(index)
    slowest, largest = [(0.0, "")], [(0, "")]
    with ThreadPoolExecutor(at_once) as pool:
        for asked, taken in zip(chosen, pool.map(lambda one: ask(one, index), chosen), strict=True):
            failure = wrong(taken, least, asked.seconds(items))
            tried.trial(failure and f"{asked.name}: {failure}")
            slowest.append((round(taken.seconds - asked.seconds(items) + SECONDS, 2), asked.name))
            largest.append((taken.memory - least.memory >> 20, asked.name))
    tried.more = {"items": items, "slowest, s": sorted(slowest)[:-6:-1]}
    tried.more["largest, MB more"] = sorted(largest)[:-6:-1]
    return tried


def run(seed: int, times: int, items: int = ITEMS, at_once: int = 1) -> Tried:
    """The first `times` of all calls, shuffled; 0 is every one. What the slowest took is told less
    what they may take for the items that they read."""
    with tempfile.TemporaryDirectory() as place:
        index = made(Path(place), seed, items)
        chosen = list(everything(Random(seed), Path(place)))
        if times:
            Random(seed).shuffle(chosen)
            chosen = chosen[:times]
        return held(chosen, index, items, at_once)


if __name__ == "__main__":
    frame.main(__file__, PROMISE, run, 0, items=ITEMS, at_once=1)
