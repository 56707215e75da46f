"""`chabao collocates` and `chabao keywords`, from end to end."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_collocates_of_a_term(chabao: Run) -> None:
    ran = chabao("collocates", "川渝通办", COLUMNS="100")
    assert ran.returncode == 0
    heads, first, *rest = ran.stdout.decode().splitlines()
    assert heads.split() == ["word", "count", "frequency", "expected", "G²", "logDice", "example"]
    assert first.split()[:3] == ["省内通办", "3", "6"]
    assert "【川渝通办】" in first and rest
    said = ran.stderr.decode()
    assert "5 mentions in 4 items of 3 issues" in said
    assert "within 5 words of them, each counted once" in said


def test_collocates_as_json_has_every_row(chabao: Run) -> None:
    found = json.loads(chabao("collocates", "通办", "--window", "3", "--json").stdout)
    assert found["schema"] == 1 and found["window"] == 3 and found["mentions"] > 10
    assert list(found["collocates"][0]) == [
        "word", "count", "frequency", "expected", "g2", "log_dice", "address", "example",
    ]  # fmt: skip
    more = json.loads(chabao("collocates", "通办", "--window", "3", "--json", "--min", "1").stdout)
    assert len(more["collocates"]) > len(found["collocates"]) > 0
    assert more["near"] == found["near"]
    row = found["collocates"][0]
    shown = chabao("show", row["address"], "--json")
    assert shown.returncode == 0 and row["example"] in json.loads(shown.stdout)["text"]


def test_tables_for_other_programs(chabao: Run, tmp_path: Path) -> None:
    piped = chabao("collocates", "通办", "--format", "csv").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(piped)))
    assert float(rows[0]["g2"]) > float(rows[-1]["g2"]) >= 0
    ran = chabao("keywords", "--number", "39", "--format", "jsonl", "-o", "keys.jsonl")
    assert ran.returncode == 0 and ran.stdout == b""
    keys = [json.loads(line) for line in (tmp_path / "keys.jsonl").read_text("utf-8").splitlines()]
    assert {key["direction"] for key in keys} >= {"more", "less"}


def test_keywords_say_what_is_held_against_what(chabao: Run) -> None:
    ran = chabao("keywords", "--since", "2023-10", "--against", "2023-01..2023-02", COLUMNS="90")
    assert ran.returncode == 0
    said, out = ran.stderr.decode(), ran.stdout.decode()
    assert "2 issues, 31 items" in said and "2 issues, 28 items" in said
    assert out.index("said more (") < out.index("惠企政策") < out.index("said less (")
    found = json.loads(chabao("keywords", "--number", "39", "--json", "-n", "2").stdout)
    assert [row["direction"] for row in found["keywords"]] == ["more", "more", "less", "less"]
    assert [issue["number"] for issue in found["focus"]["issues"]] == ["2023年第39期"]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("collocates", "不在此处的话"), 1, "0 mentions"),
        (("collocates", "通办", "--json", "--format", "csv"), 2, "exclude each other"),
        (("collocates", "通办", "-o", "no/such/folder.csv"), 2, "folder.csv"),
        (("collocates", "\x1b[2J"), 1, "0 mentions"),
        (("keywords",), 2, "no issues are chosen"),
        (("keywords", "--since", "2023", "--against", "2022..2024"), 2, "against itself"),
        (("keywords", "--since", "2023", "--against", "1999"), 1, "0 issues"),
    ],
)
def test_exit_codes_are_greps(chabao: Run, line: tuple[str, ...], code: int, said: str) -> None:
    ran = chabao(*line)
    assert ran.returncode == code, ran.stderr.decode()
    assert ran.stdout == b""
    assert said in ran.stderr.decode() and b"Traceback" not in ran.stderr


def test_chinese(chabao: Run) -> None:
    ran = chabao("collocates", "川渝通办", "--lang", "zh", COLUMNS="80")
    heads = ran.stdout.decode().splitlines()[0]
    assert "词" in heads and "word" not in heads
    assert "mention" not in ran.stderr.decode()


@pytest.mark.parametrize("name", ["collocates", "keywords"])
def test_the_help_page_is_in_chinese(chabao: Run, name: str) -> None:
    page = chabao(name, "--help", "--lang", "zh").stdout.decode()
    assert "对数似然比" in page and "Find the words" not in page
