"""Ctrl-C at any moment: the program ends at once, with code 130, a line at most, nothing lost.

Each trial starts a command and sends SIGINT, as a terminal does to all of its processes, at a
random moment of the time that it takes. Before it has begun and after it is done it ends as any
program does that the signal ends; a shell sees 130 then, too.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.faults import frame
from benchmarks.faults.frame import Tried
from chabao.indexer.build import build
from chabao.search.engine import export, open_index

PROMISE = "Ctrl-C at any moment ends a command with code 130 and at most one line; nothing is lost."
TIMES = 200
ROOT = Path(__file__).parents[2]
COMMANDS = (
    ("search", "川渝通办"), ("export",), ("mentions", "的", "--all"), ("collocates", "工作"),
    ("search", "政务", "-o", "kept.xlsx"), ("index", "texts"), ("index", "texts", "--rebuild"),
    ("figures", "-o", "kept.csv"), ("save", "通办", "川渝通办", "--force"), ("new", "--peek"),
)  # fmt: skip
KEPT = b"kept"
ALLOWED = (b"chabao: ", b"  hint: ")
FRAME = re.compile(rb'^ *File "(.+?)", line', re.MULTILINE)
BEFORE = ("__init__.py", "__main__.py", "entry.py")
"""Our modules that are loaded before one of them can do anything about the signal."""
ENDED = (130, -signal.SIGINT)
"""Exit codes of what Ctrl-C has ended."""
PATIENCE = 5
"""Seconds that may pass until it has ended."""


def ways() -> tuple[tuple[str, ...], ...]:
    """How the program is started: as a module, and by the script that is installed."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, name = scripts["chabao"].split(":")
    script = f"import sys; from {module} import {name}; sys.exit({name}())"
    return (sys.executable, "-m", "chabao"), (sys.executable, "-c", script)


@dataclass(frozen=True)
class Place:
    """Where the trials run: a folder with an index, and what it held before."""

    folder: Path
    held: frozenset[str]


def prepared(folder: Path) -> Place:
    shutil.copytree(ROOT / "corpus", folder / "texts")
    build([folder / "texts"], folder / "index")
    return Place(folder, frozenset(items(folder)))


def items(folder: Path) -> list[str]:
    with open_index(folder / "index") as index:
        return [f"{item['source']} {item['id']} {item['text']}" for item in export(index)]


def started(place: Place, words: tuple[str, ...], way: tuple[str, ...]) -> subprocess.Popen[bytes]:
    environ = os.environ | {
        "CHABAO_INDEX": str(place.folder / "index"), "CHABAO_LANG": "en",
        "PYTHONPATH": str(ROOT / ".dev"), "XDG_DATA_HOME": str(place.folder / "data"),
    }  # fmt: skip
    return subprocess.Popen(
        [*way, *words], cwd=place.folder, env=environ,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def took(place: Place, words: tuple[str, ...]) -> float:
    """Seconds that a command takes if nobody interrupts it."""
    begun = time.perf_counter()
    with started(place, words, ways()[0]) as process:
        process.communicate(timeout=120)
    return time.perf_counter() - begun


def interrupted(
    place: Place, words: tuple[str, ...], way: tuple[str, ...], after: float
) -> tuple[int, str | None]:
    """The exit code, and what is wrong."""
    for name in ("kept.xlsx", "kept.csv"):
        (place.folder / name).write_bytes(KEPT)
    with started(place, words, way) as process:
        time.sleep(after)
        sent = time.perf_counter()
        alive = strike(process)
        _, err = process.communicate(timeout=60)
        waited = time.perf_counter() - sent
    code = process.returncode
    wrong = None if is_pythons(code, err) else misdone(code, err, alive)
    if waited > PATIENCE:
        wrong = wrong or f"ended after {waited:.1f} s"
    return code, wrong or lost(place, words, code)


def strike(process: subprocess.Popen[bytes]) -> bool:
    """Sends the signal to the group of a process; whether there still was one to get it.

    It is stopped before, so that this is known for sure: what goes on then has heard of it.
    """
    os.killpg(process.pid, signal.SIGSTOP)
    seen = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    for number in (signal.SIGINT, signal.SIGCONT):
        os.killpg(process.pid, number)
    return seen is not None and seen.si_code == os.CLD_STOPPED


def is_pythons(code: int, err: bytes) -> bool:
    """Whether Python itself was interrupted, on its way to the first module that could help it."""
    folders = (ROOT / ".dev" / "chabao", ROOT)
    before = {os.fsencode(folder / name) for folder in folders for name in BEFORE}
    root, prefix = os.fsencode(f"{ROOT}{os.sep}"), os.fsencode(sys.prefix)
    ours = {
        file for file in FRAME.findall(err) if file.startswith(root) and not file.startswith(prefix)
    }
    fatal = code == 1 and err.startswith(b"Fatal Python error: init_")
    ended = code == -signal.SIGINT and err.rstrip().endswith(b"KeyboardInterrupt")
    # the files that say where packages are may run code; what interrupts that is said and dropped
    dropped = err.startswith(b"Error processing line ") and b".pth:" in err
    return (fatal or ended or dropped) and b"Exception ignored" not in err and ours <= before


def misdone(code: int, err: bytes, alive: bool) -> str | None:
    """What is wrong with how a process ended that was `alive` when Ctrl-C was pressed, or not."""
    lines = [line for line in err.splitlines() if line]  # click ends the line of the ^C
    others = [line for line in lines if not line.startswith(ALLOWED)]
    if others:
        return f"exit {code}, said {others[0]!r} … {others[-1]!r}"
    if code not in (ENDED if alive else (0, 1)):
        return f"exit {code}, {'interrupted' if alive else 'done before'}: {err[-200:]!r}"
    if sum(b"interrupted" in line for line in lines) > 1:
        return f"said too much: {err[-300:]!r}"
    return None


def lost(place: Place, words: tuple[str, ...], code: int) -> str | None:
    """What is no longer as it was, or left behind."""
    if frozenset(items(place.folder)) != place.held:
        return "items are missing"
    for name in ("kept.xlsx", "kept.csv"):
        written = (place.folder / name).read_bytes()
        if name in words and written == KEPT and code == 0:
            return f"{name} was not written"
        if written != KEPT and (name not in words or not whole(written)):
            return f"{name} is spoilt"
    left = [path.name for path in place.folder.iterdir() if path.name.endswith(".partial")]
    return f"{left[0]} is left" if left else None


def whole(data: bytes) -> bool:
    """Whether a table is written to its end."""
    return data.endswith(b"\n") or (data[:2] == b"PK" and b"PK\5\6" in data[-64:])


def run(seed: int, times: int) -> Tried:
    """`times` interrupts, over all commands in turn."""
    chance, tried = Random(seed), Tried()
    codes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = prepared(Path(folder))
        usual = {words: took(place, words) for words in COMMANDS[: max(1, times // 2)]}
        for number in range(times):
            words = list(usual)[number % len(usual)]
            after = chance.uniform(0.0, usual[words])
            way = chance.choice(ways())
            code, failure = interrupted(place, words, way, after)
            codes[str(code)] = codes.get(str(code), 0) + 1
            line = " ".join((*way[1:], *words))
            tried.trial(failure and f"{line} after {after:.3f} s: {failure}")
    tried.more["exit codes"] = codes
    struck = sum(codes.get(str(code), 0) for code in ENDED)
    # most of few may all be struck before the program itself has begun
    if struck < times // 10 or codes.get("130", 0) < times // 20:
        tried.failures.append("hardly anything was interrupted")
    return tried


if __name__ == "__main__":
    frame.main(__file__, PROMISE, run, TIMES)
