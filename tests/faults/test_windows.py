"""Windows, as far as this platform can play it: no open file is replaced, no pipe garbled."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from docx import Document

from chabao.indexer import discovery, places, sharing
from chabao.indexer.errors import OddName
from chabao.tests.faults import windows
from chabao.tests.faults.windows import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who has a file open")
ROOT = Path(__file__).resolve().parents[2]
QUERY = "川渝通办"
Room = dict[str, str]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Where it is Windows, with an index `built` of three documents in `docs`, one a Word file."""
    folder = tmp_path_factory.mktemp("windows")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "周报.txt").write_text("一、动态\n1.川渝通办事项一百件。\n", "gb18030")
    (docs / "NUL机.md").write_text("一、动态\n1.川渝通办窗口两个。\n", "utf-8")
    word = Document()
    word.add_paragraph("1.川渝通办，跨省办理。")
    word.save(docs / "月报.docx")
    room = windows.environment(folder)
    ran = run(room, "index", str(docs), "--index", str(folder / "built"))
    assert ran.returncode == 0, ran.stderr
    return room


@pytest.fixture
def index(room: Room, tmp_path: Path) -> tuple[str, Path]:
    """An index of one's own of one document, and the folder that it is of."""
    base = Path(room[windows.ROOM], tmp_path.name)
    shutil.copytree(Path(room[windows.ROOM], "docs"), base / "docs", ignore=_all_but_text)
    place = str(base / "index")
    assert run(room, "index", str(base / "docs"), "--index", place).returncode == 0
    return place, base / "docs"


_all_but_text = shutil.ignore_patterns("*.md", "*.docx")


@contextmanager
def doing(room: Room, code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Another program that says "ready", and ends when its input does."""
    program = subprocess.Popen(
        [sys.executable, "-c", code, *words], env=room, text=True, encoding="cp936",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert program.stdin and program.stdout
    try:
        assert program.stdout.readline() == "ready\n"
        yield program
    finally:
        program.stdin.close()
        program.wait(20)
        program.stdout.close()


HOLDS = "import sys; held = open(sys.argv[1], 'rb'); print('ready', flush=True); sys.stdin.read()"
HOLDS_UNTIL_REFUSED = """\
import os, pathlib, sys, time
held = [open(name, "rb") for name in sys.argv[1:]]
refusal = pathlib.Path(os.environ["CHABAO_WINDOWS_PIDS"], "refused")
refusal.unlink(missing_ok=True)
print("ready", flush=True)
until = time.monotonic() + 30
while not refusal.exists() and time.monotonic() < until:
    time.sleep(0.01)
for each in held:
    each.close()
print(refusal.exists(), flush=True)
sys.stdin.read()
"""
READS = """\
import sys
import threading
import urllib.request
from pathlib import Path
from chabao.search.engine import open_index, search
index = open_index(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    print(search(index, line.strip()).total, flush=True)
"""


def counted(room: Room, place: str) -> int:
    ran = run(room, "search", QUERY, "--json", "--index", place)
    assert ran.returncode == 0, ran.stderr
    return int(json.loads(ran.stdout)["total"])


def test_the_stand_in_refuses_what_windows_refuses(room: Room) -> None:
    code = """\
import os, pathlib, sys, warnings
room = pathlib.Path(os.environ["CHABAO_WINDOWS_ROOM"], "odd")
room.mkdir()
(room / "a").write_bytes(b"a"), (room / "b").write_bytes(b"b")
def refused(call):
    try:
        call()
    except (OSError, ImportError, AttributeError, Warning) as error:
        return type(error).__name__
    return "done"
with open(room / "b", "rb"):
    print(refused(lambda: (room / "a").replace(room / "b")), refused((room / "b").unlink))
print(refused(lambda: (room / "a").rename(room / "b")), refused(lambda: os.open(room, 0)))
print(refused(lambda: open(room / "con.txt", "w")), refused(lambda: open(room / "a:b", "w")))
print(refused(lambda: (room / "a").replace(room / "b")), refused((room / "b").unlink))
there = {"__name__": "chabao.there"}
exec("import os, sys, signal", there)
print(there["sys"].platform, there["os"].name, refused(lambda: there["os"].killpg))
print(refused(lambda: exec("import resource", there)), refused(lambda: there["signal"].SIGKILL))
(room / "a").write_bytes(b"a")
print(refused(lambda: exec("open(path).close()", there | {"path": room / "a"})))
"""
    ran = subprocess.run([sys.executable, "-c", code], env=room, capture_output=True, timeout=30)
    assert ran.stdout.decode("cp936").split("\r\n")[:-1] == [
        "PermissionError PermissionError",
        "FileExistsError PermissionError",
        "OSError OSError",
        "done done",
        "win32 nt AttributeError",
        "ModuleNotFoundError AttributeError",
        "EncodingWarning",
    ], ran.stderr


def test_every_module_can_be_imported(room: Room) -> None:
    code = """\
import importlib, pkgutil, sys
import chabao
for part in ("commands", "indexer", "search", "web"):
    package = importlib.import_module(f"chabao.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"chabao.{part}."):
        importlib.import_module(module.name)
importlib.import_module("chabao.cli")
print(sum(name.startswith("chabao.") for name in sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], env=room, capture_output=True, timeout=60)
    assert ran.returncode == 0, ran.stderr.decode("cp936")
    assert int(ran.stdout) > 200


def test_no_process_is_forked() -> None:
    """Workers are started anew, as on Windows; `multiprocessing` would run the caller again."""
    forks = re.compile(r"\bimport multiprocessing|\bfrom multiprocessing|os\.fork|ProcessPool")
    for folder in ("commands", "indexer", "search", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not forks.search(path.read_text("utf-8")), path


def test_files_are_indexed_and_found(room: Room) -> None:
    place = str(Path(room[windows.ROOM], "built"))
    assert counted(room, place) == 3
    ran = run(room, "check-index", "--index", place)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("form", [["--json"], ["--plain"], [], ["--format", "jsonl"]])
def test_pipes_are_utf8_and_lines_end_as_anywhere(room: Room, form: list[str]) -> None:
    """Not as the console, and what is after Windows' own |, would have it: tools depend on it."""
    ran = run(room, "search", QUERY, "--index", str(Path(room[windows.ROOM], "built")), *form)
    assert ran.returncode == 0, ran.stderr
    assert QUERY in ran.stdout.decode("utf-8").replace("【", "").replace("】", "")
    assert b"\r" not in ran.stdout + ran.stderr and not ran.stdout.startswith(b"\xef\xbb\xbf")
    ran.stderr.decode("utf-8")


def test_an_encoding_that_is_asked_for_is_kept(room: Room) -> None:
    place = str(Path(room[windows.ROOM], "built"))
    asked = room | {"PYTHONIOENCODING": "cp936"}
    ran = run(asked, "search", QUERY, "--index", place)
    assert ran.returncode == 0 and f"【{QUERY}】" in ran.stdout.decode("cp936")
    ran = run(asked, "search", QUERY, "--since", "\U0001f600", "--lang", "zh", "--index", place)
    assert ran.returncode == 2 and "?" in ran.stderr.decode("cp936")


def test_an_index_that_someone_reads_is_renewed(room: Room, index: tuple[str, Path]) -> None:
    place, docs = index
    with doing(room, READS, place) as reader:
        assert reader.stdin and reader.stdout
        kept = {path.name for path in Path(place).glob("MAIN_*")}
        (docs / "周报.txt").write_text("1.川渝通办一件。\n2.川渝通办又一件。\n", "utf-8")
        ran = run(room, "index", str(docs), "--index", place)
        assert ran.returncode == 0, ran.stderr
        assert counted(room, place) == 2
        reader.stdin.write(f"{QUERY}\n"), reader.stdin.flush()
        assert reader.stdout.readline() == "1\n"
        assert kept < {path.name for path in Path(place).glob("MAIN_*")}
    (docs / "周报.txt").write_text("1.川渝通办三件。\n", "utf-8")
    assert run(room, "index", str(docs), "--index", place).returncode == 0
    # what nobody reads any more is gone
    assert not kept & {path.name for path in Path(place).iterdir()}
    assert counted(room, place) == 1


def test_who_looks_for_a_moment_stops_nobody(room: Room, index: tuple[str, Path]) -> None:
    place, docs = index
    (docs / "新.txt").write_text("1.川渝通办又一件。\n", "utf-8")
    names = [str(Path(place, name)) for name in ("manifest.json", "manifest.folders.json")]
    with doing(room, HOLDS_UNTIL_REFUSED, *names) as other:
        ran = run(room, "index", str(docs), "--index", place)
        assert other.stdout and other.stdout.readline() == "True\n"
    assert ran.returncode == 0, ran.stderr
    assert counted(room, place) == 2


def test_what_stays_open_is_named_and_nothing_is_lost(room: Room, index: tuple[str, Path]) -> None:
    place, docs = index
    (docs / "新.txt").write_text("1.川渝通办又一件。\n", "utf-8")
    with doing(room, HOLDS, str(Path(place, "manifest.json"))):
        ran = run(room, "index", str(docs), "--index", place)
        said = ran.stderr.decode("utf-8")
        assert ran.returncode == 2 and "Traceback" not in said and place in said
        assert counted(room, place) in (1, 2)
    assert run(room, "index", str(docs), "--index", place).returncode == 0
    assert counted(room, place) == 2
    assert run(room, "check-index", "--index", place).returncode == 0


def test_a_table_that_is_open_elsewhere_stays_as_it_is(room: Room) -> None:
    """In Excel, say, which keeps it open as long as it shows it."""
    folder = Path(room[windows.ROOM], "tables")
    folder.mkdir()
    table = folder / "table.csv"
    table.write_bytes(b"old")
    place = str(Path(room[windows.ROOM], "built"))
    asked = ["search", QUERY, "--index", place, "--format", "csv", "-o", str(table)]
    with doing(room, HOLDS, str(table)):
        ran = run(room, *asked)
        said = ran.stderr.decode("utf-8")
        assert ran.returncode == 2 and str(table) in said and "Traceback" not in said
        assert table.read_bytes() == b"old" and list(folder.iterdir()) == [table]
    assert run(room, *asked).returncode == 0
    assert QUERY in table.read_text("utf-8-sig")


def test_saved_searches_are_renewed_while_someone_looks(room: Room) -> None:
    place = str(Path(room[windows.ROOM], "built"))
    assert run(room, "save", "甲", QUERY, "--index", place).returncode == 0
    (shelf,) = Path(room["XDG_DATA_HOME"]).rglob("saved/*.json")
    with doing(room, HOLDS_UNTIL_REFUSED, str(shelf)) as other:
        ran = run(room, "save", "乙", QUERY, "--index", place)
        assert other.stdout and other.stdout.readline() == "True\n"
    assert ran.returncode == 0, ran.stderr
    assert (
        set(json.loads(shelf.read_bytes())) and len(json.loads(shelf.read_bytes())["searches"]) == 2
    )


def test_a_path_too_long_for_windows_is_named_and_the_others_are_read(
    room: Room, index: tuple[str, Path]
) -> None:
    place, docs = index
    deep = docs.joinpath(*["政务服务"] * 60)
    deep.mkdir(parents=True)
    (deep / "深.txt").write_text("1.川渝通办很深。\n", "utf-8")
    ran = run(room, "index", str(docs), "--index", place)
    said = (ran.stdout + ran.stderr).decode("utf-8")
    assert ran.returncode == 2 and "深.txt" in said and "refused files\t1" in said
    assert counted(room, place) == 1


def test_the_files_of_an_index_have_short_names(room: Room, index: tuple[str, Path]) -> None:
    """With the longest name of an index and of a user they stay within 260 characters."""
    longest = max(len(path.name) for path in Path(index[0]).iterdir()) + len(".partial")
    data = rf"C:\Users\{'u' * 20}\AppData\Local\chabao\{places.NAMED}\{'i' * places.LONGEST}"
    assert len(data) + 1 + longest + 25 < 260


@pytest.mark.parametrize(
    "name", ["con", "Aux", "nul.txt", "com1", "LPT9", "COM¹", "lpt³.a", "a.", "a b", "a:b", "a\\b"]
)
def test_names_that_windows_takes_for_something_else_name_no_index(name: str) -> None:
    with pytest.raises(OddName):
        places.name(name)


def test_junctions_are_links(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They are folders by every other sign, and may lead above themselves."""
    (tmp_path / "a.txt").write_text("甲", "utf-8")
    (tmp_path / "loop").mkdir()
    real, looks = os.scandir, []

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.entry = entry

        def __getattr__(self, name: str) -> Any:
            return getattr(self.entry, name)

        def stat(self, *, follow_symlinks: bool = True) -> Any:
            tag = 0xA0000003 if self.entry.name == "loop" and not follow_symlinks else 0
            return SimpleNamespace(st_reparse_tag=tag)

    @contextmanager
    def scandir(folder: Any) -> Iterator[list[Entry]]:
        looks.append(Path(folder))
        with real(folder) as entries:
            yield [Entry(entry) for entry in entries]

    monkeypatch.setattr(os, "scandir", scandir)
    found = discovery.files({"docs": str(tmp_path)}, [".txt"])
    assert [file.source for file in found.files] == ["a.txt"]
    assert looks == [tmp_path]


def test_a_refusal_that_stays_is_told_after_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(sharing, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(sharing, "time", SimpleNamespace(sleep=waited.append))

    def refuse() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        sharing.patiently(refuse)
    assert 1 < sum(waited) < 3
    monkeypatch.setattr(sharing, "sys", SimpleNamespace(platform="linux"))
    waited.clear()
    with pytest.raises(PermissionError):
        sharing.patiently(refuse)
    assert not waited


def test_the_page_is_served(room: Room) -> None:
    pytest.importorskip("uvicorn")
    place = str(Path(room[windows.ROOM], "built"))
    asked = ["serve", "--index", place, "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "chabao", *asked], env=room,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as page:  # fmt: skip
        late = threading.Timer(40, page.kill)
        late.start()
        try:
            assert page.stderr
            said = page.stderr.readline().decode("utf-8")
            address = re.search(r"http://\S+", said)
            assert address, said
            with urllib.request.urlopen(f"{address[0]}?q={quote(QUERY)}", timeout=20) as answer:
                assert QUERY in answer.read().decode("utf-8")
            page.send_signal(signal.SIGINT)
            page.wait(20)
        finally:
            late.cancel()
            page.kill()
    assert page.returncode == 130
