"""Numbers by value, and dates as people write them, from end to end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def answer(chabao: Run, *arguments: str) -> Any:
    ran = chabao(*arguments, "--json")
    assert b"Traceback" not in ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("number", ["\uff13.9万件", "39,000件", "三万九千件"])
def test_one_number_in_many_spellings(chabao: Run, number: str) -> None:
    found = answer(chabao, "search", "--numbers", number)
    assert (found["exact"], found["mentions"]) == (True, 1)
    (piece,) = found["hits"][0]["snippets"]
    assert [piece["text"][slice(*span)] for span in piece["spans"]] == ["3.9万件"]
    lines = answer(chabao, "mentions", "--numbers", "-F", number)["rows"]
    assert [line["text"] for line in lines] == ["3.9万件"]


def test_without_the_option_what_is_asked_is_literal(chabao: Run) -> None:
    assert chabao("mentions", "三万九千件").returncode == 1
    assert chabao("mentions", "--numbers", '"三万九千件"').returncode == 1
    assert chabao("mentions", "数值:三万九千件").returncode == 0


def test_series_over_time_take_the_field(chabao: Run) -> None:
    found = answer(chabao, "mentions", "--numbers", "二十八", "--by", "year")
    assert found["terms"][0]["mentions"] == answer(chabao, "mentions", "value:28")["mentions"] == 3
    ran = chabao("trend", "数值:二十八", "--lang", "en")
    assert ran.returncode == 0


def test_what_cannot_be_asked_together(chabao: Run) -> None:
    ran = chabao("mentions", "--numbers", "--regex", "28", "--lang", "en")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"--numbers goes with terms, not with --regex" in ran.stderr


def test_a_record_asks_by_value_again(chabao: Run, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    assert chabao("search", "--numbers", "三万九千件", "--record", str(record)).returncode == 0
    assert json.loads(record.read_text("utf-8"))["asked"]["numbers"] is True
    assert chabao("repeat", str(record)).returncode == 0


@pytest.mark.parametrize(
    ("options", "understood"),
    [
        (["--period", "二〇二三年 前三季度"], "期间:2023-01-01..2023-09-30"),
        (["--since", "二〇二三年二月"], "日期:2023-02-01.."),
        (["--until", "2023年2月底"], "日期:..2023-02-28"),
        (["--number", "第 三十九 期"], '刊期:"第 三十九 期"'),
        (["日期:“２０２３年２月 8 日”"], "日期:2023-02-08..2023-02-08"),
    ],
)
def test_dates_are_said_back(chabao: Run, options: list[str], understood: str) -> None:
    found = answer(chabao, "search", *options)
    assert found["understood"] == understood
    assert found["total"] > 0


@pytest.mark.parametrize(
    ("option", "text"), [("--period", "前三个月"), ("--since", "8日"), ("--until", "9" * 99)]
)
def test_what_is_no_date_is_an_error_of_one_line(chabao: Run, option: str, text: str) -> None:
    ran = chabao("search", "--lang", "en", "窗口", option, text)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"no date" in ran.stderr and b"Traceback" not in ran.stderr
