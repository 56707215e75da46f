"""`chabao save`, `chabao saved` and `chabao new`, as processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

import pytest

from chabao.indexer.build import build

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
ATOM = "{http://www.w3.org/2005/Atom}"
CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two of the five bulletins, indexed; the others come later."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("CHABAO_INDEX", str(tmp_path / "index"))
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in CORPUS[:2]:
        shutil.copy(path, made)
    build([made], tmp_path / "index")
    return made


def grown(folder: Path) -> None:
    for path in CORPUS[2:]:
        shutil.copy(path, folder)
    build([folder], folder.parent / "index")


def news(done: subprocess.CompletedProcess[bytes]) -> dict[str, int]:
    """How many are new, by the searches' names."""
    answer: dict[str, Any] = json.loads(done.stdout)
    return {each["name"]: len(each["rows"]) for each in answer["searches"]}


def test_what_comes_is_told_once(chabao: Run, folder: Path) -> None:
    assert chabao("new").returncode == 1
    done = chabao("save", "通办", "川渝通办")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"4 are there already" in done.stderr
    assert chabao("save", "文旅", "--department", "文旅厅").returncode == 0
    done = chabao("new")
    assert (done.returncode, done.stdout) == (1, b"")
    grown(folder)
    done = chabao("new", "--peek", "--json")
    assert (done.returncode, news(done)) == (0, {"通办": 1, "文旅": 1})
    done = chabao("new", "通办")
    assert done.returncode == 0
    assert "【川渝通办】" in done.stdout.decode() and "== 通办 ==" in done.stdout.decode()
    done = chabao("new", "--json")
    assert (done.returncode, news(done)) == (0, {"通办": 0, "文旅": 1})
    assert chabao("new").returncode == 1


def test_the_address_of_what_is_new_can_be_shown(chabao: Run, folder: Path) -> None:
    chabao("save", "通办", "川渝通办")
    grown(folder)
    done = chabao("new", "--json")
    address = json.loads(done.stdout)["searches"][0]["rows"][0]["address"]
    assert chabao("show", address).returncode == 0


def test_searches_are_listed_replaced_and_removed(chabao: Run, folder: Path) -> None:
    done = chabao("saved")
    assert (done.returncode, done.stdout) == (1, b"")
    chabao("save", "一", "川渝通办", "--since", "近三个月", "--number", "3")
    chabao("save", "二", "-F", "a OR b")
    done = chabao("saved", COLUMNS="100")
    assert done.returncode == 0
    assert "川渝通办 --number 3 --since 近三个月" in done.stdout.decode()
    assert "-F a OR b" in done.stdout.decode()
    done = chabao("save", "二", "办理")
    assert done.returncode == 2 and b"--force" in done.stderr
    assert chabao("save", "二", "办理", "--force").returncode == 0
    listed = json.loads(chabao("saved", "--json").stdout)["searches"]
    assert [(each["name"], each["query"]) for each in listed] == [
        ("一", "川渝通办"),
        ("二", "办理"),
    ]
    assert listed[0]["conditions"]["since"] == "近三个月"
    assert chabao("saved", "--remove", "一").returncode == 0
    assert chabao("saved", "--remove", "一").returncode == 2
    assert chabao("new", "一").returncode == 2
    assert b"\xe4\xb8\x80" not in chabao("saved").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("save", " ", "办"), ("save", "名"), ("save", "名", "date:某日"),
        ("save", "名", "办", "--since", "某日"), ("save", "名", "办", "--period", "某日"),
        ("new", "没有"), ("saved", "--remove", "a", "--json"), ("new", "--atom", "-", "--json"),
    ],
)  # fmt: skip
def test_a_mistake_is_two_and_saves_nothing(
    chabao: Run, folder: Path, arguments: tuple[str, ...]
) -> None:
    done = chabao(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr and b"Traceback" not in done.stderr
    assert chabao("saved").returncode == 1


@pytest.mark.parametrize("name", ["\x1b[31m红\x07\n", "-开头", "../../%s{x}" + "甲" * 300])
def test_any_text_is_a_name(chabao: Run, folder: Path, name: str) -> None:
    assert chabao("save", "--", name, "川渝通办").returncode == 0
    for done in (chabao("saved", COLUMNS="80"), chabao("new", "--", name)):
        assert b"\x1b" not in done.stdout + done.stderr and b"\x07" not in done.stdout + done.stderr
    grown(folder)
    done = chabao("new", "--json", "--atom", "f.xml", "--", name)
    assert news(done) == {name: 1}
    assert chabao("saved", f"--remove={name}").returncode == 0


def test_a_feed_keeps_what_was_new_before(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "通办", "川渝通办 OR 一网通办")
    grown(folder)
    assert chabao("new").returncode == 0
    assert chabao("new", "--atom", "news.xml").returncode == 1
    root = xml.parse(tmp_path / "news.xml").getroot()
    ids = [each.text for each in root.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == 3 == len(set(ids))
    again = chabao("new", "--atom", "-")
    assert again.stdout == (tmp_path / "news.xml").read_bytes()


def test_a_table_has_the_rows_of_all_searches(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "一", "川渝通办")
    chabao("save", "二", "一网通办")
    grown(folder)
    assert chabao("new", "-o", "new.csv").returncode == 0
    lines = (tmp_path / "new.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 1 + 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_what_could_not_be_written_is_new_again(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "通办", "川渝通办")
    grown(folder)
    command = [sys.executable, "-m", "chabao", "new"]
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run(command, stdout=full, cwd=tmp_path).returncode == 2
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        subprocess.run(command, stdout=closed, cwd=tmp_path)
    assert chabao("new", "--atom", "no/such/folder.xml").returncode == 2
    assert news(chabao("new", "--json")) == {"通办": 1}


def test_of_several_at_once_one_tells_it(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "办", "办")
    grown(folder)
    command = [sys.executable, "-m", "chabao", "new", "--json"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) for _ in range(4)]
    told = []
    for run in runs:
        out, _ = run.communicate(timeout=60)
        told.append(len(json.loads(out)["searches"][0]["rows"]))
    assert sorted(told)[:3] == [0, 0, 0] and max(told) == 52


def test_one_that_cannot_be_asked_hides_no_other(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "坏", "办理")
    chabao("save", "好", "川渝通办")
    (path,) = (tmp_path / "data" / "chabao" / "saved").glob("*.json")
    said = json.loads(path.read_bytes())
    said["searches"][0]["query"] = "date:某日"
    path.write_text(json.dumps(said))
    grown(folder)
    done = chabao("new", "--json")
    assert (done.returncode, news(done)) == (2, {"坏": 0, "好": 1})
    assert news(chabao("new", "--json"))["好"] == 0


@pytest.mark.parametrize("data", [b"", b'{"version": 2}'])
def test_a_damaged_file_is_said_and_left(
    chabao: Run, folder: Path, tmp_path: Path, data: bytes
) -> None:
    chabao("save", "通办", "川渝通办")
    (path,) = (tmp_path / "data" / "chabao" / "saved").glob("*.json")
    path.write_bytes(data)
    for arguments in (("new",), ("saved",), ("save", "b", "办"), ("saved", "--remove", "通办")):
        done = chabao(*arguments)
        assert (done.returncode, done.stdout) == (2, b"") and b"Traceback" not in done.stderr
    assert path.read_bytes() == data


def test_each_index_has_its_own(chabao: Run, folder: Path, tmp_path: Path) -> None:
    chabao("save", "通办", "川渝通办")
    build([folder], tmp_path / "other")
    assert chabao("saved", "--index", "other").returncode == 1
    assert chabao("saved", "--index", str(tmp_path / "bulletins" / ".." / "index")).returncode == 0
    shutil.rmtree(tmp_path / "index")
    assert chabao("new").returncode == 2
    build([folder], tmp_path / "index")
    assert chabao("new").returncode == 1
