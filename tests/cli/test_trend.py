"""`chabao trend`, from end to end."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


def test_the_five_bulletins_by_month(chabao: Run) -> None:
    ran = chabao("trend", "川渝通办", COLUMNS="80")
    assert ran.returncode == 0
    head, *lines = ran.stdout.decode().splitlines()
    assert head.split() == ["period", "issues", "mentions", "per", "10,000"]
    assert [line.split()[:4] for line in lines] == [
        ["2022-06", "1", "1", "3.15"],
        ["2022-07..2022-12", "24", "issues", "missing"],
        ["2023-01", "2/4", "3", "7.70"],
        ["2023-02..2023-09", "33", "issues", "missing"],
        ["2023-10", "1/2", "0", "0.00"],
        ["2023-11..2025-01", "no", "issue"],
        ["2025-02", "1", "1", "2.91"],
    ]
    said = ran.stderr.decode()
    assert "5 mentions in 5 issues, by month" in said
    assert "2/4 issues: 2 of 4 are there" in said


def test_nothing_found_is_one_and_still_drawn(chabao: Run) -> None:
    ran = chabao("trend", "没有这个词", "--by", "year")
    assert ran.returncode == 1
    assert b"2023-12-31" in ran.stdout
    ran = chabao("trend", "部门:公安厅", "--period", "1999")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert b"this names no text" in ran.stderr
    assert b"there is no issue to count in" in ran.stderr


def test_tables_agree_and_leave_gaps_empty(chabao: Run, tmp_path: Path) -> None:
    ran = chabao("trend", "川渝通办", "一网通办", "--csv", "--by", "issue")
    table = rows(ran.stdout)
    assert len(table) == 2 * (5 + 25 + 35)
    missing = [row for row in table if row["missing"] == "1"]
    assert {(row["mentions"], row["per_10000"], row["issues"]) for row in missing} == {
        ("", "", "0")
    }
    assert sum(int(row["mentions"] or 0) for row in table) == 10
    same = chabao("trend", "川渝通办", "一网通办", "--format", "jsonl", "--by", "issue")
    objects = [json.loads(line) for line in same.stdout.splitlines()]
    for row, each in zip(table, objects, strict=True):
        assert {key: "" if value is None else str(value) for key, value in each.items()} == row
    file = tmp_path / "trend.csv"
    assert chabao("trend", "川渝通办", "一网通办", "--by", "issue", "-o", str(file)).stdout == b""
    assert rows(file.read_bytes()) == table


def test_one_object_says_the_same(chabao: Run) -> None:
    asked = ("trend", "川渝通办", "一网通办", "--by", "issue")
    told = json.loads(chabao(*asked, "--json").stdout)
    lines = chabao(*asked, "--format", "jsonl").stdout.splitlines()
    assert told["rows"] == [json.loads(line) for line in lines]
    assert (told["schema"], told["by"], told["split"], told["issues"]) == (1, "issue", None, 5)
    assert told["mentions"] == sum(row["mentions"] or 0 for row in told["rows"]) == 10
    assert [query["query"] for query in told["queries"]] == ["川渝通办", "一网通办"]
    ran = chabao("trend", "川渝通办", "--json", "--csv")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"--json and --format exclude each other" in ran.stderr


def test_one_term_by_department(chabao: Run) -> None:
    ran = chabao(
        "trend", "办理", "--split", "department", "--by", "year", "--top", "1", COLUMNS="80"
    )
    bars = [line.split() for line in ran.stdout.decode().splitlines()[1:]]
    assert {cells[2] for cells in bars if len(cells) > 4} == {"水利厅"}
    assert b"of 25 are shown" in ran.stderr
    every = rows(chabao("trend", "办理", "--split", "department", "--csv").stdout)
    assert len({row["department"] for row in every}) == 25


def test_a_picture(chabao: Run, tmp_path: Path) -> None:
    ran = chabao("trend", "川渝通办", "--plot", "plot.svg", "--lang", "zh")
    assert (ran.returncode, ran.stdout) == (0, b"")
    whole = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert "各月提及次数：川渝通办" in whole


def test_a_picture_is_the_same_in_any_folder(chabao: Run, tmp_path: Path) -> None:
    """matplotlib reads a file of settings in the folder one is in, which may come from anyone."""
    line = ("trend", "川渝通办", "--lang", "en", "--plot")
    assert chabao(*line, "a.svg").returncode == 0
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nlines.linewidth: 0\n")
    assert chabao(*line, "b.svg", MPLBACKEND="nothing").returncode == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    (tmp_path / "matplotlibrc").write_bytes(b"font.family: \xff\n")
    ran = chabao(*line, "c.svg")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"chabao: cannot read matplotlibrc: 'utf-8'" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("通办", "办理", "--split", "section"), "--split takes one TERM"),
        (("通办", "--plot", "plot.jpg"), "end it in .svg or .png"),
        (("通办", "--plot", "no/where.svg"), "cannot write"),
        (("通办", ""), "chabao:"),
        (("通办", "--period", "昨夜"), "昨夜"),
    ],
)
def test_mistakes_are_a_line(chabao: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = chabao("trend", *arguments)
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert said in ran.stderr.decode()
    assert "Traceback" not in ran.stderr.decode()
