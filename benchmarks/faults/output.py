"""Documents that would steer a terminal, a spreadsheet or a page, shown in every way there is.

Records go into an index as they are, without the parser, which would drop most of the harm; a few
dozen files with names of the same kind are indexed by the program itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults import frame, inside
from benchmarks.faults.frame import Tried
from benchmarks.faults.harmless import (
    SHEETS,
    Checked,
    as_json,
    coloured,
    drawing,
    feed,
    known,
    path,
    plain,
)
from chabao.indexer.sinks.whoosh_ import WhooshSink

PROMISE = (
    "Whatever stands in documents and names of files: no control character reaches a terminal, a "
    "file or a pipe but line ends, tabs between cells and our own colours, and no cell runs; only "
    "a path that open --print gives to a program keeps what turns or hides text."
)
DOCUMENTS = 10_000
WATCHED = 60
"""Seconds that watching may take before it is killed."""
HARM = (
    "\x1b[31m", "\x1b]0;title\x07", "\x1b]52;c;Y2F0\x07", "\x1b]8;;http://x\x1b\\", "\x9b31m",
    "\x9d0;x\x9c", "\x07", "\x08\x08\x08", "\r", "\x00", "\x7f", "\x85", "\x0b\x0c", "\u2028",
    "\u2029", "\u202a\u202b\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
    "\u200e", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff", "\ud83d", "\udc80",
    "[red]", "[/]", "[link=x]", "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1",
    "\n=1", "\uff1d1+1", "'=1", "<script>alert(1)</script>", "<b>", "&lt;", "**x**",
    "[a](javascript:x)", "|", "`x`", "# x", "](", ",", ";", '"', "\n", "\t", "\\u001b", "\\",
    "{}", "%", "\\x1b", "】", "【", "_x001B_", "$\\frac$",
    "]]>", "<!--",
)  # fmt: skip
TERM = "川渝通办"


def harmful(chance: Random, core: str) -> str:
    """A text with harm before, in and behind it."""
    parts = [chance.choice(HARM) for _ in range(chance.randint(1, 4))]
    at = chance.randint(0, len(core))
    return whole("".join((*parts[:2], core[:at], *parts[2:], core[at:], chance.choice(HARM))))


def whole(text: str) -> str:
    """Halves of a character that stand together are one: no decoder leaves them apart."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def typed(text: str) -> str:
    """A text as an argument comes: no zero bytes, no halves of surrogate pairs."""
    return os.fsdecode(text.replace("\0", "\1").encode("utf-8", "surrogatepass"))


def records(chance: Random, count: int) -> Iterator[dict[str, Any]]:
    """Items of which every text is harmful."""
    for number in range(count):
        day = f"20{10 + number % 14}-{1 + number % 12:02}-{1 + number % 28:02}"
        text = whole(
            chance.choice(HARM) + TERM + harmful(chance, "政务服务受理28件，比去年增长3%。") + TERM
        )
        yield {
            "schema": 1, "id": f"id{number:010}",
            "title": harmful(chance, "窗口工作周报"),
            "number": harmful(chance, f"第{number % 50}期"),
            "serial": number if number % 2 else None, "date": day,
            "period": {"first": day, "last": day},
            "publisher": harmful(chance, "政务服务中心"),
            "section": [harmful(chance, "一、工作动态"), harmful(chance, "（一）营商环境")],
            "item": harmful(chance, "（1）"),
            "department": [harmful(chance, "商务厅"), "教育厅"],
            "dates": [{"first": day, "last": day}],
            "text": text, "source": harmful(chance, f"d{number % 97}/{number}.txt"),
            "line": 1 + number, "page": 3 if number % 3 == 0 else None,
            "inferred": ["title"] if number % 5 == 0 else [], "lines": [[0, 1 + number]],
        }  # fmt: skip


def files(chance: Random, folder: Path, count: int) -> None:
    """Files with harmful names, as far as the file system has them, and texts."""
    for number in range(count):
        name = harmful(chance, f"{number}").replace("/", "").replace("\0", "")
        data = name.replace("\ud83d", "").encode("utf-8", "surrogateescape")
        text = "\n".join(
            (
                harmful(chance, "窗口工作周报"),
                f"2023年第{number}期",
                "一、" + harmful(chance, "工作动态"),
                f"1.2月{1 + number % 28}日，商务厅{harmful(chance, TERM)}{chance.random()}",
            )
        )  # fmt: skip
        place = folder / os.fsdecode(data[:200] + b".txt")
        place.write_bytes(text.encode("utf-8", "replace"))


PAGES = (
    ["search", TERM, "--all", "--facets", "--explain"],
    ["search", TERM, "--all", "--collapse", "--until", "2012"],
    ["search", TERM, "-l"], ["search", TERM, "-c"], ["search", TERM, "--all", "--plain"],
    ["search", "无此一词政务服务受", "--related", "-n", "50"],
    ["fields"], ["show", "ID"], ["mentions", TERM, "--all"],
    ["mentions", TERM, "政务", "--by", "issue"], ["mentions", "政.服", "--regex", "--all"],
    ["trend", TERM], ["trend", TERM, "--split", "department"], ["trend", TERM, "--by", "issue"],
    ["trend", TERM, "--split", "section"], ["collocates", TERM, "--all", "--all-words"],
    ["keywords", "--since", "2015", "--all", "--all-words"], ["figures", "--all"],
    ["figures", "受理", "--all"], ["reprints", "--all", "--until", "2010-03"], ["status"],
)  # fmt: skip
"""Commands whose answer is a page; most of them are tables and JSON too."""
AS_JSON = {
    "search", "show", "fields", "mentions", "collocates", "keywords", "figures", "reprints",
    "status",
}  # fmt: skip
AS_SHEETS = AS_JSON - {"status"} | {"trend", "export"}
STYLES = ("gbt7714-2025", "gbt7714-2015", "bibtex", "ris", "csl-json", "markdown")


def modes() -> Iterator[tuple[list[str], Checked]]:
    """Every command in every form, without the index, and how its output is checked."""
    for page in (*PAGES, ["export"]):
        name = page[0]
        if name != "export":
            yield [*page, "--color", "never"], plain
            yield [*page, "--color", "always"], coloured
        short = [word for word in page if word not in ("--facets", "--explain", "--all")]
        bare = not {"-l", "-c", "--plain", "--collapse"} & set(page)
        if name in AS_JSON and bare:
            yield [*short, "--json"], as_json
        if name in AS_SHEETS and bare and "-c" not in page:
            for form, checked in SHEETS.items():
                yield [*page, "--format", form], checked
    for style in STYLES:
        for form in ("serial", "report"):
            checked = as_json if style == "csl-json" else plain
            yield ["quote", TERM, "-n", "300", "--style", style, "--as", form], checked
    yield ["quote", TERM, "-n", "300", "--color", "always"], coloured


def run(seed: int, times: int, names: int = 60) -> Tried:
    """`times` documents in every mode; `names` files with harmful names."""
    chance, tried = Random(seed), Tried()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with WhooshSink(folder / "index") as sink:
            sink.add(records(chance, times))
            sink.commit()
        seen = shown(tried, folder / "index", list(modes()))
        seen += drawn(tried, folder, chance)
        seen += of_files(tried, folder, chance, names)
        seen += mistakes(tried, folder, chance, 10 * names)
    tried.more = {"documents": times, "modes": tried.trials, "bytes looked at": seen}
    tried.trials = times
    return tried


def shown(tried: Tried, index: Path, asked: Sequence[tuple[list[str], Checked]]) -> int:
    """Asks everything in a pipe and on a terminal; how many bytes were looked at."""
    seen = 0
    for words, checked in asked:
        words = [f"id{3:010}" if word == "ID" else word for word in words]
        binary = words[-1] == "xlsx" or words[-1] == "ris"
        for terminal in (False,) if binary else (False, True):
            ran = inside.run([*words, "--index", str(index)], terminal, COLUMNS="100")
            seen += len(ran.out) + len(ran.err)
            wrong = list(coloured(ran.err)) + known(ran.out, checked, terminal)
            if ran.code not in (0, 1) or (ran.code == 0 and not ran.out):
                wrong.append(f"exit {ran.code}: {ran.err[-300:].decode('utf-8', 'replace')}")
            tried.trial(wrong and f"{' '.join(words)}{' (tty)' * terminal}: {wrong[0]}"[:600])
    return seen


def of_files(tried: Tried, folder: Path, chance: Random, count: int) -> int:
    """Indexing, state, news, checks and places of files with harmful names."""
    place = folder / f"of{HARM[1]}files"
    place.mkdir()
    index = folder / "i\x1b[31m\u202eindex"
    files(chance, place, count // 2)
    seen = 0

    def ask(words: list[str], checked: Checked, codes: Sequence[int] = (0, 1)) -> None:
        nonlocal seen
        seen += looked(tried, [*words, "--index", str(index)], checked, codes)

    ask(["index", str(place)], coloured, (0, 2))
    evil = "n\x1b[31m\u202e=1"
    ask(["save", evil, TERM, "--force"], coloured)
    files(chance, place, count)
    ask(["status"], coloured)
    ask(["status", "--json"], as_json)
    ask(["index", str(place)], coloured, (0, 2))
    for form, checked in SHEETS.items():
        ask(["new", "--peek", "--format", form], checked)
    ask(["new", "--peek", "--json"], as_json)
    ask(["new", "--peek"], coloured)
    ask(["new", "--peek", "--atom", str(folder / "feed")], coloured)
    wrong = known((folder / "feed").read_bytes(), feed, False)
    tried.trial(wrong and f"feed: {wrong[0]}")
    ask(["saved"], coloured)
    ask(["saved", "--json"], as_json)
    for name in ("--plain", "--json", "-l"):
        ask(["search", TERM, name, "--all"], as_json if name == "--json" else plain)
    found = json.loads(inside.run(["search", TERM, "--json", "--all", "--index", str(index)]).out)
    for hit in found["hits"][:count]:
        ask(["open", "--print", hit["id"]], path)
        ask(["show", hit["id"]], coloured)
    paper = folder / f"m{HARM[0]}s.txt"
    words = "".join(
        f"他说：“{hit['snippets'][0]['text'][:40]}错{HARM[0]}。”\n" for hit in found["hits"][:20]
    )
    paper.write_text(words, "utf-8", "replace")
    for form, checked in SHEETS.items():
        ask(["check", str(paper), "--all", "--format", form], checked)
    ask(["check", str(paper)], coloured)
    ask(["check", str(paper), "--json"], as_json)
    ask(["search", TERM, "--record", str(folder / "r\x1b")], coloured)
    ask(["repeat", str(folder / "r\x1b")], coloured)
    ask(["repeat", str(folder / "r\x1b"), "--json"], as_json)
    return seen + of_indexes(tried, folder, index, place)


def of_indexes(tried: Tried, folder: Path, index: Path, place: Path) -> int:
    """What is said of an index, whole and damaged, of copies of it, and where it is kept fresh."""
    named, seen = ["--index", str(index)], 0
    data = folder / "data"
    copied = data / "chabao" / "indexes" / f"c{HARM[0]}\u202e"
    asked: list[tuple[list[str], Checked, Sequence[int]]] = [
        (["check-index", *named], coloured, (0,)),
        (["check-index", "--json", *named], as_json, (0,)),
        (["check-index", "--deep", *named], coloured, (0,)),
        (["copy", str(index), str(copied)], coloured, (0,)),
        (["indexes"], coloured, (0,)),
        (["indexes", "--json"], as_json, (0,)),
    ]
    for words, checked, codes in asked:
        seen += looked(tried, words, checked, codes, XDG_DATA_HOME=str(data))
    seen += watched(tried, index, place)
    seen += looked(tried, ["repair", *named], coloured, (0,))
    for ending in ("*.chp", "*.chr"):
        torn = next(index.glob(ending))
        torn.write_bytes(torn.read_bytes()[:-9])
        seen += looked(tried, ["search", TERM, *named], coloured, (2,))
        seen += looked(tried, ["check-index", *named], coloured, (1,))
        seen += looked(tried, ["check-index", "--json", *named], as_json, (1,))
        seen += looked(tried, ["repair", *named], coloured, (0, 2))
    return seen + looked(tried, ["remove", str(place), *named], coloured, (0, 2))


def watched(tried: Tried, index: Path, place: Path) -> int:
    """`chabao watch`, until it has said that a file has come."""
    words = [sys.executable, "-m", "chabao", "watch", "--index", str(index), "--lang", "en"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        late = threading.Timer(WATCHED, process.kill)
        late.start()
        assert process.stderr
        said = process.stderr.readline()
        (place / f"new{HARM[0]}.txt").write_text(f"{HARM[1]}周报\n一、{TERM}")
        said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        late.cancel()
    wrong = [*coloured(out), *coloured(said + err)]
    if process.returncode not in (0, 130) or said.count(b"\n") < 2:
        wrong.append(f"exit {process.returncode}: {said + err!r}")
    tried.trial(wrong and f"watch: {wrong[0]}")
    return len(out + said + err)


def looked(
    tried: Tried, words: list[str], checked: Checked, codes: Sequence[int], **variables: str
) -> int:
    """Asks once in a pipe and once on a terminal; how many bytes were looked at."""
    seen = 0
    for terminal in (False,) if "xlsx" in words else (False, True):
        ran = inside.run(words, terminal, COLUMNS="100", **variables)
        seen += len(ran.out) + len(ran.err)
        wrong = list(coloured(ran.err)) + known(ran.out, checked, terminal)
        if ran.code not in codes:
            wrong.append(f"exit {ran.code}: {ran.err[-300:].decode('utf-8', 'replace')}")
        tried.trial(wrong and f"{' '.join(words)}{' (tty)' * terminal}: {wrong[0]}"[:600])
    return seen


def drawn(tried: Tried, folder: Path, chance: Random) -> int:
    """Pictures of harmful names."""
    seen = 0
    evil = [typed(f"{TERM} OR “{harm}”") for harm in chance.sample(HARM, 5)]
    for words in (["--split", "department"], ["--split", "section"], evil):
        file = folder / "picture.svg"
        words = ["trend", TERM, *words, "--plot", str(file), "--index", str(folder / "index")]
        seen += looked(tried, words, coloured, (0, 1))
        data = file.read_bytes() if file.exists() else b""
        wrong = known(data, drawing, False)
        tried.trial(wrong and f"{' '.join(words)}: {wrong[0]}"[:600])
        seen += len(data)
        file.unlink(missing_ok=True)
    return seen


def mistakes(tried: Tried, folder: Path, chance: Random, count: int) -> int:
    """Harm where a query, a name, a day or an option is expected."""
    seen = 0
    ways = (
        lambda evil: ["search", "--exact", evil],
        lambda evil: ["search", f"({evil} NEAR/ ) “"],
        lambda evil: ["search", f"日期:{evil} 部门:{evil}"],
        lambda evil: ["search", "--since", evil, "x"],
        lambda evil: ["search", "x", f"--{evil}"],
        lambda evil: ["search", "x", "--format", evil],
        lambda evil: ["search", "x", "-o", str(folder / evil / "x.csv")],
        lambda evil: ["search", "x", "--index", evil],
        lambda evil: ["index", evil],
        lambda evil: [evil],
        lambda evil: ["show", evil],
        lambda evil: ["check", evil],
        lambda evil: ["repeat", evil],
        lambda evil: ["mentions", "--regex", f"({evil}"],
        lambda evil: ["mentions", "x", "--terms", evil],
        lambda evil: ["trend", evil, "--plot", evil],
        lambda evil: ["new", evil],
        lambda evil: ["open", evil],
        lambda evil: ["search", "x", "--section", evil, "--number", evil, "--lang", evil],
    )
    for number in range(count):
        evil = typed(harmful(chance, "x"))
        words = ways[number % len(ways)](evil)
        lang = "zh" if number // len(ways) % 2 else "en"
        own = {"CHABAO_INDEX": str(folder / "index")} if "--index" not in words else {}
        ran = inside.run(words, number % 3 == 0, CHABAO_LANG=lang, COLUMNS="80", **own)
        seen += len(ran.err)
        wrong = [*coloured(ran.err), *coloured(ran.out)]
        if ran.code not in (0, 1, 2) or b"Traceback" in ran.err or b"itself went wrong" in ran.err:
            wrong.append(f"exit {ran.code}: {ran.err[-300:].decode('utf-8', 'replace')}")
        tried.trial(wrong and f"{words!r}: {wrong[0]}"[:600])
    return seen


if __name__ == "__main__":
    if sys.flags.utf8_mode == 0 and sys.getfilesystemencoding() != "utf-8":
        sys.exit("needs a locale of UTF-8")
    frame.main(__file__, PROMISE, run, DOCUMENTS, names=60)
