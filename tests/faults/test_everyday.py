"""What goes wrong on any day: the right exit code, one line that says what to do, no traceback."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chabao.indexer.build import build

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its devices and limits")
ROOT = Path(__file__).parents[2]
STRANGER = 65534
CHABAO = f"{sys.executable} -m chabao"
ASK = "search 川渝通办 --index {index}"
FOUND = "4 items, 5 mentions"
DROP_BOUND, OVERRIDES = 24, (1, 2, 3)
"""prctl's name for giving up a capability, and those by which root reads and writes everything."""
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Case:
    """A line for the shell, what comes of it, and in which surroundings.

    `{index}`, `{texts}` and `{here}` are a good index, bulletins, and the folder the case runs in.
    """

    name: str
    line: str
    code: int
    said: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    before: Callable[[Path], object] = lambda here: None
    limit: Callable[[], object] = lambda: None


def locked(path: Path, mode: int = 0o700) -> None:
    """What a stranger has made, and only he may read."""
    if os.geteuid() == 0:
        os.chown(path, STRANGER, STRANGER)
    path.chmod(mode if os.geteuid() == 0 else mode & 0o077)


def humble() -> None:
    """No longer almighty, even as root."""
    for capability in OVERRIDES:
        LIBC.prctl(DROP_BOUND, capability, 0, 0, 0)


def file_of(here: Path, name: str, text: str = "2月1日，商务厅推进川渝通办。") -> Path:
    path = here / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def copied(here: Path) -> Path:
    """The good index, to be spoilt."""
    return Path(shutil.copytree(here.parent / "index", here / "i"))


def shared(here: Path) -> None:
    """Two indexes with names, of which another may read one."""
    for name in ("mine", "theirs"):
        shutil.copytree(here.parent / "index", here / "chabao" / "indexes" / name)
    locked(here / "chabao" / "indexes" / "theirs")


def spoilt(here: Path) -> None:
    path = next(copied(here).glob("*.chr"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def aged(here: Path, seconds: int) -> None:
    os.utime(file_of(here, "t/a.txt"), (seconds, seconds))


def looped(here: Path) -> None:
    file_of(here, "t/a.txt")
    (here / "t" / "again").symlink_to("../t")
    (here / "t" / "b").symlink_to("c")
    (here / "t" / "c").symlink_to("b")


LONG = "timeout -s INT 2 {chabao} "
"""For what goes on until it is ended: its exit code is 124 then."""
LATER = (
    "set +b -m; exec 3>&2 2>/dev/null; timeout -s INT 50 {chabao} %s & "
    "for _ in {{1..400}}; do test -e %s && break; sleep 0.1; done; sleep 1; "
    "kill -ALRM $!; wait $!; test $? = 124 && test -e %s"
)
"""The same, ended when there is what it makes, or long after; a `timeout` that hears ALRM takes its
time to be over."""
ODD_CLOCK = (
    f"{sys.executable} -c 'import datetime, sys; "
    'D = type("date", (datetime.date,), {{"today": classmethod(lambda c: c(%d, 1, 1))}}); '
    "datetime.date = D; from chabao.cli import main; main()' "
)
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

CASES = (
    Case("no index", "search x --index ./nowhere", 2, "at nowhere .* --index ./nowhere FOLDER"),
    Case("an odd name", "search x --index 'a b'", 2, "cannot be the name of an index"),
    Case("an empty folder", "search x --index {here}", 2, r"no index at .* chabao index .*FOLDER"),
    Case("a file", "search x --index ./f", 2, "no index at f", before=lambda h: file_of(h, "f")),
    Case("a device", "search x --index /dev/null", 2, "no index at /dev/null"),
    Case("a file to index into", "index {texts} --index ./f", 2, "cannot write the index at f",
         before=lambda h: file_of(h, "f")),
    Case("a damaged index", "export --index ./i", 2, "index is damaged", before=spoilt),
    Case("another's index", "search x --index ./i", 2, "cannot read .*i: Permission denied",
         before=lambda h: locked(copied(h)), limit=humble),
    Case("another's file of an index", "search x --index ./i", 2, "chp: Permission denied",
         before=lambda h: locked(next(copied(h).glob("*.chp")), 0o600), limit=humble),
    Case("another's index among one's own",
         "timeout 20 env XDG_DATA_HOME={here} {chabao} indexes | grep -q 'mine.*78'", 0,
         "cannot read .*theirs: Permission denied", before=shared, limit=humble),
    Case("another's folder to write", "index {texts} --index ./o/i", 2, "cannot write the index at",
         before=lambda h: ((h / "o").mkdir(), locked(h / "o", 0o555)), limit=humble),
    Case("another's file to read", "index ./t --index ./n", 2, "1 file could not be read",
         before=lambda h: locked(file_of(h, "t/a.txt"), 0o600), limit=humble),
    Case("another's folder to read", "index ./t --index ./n", 2, "t' is not readable",
         before=lambda h: locked(file_of(h, "t/a.txt").parent), limit=humble),
    Case("no folder", "index ./t --index ./n", 2, "'./t' does not exist|'t' does not exist"),
    Case("nothing to read", "index {here} --index ./n", 0, "there is no file in .* that can be"),
    Case("links in circles", "index ./t --index ./n && {chabao} search 川渝 --index ./n -c", 0,
         before=looped),
    Case("an index in a circle", "index {texts} --index ./l", 2, "l: Too many levels",
         before=lambda h: (h / "l").symlink_to("l")),
    Case("searches of an index in a circle", "saved", 2, "l/i: Too many levels",
         {"CHABAO_INDEX": "./l/i"}, before=lambda h: (h / "l").symlink_to("l")),
    Case("a folder in a circle to watch", LONG + "watch ./l --index ./n", 2, "l: Too many levels",
         before=lambda h: (h / "l").symlink_to("l")),
    Case("a table in a circle", ASK + " -o l/x.csv", 2, "l/x.csv: Too many levels",
         before=lambda h: (h / "l").symlink_to("l")),
    Case("an index in its own folder", "index ./t --index ./t/i && {chabao} status --index ./t/i",
         0, "the index is fresh", before=lambda h: file_of(h, "t/a.txt")),
    Case("files of the future", "index ./t --index ./n && {chabao} status --index ./n", 0,
         "the index is fresh", before=lambda h: aged(h, 4_200_000_000)),
    Case("files of before 1970", "index ./t --index ./n && {chabao} status --index ./n", 0,
         "the index is fresh", before=lambda h: aged(h, -4_200_000)),
    Case("a clock that stands at 1970", ODD_CLOCK % 1970 + "search 日期:近三年 --index {index}", 1),
    Case("a clock that stands at 9999", ODD_CLOCK % 9999 + "search 期间:本周 --index {index}", 1),
    Case("CHABAO_INDEX is empty", "search 川渝通办 -c", 0, "bundled sample", {"CHABAO_INDEX": ""}),
    Case("CHABAO_INDEX is blank", "search x", 2, "no index is named", {"CHABAO_INDEX": " "}),
    Case("CHABAO_LANG is odd", ASK, 0, FOUND, {"CHABAO_LANG": "xx"}),
    Case("no locale", ASK, 0, FOUND, ASCII),
    Case("a locale that is not there", ASK, 0, FOUND, {"LC_ALL": "xx.UTF-8", "PYTHONUTF8": "0"}),
    Case("a pipe that is no UTF-8", ASK + " | iconv -f gbk -t utf-8 | grep -q 川渝通办", 0, FOUND,
         {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}),
    Case("a full disk", ASK + " > /dev/full", 2, f"{FOUND}\nchabao: .* No space left on device"),
    Case("a full disk for a table", ASK + " --format csv -o /dev/full", 2, "write /dev/full: No"),
    Case("no standard output", ASK + " >&-", 2, "the output: Bad file descriptor"),
    Case("no standard error", ASK + " 2>&-", 0),
    Case("no standard input", "search - --index {index} <&-", 2, "the query is empty"),
    Case("a pipe that is closed", "export --index {index} | head -c 1", 0),
    Case("nobody hears the remarks on a table",
         ASK + " -o ans.csv 2>&1 | true; test $? = 0 && grep -q 川渝通办 ans.csv", 0),
    Case("nobody hears the remarks on an answer",
         ASK + " 2>&1 >ans.txt | true; test $? = 0 && grep -q 川渝通办 ans.txt", 0),
    Case("nobody hears of an error", "search x --index ./nix 2>&1 | true", 2),
    Case("a full disk for remarks", ASK + " 2>/dev/full | grep -q 川渝通办", 0),
    Case("a full disk for what indexing says",
         "index {texts} --index ./n 2>/dev/full && {chabao} search 川渝 --index ./n -c", 0),
    Case("a full disk for what the page says",
         LONG + "serve --index {index} --port 0 --no-browser 2>/dev/full", 124),
    Case("a full disk for what the watch says",
         LATER % ("watch {texts} --index ./n 2>/dev/full", "n/_MAIN_1.toc", "n/_MAIN_1.toc"), 0),
    Case("a record, and nobody hears of it",
         ASK + " --record r.json -o a.csv 2>&1 | true; test $? = 0 && cat r.json a.csv >/dev/null",
         0),
    Case("a pipe that is closed for a table",
         "export --index {index} --format csv -o >(true) | cat; test ${{PIPESTATUS[0]}} = 2", 0,
         "the output: Broken pipe"),
    Case("what cannot be written is said", ASK + " > /proc/self/oom_score_adj", 2,
         f"{FOUND}\nchabao: .* the output: Invalid argument"),
    Case("no home", "search 川渝通办 -c", 2, "cannot write the index at /proc/nobody",
         {"HOME": "/proc/nobody"}, without=("XDG_DATA_HOME", "XDG_CACHE_HOME")),
    Case("a file for a cache", "search 川渝通办 -c", 2, "cannot write the index at .*Not a direc",
         {"XDG_CACHE_HOME": "/dev/null"}),
    Case("no folder for the time being", ASK + " -o ./x.xlsx && test -s x.xlsx", 0, FOUND,
         {"TMPDIR": "/nowhere"}),
    Case("a folder that was removed", "index . --index ./n", 2, "No such file or directory",
         before=lambda h: (h / "gone").mkdir()),
    Case("a screen of one column", ASK, 0, FOUND, {"COLUMNS": "1"}),
    Case("a screen of odd columns", ASK, 0, FOUND, {"COLUMNS": "-5", "TERM": "", "NO_COLOR": "1"}),
    Case("no folder for a table", ASK + " -o no/x.csv", 2, "cannot write no/x.csv"),
    Case("a folder for a table", ASK + " -o .", 2, "'.' is a directory"),
    Case("bytes that are no text", r"search $(printf '\377\376') --index {index}", 1, "0 items"),
    Case("a name that is too long", f"search x --index ./{'x' * 300}", 2, "File name too long"),
    Case("a paper that is none", "check {index} --index {index}", 2, "cannot read .*directory"),
    Case("few files at once", ASK, 0, FOUND,
         limit=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6))),
    Case("no large files", "index {texts} --index ./n", 2, "cannot write the index at n: File too",
         limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))),
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("everyday")
    (folder / "texts").mkdir()
    for path in (ROOT / "corpus").glob("*.txt"):
        shutil.copy(path, folder / "texts")
    build([folder / "texts"], folder / "index")
    return folder


def ran(case: Case, place: Path, here: Path) -> subprocess.CompletedProcess[bytes]:
    names = {"index": place / "index", "texts": place / "texts", "here": here, "chabao": CHABAO}
    line = case.line.format(**names)
    if not line.startswith((sys.executable, "timeout ", "set ")):
        line = f"{CHABAO} {line}"
    gone = here / "gone"
    if gone.exists():
        line = f"cd {gone}; rmdir {gone}; {line}"
    environ = {**os.environ, "CHABAO_LANG": "en", "PYTHONPATH": str(ROOT / ".dev"), **case.environ}
    for name in case.without:
        environ.pop(name, None)
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=here, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        preexec_fn=case.limit,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_said(case: Case, place: Path, request: pytest.FixtureRequest) -> None:
    here = place / f"here{CASES.index(case)}"
    here.mkdir()
    case.before(here)
    try:
        done = ran(case, place, here)
    finally:
        with suppress(OSError):
            for path in (here, *here.rglob("*")):
                os.chown(path, os.geteuid(), -1, follow_symlinks=False)
    said = done.stderr.decode()
    assert done.returncode == case.code, said
    assert re.search(case.said, said), said
    assert "Traceback" not in said
    assert "itself went wrong" not in said
    assert "Exception ignored" not in said
    remarks = [line for line in said.splitlines() if line.startswith("chabao: ")]
    others = [line for line in said.splitlines() if not line.startswith(("chabao: ", "bash: "))]
    assert len(remarks) <= 2
    assert all(line.startswith("  hint: ") for line in others), said
    if done.returncode == 2 and "could not be read" not in said:
        assert done.stdout == b""


def test_there_are_forty() -> None:
    assert len(CASES) + len(TERMINALS) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


TERMINALS = ("gone", "one column", "dumb", "no pager", "odd pager")


@pytest.mark.parametrize("how", TERMINALS)
def test_terminals(place: Path, how: str) -> None:
    """One that goes away, one of a single column, one that can do nothing, one without a pager."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    rows, columns = (5, 1) if how == "one column" else (5, 80)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environ = {**os.environ, "CHABAO_LANG": "en", "PAGER": "cat", "PYTHONPATH": str(ROOT / ".dev")}
    environ |= {"TERM": "dumb"} if how == "dumb" else {"TERM": "xterm"}
    environ |= {"PAGER": "/nowhere/less"} if how == "no pager" else {}
    environ |= {"PAGER": "'"} if how == "odd pager" else {}
    environ |= {"PAGER": "false"} if how == "dumb" else {}
    with subprocess.Popen(
        [sys.executable, "-m", "chabao", "search", "川渝通办", "--index", place / "index"],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, env=environ,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        if how == "gone":
            os.close(ours)
        else:
            with suppress(OSError):
                while part := os.read(ours, 65536):
                    shown += part
            os.close(ours)
        _, err = process.communicate(timeout=60)
    said = err.decode()
    assert "Traceback" not in said and "Exception ignored" not in said
    if how == "gone":
        assert process.returncode == 2
        assert re.fullmatch(rf"chabao: {FOUND}\nchabao: .*the output: Input/output error\n", said)
        return
    assert process.returncode == 0
    assert said == f"chabao: {FOUND}\n"
    assert ("\x1b[" in shown.decode()) == (how != "dumb")
    assert "川" in shown.decode()


PAGER = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, lambda *_: pathlib.Path("heard").touch())
text = sys.stdin.read()
pathlib.Path("ready").touch()
until = time.monotonic() + 30
while not pathlib.Path("heard").exists() and time.monotonic() < until:
    time.sleep(0.02)
print(text.count("川渝通办"), flush=True)
"""


def test_ctrl_c_is_the_pagers(place: Path, tmp_path: Path) -> None:
    """As with git and man: else the shell and the pager would both read the keys."""
    import pty

    (tmp_path / "pager.py").write_text(PAGER, "utf-8")
    ours, theirs = pty.openpty()
    pager = f"{sys.executable} pager.py"
    environ = {**os.environ, "PAGER": pager, "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "chabao", "search", "川渝通办", "--index", place / "index"],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, start_new_session=True,
        env=environ | {"PYTHONPATH": str(ROOT / ".dev"), "CHABAO_LANG": "en"}, cwd=tmp_path,
    ) as process:  # fmt: skip
        os.close(theirs)
        until = time.monotonic() + 30
        while not (tmp_path / "ready").exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        shown = b""
        with suppress(OSError):
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
        _, err = process.communicate(timeout=60)
    assert (tmp_path / "heard").exists()
    assert process.returncode == 0
    assert int(shown) == 5
    assert err.decode() == f"chabao: {FOUND}\n"
