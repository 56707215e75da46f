"""Small mistakes of every day: each is a line that says what to do, and spoils nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chabao.corpus import __file__ as corpus
from chabao.indexer.build import build

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
BULLETIN = min(Path(corpus).parent.rglob("*.txt"))
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="its devices")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHABAO_LANG", "en")
    monkeypatch.setenv("CHABAO_INDEX", str(tmp_path / "own"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bulletin, and its index beside it."""
    here = tmp_path_factory.mktemp("made")
    (here / "texts").mkdir()
    shutil.copy(BULLETIN, here / "texts" / "a.txt")
    build([here / "texts"], here / "index")
    return here


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    """An index of `tmp_path`, in which every command here runs: what "" must not stand for."""
    shutil.copy(made / "texts" / "a.txt", tmp_path)
    place = tmp_path / "own"
    build([tmp_path], place)
    return place


def said(ran: subprocess.CompletedProcess[bytes], code: int = 2) -> str:
    """The one line on standard error."""
    assert ran.returncode == code, ran.stderr.decode()
    assert ran.stdout == b""
    assert ran.stderr.count(b"\n") == 1, ran.stderr.decode()
    return ran.stderr.decode()


@pytest.mark.parametrize(
    "line",
    [
        ["index", ""],
        ["watch", ""],
        ["watch", " "],
        ["remove", ""],
        ["check", ""],
        ["repeat", ""],
        ["search", "推进", "-o", ""],
        ["search", "推进", "--record", ""],
        ["mentions", "--terms", ""],
        ["trend", "推进", "--plot", ""],
        ["new", "--atom", ""],
    ],
)
def test_a_blank_is_no_path_and_never_the_folder_one_is_in(
    chabao: Run, index: Path, line: list[str]
) -> None:
    before = sorted(index.iterdir())
    assert "the name is empty" in said(chabao(*line))
    assert sorted(index.iterdir()) == before


@pytest.mark.parametrize(
    "line", [["show", ""], ["open", " "], ["new", ""], ["saved", "--remove", ""]]
)
def test_a_blank_names_nothing(chabao: Run, line: list[str]) -> None:
    assert "nothing is named" in said(chabao(*line))


def test_what_is_advised_is_for_the_index_that_was_named(
    chabao: Run, made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "texts", tmp_path / "texts")
    assert chabao("index", "texts", "--index", "./i").returncode == 0
    assert chabao("remove", "texts", "--index", "./i").returncode == 0
    for line in (["search", "推进"], ["mentions", "推进"], ["trend", "推进"]):
        ran = chabao(*line, "--index", "./i")
        assert "the index is empty — chabao index --index ./i FOLDER" in ran.stderr.decode(), line
    assert "chabao index FOLDER" in chabao("search", "推进", CHABAO_INDEX="i").stderr.decode()
    assert "--index is empty — leave --index out" in said(chabao("search", "x", "--index", ""))


def test_what_is_advised_to_copy_is_for_the_index_it_is_wrong_with(
    chabao: Run, made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "index", tmp_path / "i")
    assert "chabao index --index ./none FOLDER" in said(chabao("copy", "./none", "./to"))
    assert not (tmp_path / "to").exists()
    next((tmp_path / "i").glob("*.toc")).write_bytes(b"")
    assert "chabao repair --index ./i" in said(chabao("copy", "./i", "./to"))
    assert "chabao repair --index i" in said(chabao("copy", str(made / "index"), "./i"))
    assert not (tmp_path / "to").exists()


def test_to_remove_what_is_not_there_is_a_mistake(chabao: Run, index: Path) -> None:
    before = sorted(index.iterdir())
    line = said(chabao("remove", "无此夹", "--index", "./own"))
    assert "无此夹 is not in the index — chabao status --index ./own lists its folders" in line
    assert sorted(index.iterdir()) == before


@LINUX
@pytest.mark.parametrize("command", ["index", "watch"])
def test_what_can_never_be_read_does_not_get_into_an_index(
    chabao: Run, index: Path, tmp_path: Path, command: str
) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "odd.bin").write_bytes(b"x")
    before = sorted(index.iterdir())
    for name in ("/dev/null", "pipe.txt", "odd.bin"):
        assert "is neither a folder nor a file that can be read" in said(chabao(command, name))
    assert sorted(index.iterdir()) == before
    status = json.loads(chabao("status", "--json").stdout)
    assert [folder["path"] for folder in status["folders"]] == [str(tmp_path)]


@pytest.mark.parametrize(
    "line", [["check", "a.md", "-o", "a.md"], ["check", "a.md", "-o", "b.csv"],
             ["mentions", "--terms", "b.csv", "-o", "a.md"], ["check", "a.md", "-o", "./b.csv"]]
)  # fmt: skip
def test_what_is_read_is_not_written_over(
    chabao: Run, index: Path, tmp_path: Path, line: list[str]
) -> None:
    (tmp_path / "a.md").write_text("他说：“不在任何公报里的一句话。”\n", "utf-8")
    (tmp_path / "b.csv").symlink_to("a.md")
    before = (tmp_path / "a.md").read_bytes()
    assert f"{Path(line[-1])} is what is read" in said(chabao(*line))
    assert (tmp_path / "a.md").read_bytes() == before
    assert chabao(*line[:-1], "new.md").returncode < 2


@LINUX
@pytest.mark.parametrize(
    ("line", "most"),
    [
        ("check /dev/zero", "100 MB"),
        ("repeat /dev/zero", "100 MB"),
        ("repeat - < /dev/zero", "100 MB"),
        ("mentions --terms /dev/zero", "10 MB"),
        ("mentions --terms - < /dev/zero", "10 MB"),
        ("search - < /dev/zero", "1 MB"),
    ],
)
def test_what_has_no_end_is_not_read_to_the_end(tmp_path: Path, line: str, most: str) -> None:
    ran = subprocess.run(
        ["bash", "-c", f"ulimit -v 4000000; exec {sys.executable} -m chabao {line}"],
        capture_output=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert f"it is longer than {most}" in said(ran)


@LINUX
def test_a_pipe_is_read_like_a_file(made: Path, tmp_path: Path) -> None:
    run = f"{sys.executable} -m chabao"
    lines = [
        f"{run} check <(echo “不在任何公报里的话”。) --index {made}/index | grep -q 不在任何",
        f"{run} mentions --terms <(echo 推进) --index {made}/index | grep -q 推进",
        f"{run} search 推进 --record r --index {made}/index >/dev/null; "
        f"{run} repeat - --index {made}/index < r",
    ]
    for line in lines:
        ran = subprocess.run(["bash", "-c", line], capture_output=True, cwd=tmp_path, timeout=60)
        assert ran.returncode == 0, (line, ran.stderr.decode())


@LINUX
def test_files_that_are_left_out_do_not_fill_the_screen(chabao: Run, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for number in range(60):
        os.mkfifo(folder / f"{number:02}.txt")
    shown = chabao("index", "odd", COLUMNS="80").stderr.decode().splitlines()
    assert len(shown) == 21
    assert "chabao: and 40 more; 2> FILE writes all into a file" in shown
    assert len(chabao("index", "odd").stderr.decode().splitlines()) == 60


@pytest.mark.parametrize(
    ("line", "advised"),
    [
        (["川渝通办"], "No such command '川渝通办'. Did you mean: chabao search 川渝通办"),
        (["川渝通办", "-n", "3"], "Did you mean: chabao search 川渝通办 -n 3"),
        (["serch", "川渝通办"], "Did you mean: chabao search 川渝通办"),
        (["mention", "x"], "Did you mean: chabao mentions x"),
        (
            ["--index", "a", "search", "x"],
            "--index comes too early: options come after the command",
        ),
        (["-n", "3", "search", "x"], "-n comes too early"),
        (["--json", "search", "x"], "--json comes too early"),
        (["--by=year", "mentions", "x"], "--by comes too early"),
        (["--json", "川渝通办"], "--json comes too early"),
        (["--verison"], "--version"),
        (["search", "x", "--sort"], "see chabao search --help"),
        (["mentions", "x", "--nothing"], "see chabao mentions --help"),
    ],
)
def test_a_wrong_beginning_is_put_right(chabao: Run, line: list[str], advised: str) -> None:
    assert advised in said(chabao(*line))


def test_names_are_said_as_they_are_typed(chabao: Run) -> None:
    line = said(chabao("items", CHABAO_LANG="zh"))
    assert "'items'" in line and line.endswith("chabao --help\n")


@pytest.mark.parametrize("command", ["", "search", "trend"])
def test_help_is_a_word_too(chabao: Run, command: str) -> None:
    words = [command] if command else []
    asked, page = chabao("help", *words), chabao(*words, "--help")
    assert asked.returncode == page.returncode == 0
    assert asked.stdout == page.stdout != b""
    assert asked.stderr == b""


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"", "it is no JSON"),
        (b"\xff", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[1]", "it lacks schema"),
        (b"{}", "it lacks schema"),
        (b'{"schema": 1}', "it lacks version"),
        (b'{"schema": 2}', "what it says is not what a record says"),
        (
            b'{"schema": 1, "version": "1", "at": "", "asked": []}',
            "what it says is not what a record says",
        ),
    ],
)
def test_why_a_file_is_no_record(chabao: Run, tmp_path: Path, record: bytes, reason: str) -> None:
    (tmp_path / "r.json").write_bytes(record)
    assert f"r.json is no record of a search: {reason} — " in said(chabao("repeat", "r.json"))


@pytest.mark.parametrize("query", ["", " ", "　"])
def test_a_blank_query_is_one_line(chabao: Run, index: Path, query: str) -> None:
    line = said(chabao("search", query))
    assert line == "chabao: the query is empty — write what to look for, such as 川渝通办\n"
