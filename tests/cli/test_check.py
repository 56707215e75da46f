"""`chabao check`, from end to end."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
SAME = "深入推进商务厅下放委托行政许可事项在自贸试验区落地落实"
OTHER = "深入推进商务厅下放的委托行政许可事项在自贸试验区落地见效"


def test_all_verbatim_is_0(chabao: Run, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(f"\n据报：“{SAME}”。", encoding="gb18030")
    ran = chabao("check", "甲.txt")
    assert ran.returncode == 0
    lines = ran.stdout.decode().splitlines()
    assert lines[:2] == ["line 2:  verbatim", f"  {SAME}"]
    assert "lnk2zpgfvyli@4+27~" in lines[-1]
    assert "1 passage checked: 1 verbatim" in ran.stderr.decode()


def test_altered_is_1_and_its_difference_shown(chabao: Run) -> None:
    ran = chabao("check", "-", stdin=f"「{OTHER}」".encode())
    assert ran.returncode == 1
    shown = ran.stdout.decode()
    assert "altered" in shown
    assert "下放[-的-]委托行政许可事项在自贸试验区落地[-见效-]{+落实+}" in shown
    assert "{+only in the source+}" in ran.stderr.decode()


def test_not_found_is_1(chabao: Run) -> None:
    ran = chabao("check", "-", stdin="“鸿雁于飞肃肃其羽之子于征劬劳于野”".encode())
    assert ran.returncode == 1
    assert "not found" in ran.stdout.decode()


def test_nothing_quoted_is_said(chabao: Run) -> None:
    ran = chabao("check", "-", stdin="没有引文。".encode())
    assert ran.returncode == 0
    assert ran.stdout == b""
    assert b"--all checks every sentence" in ran.stderr
    assert chabao("check", "-", "--all", stdin=f"{OTHER}。".encode()).returncode == 1


def test_json_and_tables_say_the_same(chabao: Run) -> None:
    text = f"“{SAME}”，“{OTHER}”".encode()
    told = json.loads(chabao("check", "-", "--json", stdin=text).stdout)
    assert told["schema"] == 1
    assert told["counts"] == {"verbatim": 1, "layout": 0, "altered": 1, "not found": 0}
    same, other = told["quotations"]
    assert (same["verdict"], same["passage"], same["edits"]) == ("verbatim", [SAME], 0)
    (changes,) = other["changes"]
    assert ["的", ""] in changes
    ran = chabao("check", "-", "--format", "csv", stdin=text)
    assert ran.returncode == 1
    rows = list(csv.DictReader(io.StringIO(ran.stdout.decode())))
    assert [row["verdict"] for row in rows] == ["verbatim", "altered"]
    assert rows[1]["address"] == other["address"]
    ran = chabao("check", "-", "--format", "jsonl", stdin=text)
    assert [json.loads(line) for line in ran.stdout.splitlines()] == told["quotations"]


def test_the_address_is_found_by_show(chabao: Run) -> None:
    told = json.loads(chabao("check", "-", "--json", stdin=f"“{SAME}”".encode()).stdout)
    ran = chabao("show", told["quotations"][0]["address"])
    assert ran.returncode == 0
    assert SAME[:12] in ran.stdout.decode().replace("\n", "")


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_keep_to_the_width(chabao: Run, width: str, language: str) -> None:
    from chabao.search.output.text import width as columns

    ran = chabao("check", "-", "--lang", language, stdin=f"“{OTHER}”".encode(), COLUMNS=width)
    lines = ran.stdout.decode().splitlines()
    assert len(lines) >= 4
    assert max(map(columns, lines)) <= int(width)
    assert ("有改动" in lines[0]) == (language == "zh")


def test_document_text_steers_no_terminal(chabao: Run) -> None:
    text = f"“{SAME[:12]}\x1b[31m\u202e{SAME[12:]}”"
    ran = chabao("check", "-", stdin=text.encode())
    assert b"\x1b" not in ran.stdout
    assert "\u202e" not in ran.stdout.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("noise.txt", bytes(range(256)) * 9),
        ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(99)),
        ("bad.docx", b"PK\x03\x04" + bytes(99)),
    ],
)
def test_what_cannot_be_read_is_2(chabao: Run, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    ran = chabao("check", name)
    assert (ran.returncode, ran.stdout) == (2, b"")
    (line,) = ran.stderr.decode().splitlines()
    assert f"cannot read {name}" in line
    assert "Traceback" not in line


def test_mistakes_are_2(chabao: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"“{SAME}”", encoding="utf-8")
    for words in (("missing.txt",), (".",), (), ("a.txt", "--json", "--format", "csv"),
                  ("a.txt", "--index", "nowhere")):  # fmt: skip
        ran = chabao("check", *words)
        assert (ran.returncode, ran.stdout) == (2, b""), words
        assert b"Traceback" not in ran.stderr
