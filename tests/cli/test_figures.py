"""`chabao figures` as a process."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl

from chabao.search.output.text import width

from .conftest import Run


def test_json_says_everything(chabao: Run) -> None:
    ran = chabao("figures", "--section", "综窗办件", "--json")
    answer = json.loads(ran.stdout)
    assert (ran.returncode, answer["schema"], answer["total"]) == (0, 1, 8)
    first = answer["figures"][0]
    assert first["number"] == "2023年第39期"
    assert first["section"][-1] == "（一）省本级综窗办件情况"
    assert (first["measure"], first["value"], first["unit"]) == ("咨询", 2881, "人次")
    assert first["basis"] == "period"
    name, offset = first["address"].split("@")
    text = json.loads(chabao("show", name, "--json").stdout)["text"]
    assert text[int(offset) :].startswith("2881人次")


def test_counts_come_first_and_exit_codes_are_greps(chabao: Run) -> None:
    ran = chabao("figures", "受理", "-n", "3")
    assert ran.returncode == 0
    assert b" figures, " in ran.stderr and b"--all" in ran.stderr
    nothing = chabao("figures", "没有这个词")
    assert (nothing.returncode, nothing.stdout.count(b"\n")) == (1, 1)
    mistaken = chabao("figures", "--period", "no day")
    assert (mistaken.returncode, mistaken.stdout) == (2, b"")
    both = chabao("figures", "--json", "--format", "csv")
    assert (both.returncode, both.stdout) == (2, b"")


def test_values_are_numbers_in_tables(chabao: Run, tmp_path: Path) -> None:
    known = json.loads(chabao("figures", "--json").stdout)["figures"]
    assert len(known) == 68
    lines = chabao("figures", "--format", "csv").stdout.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [float(row["value"]) for row in rows] == [row["value"] for row in known]
    assert chabao("figures", "-o", "figures.xlsx").returncode == 0
    sheet = openpyxl.load_workbook(tmp_path / "figures.xlsx").active
    heads, *body = sheet.iter_rows(values_only=True)
    value = heads.index("value")
    assert [row[value] for row in body] == [row["value"] for row in known]
    assert all(isinstance(row[value], int | float) for row in body)


def test_the_table_fits_the_screen(chabao: Run) -> None:
    for columns in (80, 120):
        for language in ("zh", "en"):
            ran = chabao("--lang", language, "figures", "--all", COLUMNS=str(columns))
            lines = ran.stdout.decode().splitlines()
            assert sum("@" in line for line in lines) == 68
            assert max(map(width, lines)) <= columns


def test_a_pipe_gets_a_line_a_figure(chabao: Run) -> None:
    heads, *rows = chabao("figures", "--all").stdout.decode().splitlines()
    assert len(rows) == 68
    assert {row.count("\t") for row in rows} == {heads.count("\t")}
