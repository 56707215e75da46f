"""What was meant, and other names of it, as `chabao search` says them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8")


@pytest.mark.parametrize("term", ["cytb", "chuanyutongban", "川鱼通办", "川渝统办", "川通办"])
def test_an_empty_answer_asks_what_was_meant(chabao: Run, term: str) -> None:
    done = chabao("search", term, "--exact", "--lang", "en")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "chabao: did you mean 川渝通办 (5)?" in said(done).splitlines()
    assert "mentioned are" not in said(done)


def test_it_asks_in_chinese_too(chabao: Run) -> None:
    assert "您要找的是不是：川渝通办 (5)？" in said(chabao("search", "cytb", "--lang", "zh"))


def test_programs_are_told_the_kind(chabao: Run) -> None:
    (notice,) = json.loads(chabao("search", "cytb", "--json").stdout)["notices"]
    assert notice["kind"] == "suggestion"


def test_other_names_are_said_and_can_be_left_out(chabao: Run) -> None:
    done = chabao("search", "住建厅", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert [notice["kind"] for notice in answer["notices"]] == ["synonyms"]
    assert (answer["exact"], answer["mentions"]) == (False, 0)
    assert answer["total"] > 0
    without = json.loads(chabao("search", "住建厅", "--json", "--no-synonyms").stdout)
    assert "synonyms" not in {notice["kind"] for notice in without["notices"]}


def test_the_users_own_synonyms(
    chabao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "synonyms.txt"
    own.write_text("巴蜀通办 | 川渝通办\n", encoding="utf-8")
    monkeypatch.setenv("CHABAO_SYNONYMS", str(own))
    assert "川渝通办 (5)" in said(chabao("search", "巴蜀通办"))
    assert "川渝通办 (5)" not in said(chabao("search", '"巴蜀通办"', "--exact"))


@pytest.mark.parametrize("content", [None, b"\xff\xff\xff"])
def test_a_bad_file_is_one_line(
    chabao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    own = tmp_path / "synonyms.txt"
    if content:
        own.write_bytes(content)
    monkeypatch.setenv("CHABAO_SYNONYMS", str(own))
    done = chabao("search", "巴蜀通办", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = said(done).splitlines()[-1:]
    assert line.startswith("chabao: cannot read the synonyms in ")
    assert chabao("search", "巴蜀通办", "--no-synonyms").returncode == 1
