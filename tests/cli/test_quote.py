"""`chabao quote`, and the addresses of `chabao show`, as processes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chabao.indexer.build import build

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def text(data: bytes) -> str:
    return data.decode("utf-8")


@pytest.fixture
def address(chabao: Run) -> str:
    done = chabao("quote", "川渝通办", "-n", "1")
    found = re.search(r"[a-z2-7]{12}@\d+\+\d+~[a-z2-7]{8}", text(done.stdout))
    assert found
    return found[0]


def test_quotations_then_each_citation_once(chabao: Run) -> None:
    done = chabao("quote", "川渝通办", "--lang", "zh")
    assert done.returncode == 0
    out = text(done.stdout)
    assert len(re.findall(r"^\d\. “", out, re.M)) == 5
    assert re.findall(r"”\[(\d)\]$", out, re.M) == ["1", "1", "1", "2", "3"]
    assert re.findall(r"^\[(\d)\] 四川省", out, re.M) == ["1", "2", "3"]
    assert "quotation" not in text(done.stderr)


@pytest.mark.parametrize("style", ["gbt7714-2015", "bibtex", "ris", "csl-json", "markdown"])
def test_the_other_styles(chabao: Run, style: str) -> None:
    done = chabao("quote", "川渝通办", "--style", style, "--as", "report", "-n", "2")
    out = text(done.stdout)
    assert done.returncode == 0 and "2023年第3期" in out and out.endswith("\n")
    if style == "csl-json":
        (item,) = json.loads(out)
        assert len(item["custom"]["quotations"]) == 2


def test_nothing_to_quote_is_one(chabao: Run) -> None:
    done = chabao("quote", "这里没有的话")
    assert (done.returncode, done.stdout) == (1, b"")
    done = chabao("quote", "这里没有的话", "--style", "csl-json")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])


@pytest.mark.parametrize("arguments", [("",), ("--sentences", "0", "甲"), ("--style", "x", "甲")])
def test_a_mistake_is_two_and_says_nothing_on_standard_output(
    chabao: Run, arguments: tuple[str, ...]
) -> None:
    done = chabao("quote", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr and done.stderr


def test_an_address_is_shown_and_quoted(chabao: Run, address: str) -> None:
    done = chabao("show", address)
    assert (done.returncode, text(done.stderr).count("\n")) == (0, 1)
    assert "【" in text(done.stdout)
    shown = json.loads(chabao("show", address, "--json").stdout)
    assert shown["passage"] == {
        "offset": 79, "length": 216, "state": "same", "address": address,
    }  # fmt: skip
    assert "passage" not in json.loads(chabao("show", shown["id"], "--json").stdout)
    done = chabao("quote", address)
    assert done.returncode == 0 and address in text(done.stdout)


def test_a_changed_passage_is_said_to_be_changed(
    chabao: Run, address: str, root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    source = root / "corpus" / "000_24364f3579ffd8a7.txt"
    file = folder / source.name
    index = tmp_path / "index"

    def shown(old: str, new: str, what: str = "show") -> tuple[int, str, str]:
        file.write_text(source.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        build([folder], index)
        done = chabao(what, address, "--index", str(index), "--lang", "en")
        assert "Traceback" not in text(done.stderr)
        return done.returncode, text(done.stdout), text(done.stderr)

    code, out, said = shown("近日", "近日来")
    assert code == 0 and "【" in out and "has moved" in said
    code, out, said = shown("实地走访", "电话走访")
    assert code == 1 and "【" not in out and "has changed" in said
    code, out, said = shown("实地走访", "电话走访", "quote")
    assert code == 1 and "电话走访" in out and "has changed" in said
    code, out, said = shown("第 3期", "第 4期")
    assert (code, out) == (1, "") and "not in this index" in said


def test_a_place_beyond_the_end_is_said_to_be(chabao: Run, address: str) -> None:
    done = chabao("show", address.partition("@")[0] + "@99999", "--lang", "en")
    assert done.returncode == 1 and b"beyond the end" in done.stderr


def test_the_page_is_in_the_readers_language(chabao: Run) -> None:
    assert "以整句引用" in text(chabao("quote", "--help", "--lang", "zh").stdout)


def test_nothing_is_copied_where_there_is_no_terminal(chabao: Run) -> None:
    done = chabao("quote", "川渝通办", "--copy", "--lang", "en")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout and b"nothing copied" in done.stderr
