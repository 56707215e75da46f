"""Files that misuse whoever reads them: each is refused for a reason, and everything else is read.

A format of this test does what it is told by the file: it stands for any library with a fault.
"""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chabao.indexer.build import Progress, build
from chabao.indexer.reader import formats
from chabao.indexer.workers import limits, worker
from chabao.indexer.workers.limits import MB, Limit, Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

FAKE = """
import ctypes, os, signal, subprocess, sys, time
from chabao.indexer.reader import formats
from chabao.indexer.reader.document import Document
from chabao.indexer.workers import limits
from chabao.indexer.workers.limits import Limit, Limits, MB

HELD = Limits(Limit({seconds}, "late"), Limit(160 * MB, "heavy"), Limit(200_000, "long"))

def install():
    formats.MODULES[".odd"] = "odd"
    formats.format_of = lambda module, real=formats.format_of: (
        sys.modules[__name__] if module == "odd" else real(module))
    formats.module_of = lambda name, data=b"", real=formats.module_of: (
        "odd" if name.endswith(".odd") else real(name, data))
    limits.TABLE["odd"] = HELD

def documents(data, name):
    how = data.decode()
    if how.startswith("say"):
        yield Document(how[3:] + str(os.getpid()))
        return
    exec(how)
    yield Document("走到了尽头，什么也没有发生。" * 20)
"""
BOMBS = {
    "sleep": ("time.sleep(600)", "late"),
    "spin": ("while True: pass", "late"),
    "spin where no Python runs": ("import re; re.match('(a*)*b', 'a' * 40)", "late"),
    "deaf": ("signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32)); time.sleep(600)", "late"),
    "memory": ("bytearray(1 << 30)", "heavy"),
    "memory by and by": ("kept = []\nwhile True: kept.append('川' * 100_000)", "heavy"),
    "memory that is asked for in vain": (
        "try: bytearray(1 << 30)\nexcept MemoryError as error: raise ValueError from error",
        "the reader crashed (ValueError)",
    ),
    "abort": ("os.abort()", "the reader crashed"),
    "segfault": ("ctypes.string_at(0)", "the reader crashed"),
    "leave": ("os._exit(0)", "the reader crashed"),
    "leave with Python": ("sys.exit()", "the reader crashed"),
    "interrupt": ("raise KeyboardInterrupt", "the reader crashed"),
    "raise": ("raise RuntimeError('\\x1b[31m')", "the reader crashed (another exception)"),
    "recursion": ("f = lambda: f()\nf()", "the reader crashed (RecursionError)"),
    "one huge text": ("yield_ = Document('川' * 300_000)", None),
    "noise": ("os.write(1, b'x' * 9_000_000); print('x' * 9_000_000, flush=True)", None),
    "noise from a child": ("subprocess.run(['/bin/echo', 'x' * 9000])", None),
    "reading the input": ("assert sys.stdin.read() == ''", None),
    "a child that stays": ("subprocess.Popen(['/bin/sleep', '60'])", None),
    "a fork that stays": ("os.fork() or time.sleep(60)", None),
    "a huge file": (
        "import tempfile\nwith tempfile.TemporaryFile() as file: file.truncate(700 << 20)",
        "the reader crashed (another exception)",
    ),
}
"""What a file does, and the reason that it is refused for; None where it comes to its end."""
MADE = {
    "endless documents": ("while True: yield Document('川' * 100, name='x')", "long"),
    "endless nothing": ("while True: yield Document('', name='x')", "long"),
    "one huge text": ("yield Document('川' * 300_000)", "long"),
    "documents before the end": (
        "yield Document('第一篇文章，写得很长。' * 20, name='a')\nos.abort()", "the reader crashed"
    ),
}  # fmt: skip
"""The same for bodies of a generator."""


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A format `.odd` for workers and for this process, which takes at most some seconds."""

    def install(seconds: int) -> None:
        held = Limits(Limit(seconds, "late"), Limit(160 * MB, "heavy"), Limit(200_000, "long"))
        folder = tmp_path / "modules"
        folder.mkdir()
        bodies = "\n".join(
            f"def _{at}():\n{textwrap.indent(body, '    ')}"
            for at, (body, _) in enumerate(MADE.values())
        )
        source = FAKE.replace("{seconds}", str(seconds)).replace(
            "    exec(how)\n",
            "    if how[:1] == '_':\n        yield from globals()[how]()\n        return\n"
            "    exec(how, globals())\n",
        )
        (folder / "odd.py").write_text(source + bodies, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.setattr(worker, "START", worker.START.replace(
            "from chabao", "import odd; odd.install(); from chabao", 1))  # fmt: skip
        monkeypatch.setitem(formats.MODULES, ".odd", "odd")
        monkeypatch.setattr(formats, "SUFFIXES", formats.SUFFIXES | {".odd"})
        monkeypatch.setattr("chabao.indexer.reader.SUFFIXES", formats.SUFFIXES)
        monkeypatch.setitem(limits.TABLE, "odd", held)
        monkeypatch.setattr("chabao.indexer.workers.pool.cores", lambda: 2)

    return install


def children() -> set[int]:
    """Processes that this one or a dead one of it has left, by what /proc says."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"CHABAO_TEST={os.getpid()}\0".encode() in stat.read_bytes():
                found.add(int(stat.parent.name))
        except OSError:
            continue
    return found - {os.getpid()}


@pytest.fixture
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHABAO_TEST", str(os.getpid()))
    yield
    end = time.monotonic() + 60
    while children() and time.monotonic() < end:
        time.sleep(0.05)
    assert not children()


def items(tmp_path: Path) -> dict[str, str]:
    from chabao.search.engine import export, open_index

    with open_index(tmp_path / "index") as opened:
        return {item["source"]: item["text"] for item in export(opened)}


@linux
@pytest.mark.usefixtures("nothing_stays")
def test_no_file_harms_another(odd: Callable[[int], None], tmp_path: Path) -> None:
    odd(2)
    folder = tmp_path / "files"
    folder.mkdir()
    told = dict(BOMBS)
    del told["one huge text"]
    for at, (name, (how, _)) in enumerate(told.items()):
        (folder / f"{at:02} {name}.odd").write_text(how, encoding="utf-8")
        (folder / f"{at:02} {name}.txt").write_text(f"好的文件，{name}。", encoding="utf-8")
    for at, name in enumerate(MADE):
        (folder / f"made {name}.odd").write_text(f"_{at}", encoding="utf-8")
    before = time.monotonic()
    report = build([folder], tmp_path / "index")
    assert time.monotonic() - before < 300
    found = {Path(path).stem: reason for path, reason in report.refused}
    expected = {f"{at:02} {name}": said for at, (name, (_, said)) in enumerate(told.items())}
    expected |= {f"made {name}": said for name, (_, said) in MADE.items()}
    assert found == {name: said for name, said in expected.items() if said}
    texts = items(tmp_path)
    assert {source for source in texts if source.endswith(".txt")} == {
        f"{at:02} {name}.txt" for at, name in enumerate(told)
    }
    assert "made documents before the end.odd/a" in texts
    seen: list[Progress] = []
    again = build([folder], tmp_path / "index", progress=seen.append)
    assert again.refused == report.refused
    assert [at.total for at in seen] == [0], "what was refused is not tried again"
