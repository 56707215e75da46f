"""`chabao reprints` and `chabao search --collapse`, from end to end."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_page_shows_first_appearances_and_changes(chabao: Run) -> None:
    ran = chabao("reprints", "--section", "大厅巡查", "--min", "30", COLUMNS="80")
    assert ran.returncode == 0
    page = ran.stdout.decode()
    assert "大厅人员管控到位，[-进出人员须出示“健康码”，落实体温监测，" in page
    assert page.count("\n   * ") == 2 and page.count("\n   - ") == 4
    assert page.count("unchanged") == 2
    said = ran.stderr.decode()
    assert "2 reprints among 21 items of 3 issues" in said
    assert "[-only in the appearance before-] {+only in this one+}" in said


def test_colours_mark_changes_and_nothing_else_differs(chabao: Run) -> None:
    plain = chabao("reprints", COLUMNS="80").stdout.decode()
    painted = chabao("reprints", "--color", "always", COLUMNS="80").stdout.decode()
    assert "\x1b[1;31m[-" in painted
    for code in ("\x1b[1;31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        painted = painted.replace(code, "")
    assert painted == plain


def test_programs_read_every_appearance(chabao: Run, tmp_path: Path) -> None:
    answer = json.loads(chabao("reprints", "--json").stdout)
    assert (answer["schema"], answer["items"], answer["issues"], answer["total"]) == (1, 78, 5, 8)
    for each in answer["reprints"]:
        rows = each["appearances"]
        assert [row["appearance"] for row in rows] == [1, 2, 3]
        assert rows[0]["changes"] == [] and not rows[0]["changed"]
        for before, row in pairwise(rows):
            assert "".join(old for old, _ in row["changes"]) == before["text"]
            assert "".join(new for _, new in row["changes"]) == row["text"]
            assert row["changed"] == (before["text"] != row["text"])
    shown = chabao("show", answer["reprints"][1]["appearances"][2]["address"], "--json")
    assert (shown.returncode, json.loads(shown.stdout)["date"]) == (0, "2023-02-08")
    ran = chabao("reprints", "-o", "all.csv")
    assert (ran.returncode, ran.stdout) == (0, b"")
    table = list(csv.DictReader((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()))
    assert len(table) == 24
    assert [row["address"] for row in table] == [
        row["address"] for each in answer["reprints"] for row in each["appearances"]
    ]
    lines = chabao("reprints", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["reprint"] for line in lines] == [int(row["reprint"]) for row in table]


def test_nothing_and_mistakes(chabao: Run, tmp_path: Path) -> None:
    ran = chabao("reprints", "--min", "5000")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert chabao("reprints", "--number", "2023年第3期", "--json").returncode == 1
    for wrong in (
        ("--alike", "101"), ("--period", "昨日黄花"), ("--json", "--format", "csv"),
        ("--index", "nowhere"),
    ):  # fmt: skip
        ran = chabao("reprints", *wrong)
        assert (ran.returncode, ran.stdout) == (2, b""), wrong
        assert ran.stderr and b"Traceback" not in ran.stderr


def test_search_shows_one_of_those_alike_and_counts_all(chabao: Run) -> None:
    ran = chabao("search", "总体情况良好", "--collapse")
    assert ran.returncode == 0
    assert ran.stdout.decode().count("and 2 more like it") == 5
    assert "15 items, 15 mentions; 5 once those alike are shown once\n" in ran.stderr.decode()
    few = chabao("search", "总体情况良好", "--collapse", "-n", "2").stderr.decode()
    assert "shown once; the first 2 are shown" in few
    assert "no two alike" in chabao("search", "川渝通办", "--collapse").stderr.decode()
    answer = json.loads(chabao("search", "总体情况良好", "--collapse", "--json").stdout)
    assert (answer["total"], answer["different"], len(answer["hits"])) == (15, 5, 5)
    assert {hit["stands_for"] for hit in answer["hits"]} == {3}
    plain = json.loads(chabao("search", "总体情况良好", "--json").stdout)
    assert "different" not in plain and "stands_for" not in plain["hits"][0]
    counted = chabao("search", "总体情况良好", "--collapse", "-c").stdout.decode()
    assert counted == "15 items, 15 mentions\n"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_tables_of_hits_say_for_how_many_each_stands(chabao: Run, form: str) -> None:
    data = chabao("search", "总体情况良好", "--collapse", "--format", form).stdout.decode()
    if form == "csv":
        assert [row["stands_for"] for row in csv.DictReader(data.splitlines())] == ["3"] * 5
    else:
        assert [json.loads(line)["stands_for"] for line in data.splitlines()] == [3] * 5
