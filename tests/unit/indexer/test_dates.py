"""Days in text, and the years of bare ones."""

from __future__ import annotations

from datetime import date

import pytest

from chabao.indexer import dates
from chabao.indexer.bulletin import Days
from chabao.indexer.dates import Anchor

WEEK = Anchor(date(2023, 10, 20), Days(date(2023, 10, 7), date(2023, 10, 13)))
NEW_YEAR = Anchor(date(2023, 1, 10), Days(date(2022, 12, 26), date(2023, 1, 6)))
MONTH = Anchor(date(2026, 1, 20), dates.month(2025, 12))


def said(days: Days | None) -> str:
    return f"{days.first}..{days.last}" if days else ""


@pytest.mark.parametrize(
    ("text", "anchor", "wanted"),
    [
        ("10月9日，杨", WEEK, ["2023-10-09..2023-10-09"]),
        ("10日至12日，省中心", WEEK, ["2023-10-10..2023-10-12"]),
        ("6月20日至28日，", WEEK, ["2023-06-20..2023-06-28"]),
        ("6月20至28日，", WEEK, ["2023-06-20..2023-06-28"]),
        ("9月28日—10月3日，", WEEK, ["2023-09-28..2023-10-03"]),
        ("2022年10月9日上午，", WEEK, ["2022-10-09..2022-10-09"]),
        ("2022年12月30日至2023年1月3日", WEEK, ["2022-12-30..2023-01-03"]),
        ("八月十五日，", WEEK, ["2023-08-15..2023-08-15"]),
        ("10月9日、10日和12日，", WEEK, [f"2023-10-{d}..2023-10-{d}" for d in ("09", "10", "12")]),
        ("10月31日，将召开", WEEK, ["2023-10-31..2023-10-31"]),
        ("12月28日，", NEW_YEAR, ["2022-12-28..2022-12-28"]),
        ("1月3日，", NEW_YEAR, ["2023-01-03..2023-01-03"]),
        ("28日，", NEW_YEAR, ["2022-12-28..2022-12-28"]),
        ("30日至2日，", NEW_YEAR, ["2022-12-30..2023-01-02"]),
        ("12月5日，", MONTH, ["2025-12-05..2025-12-05"]),
        ("12月30日至1月3日，", MONTH, ["2025-12-30..2026-01-03"]),
        ("2023年10月9日，", Anchor(), ["2023-10-09..2023-10-09"]),
    ],
)
def test_a_text_opens_with_days(text: str, anchor: Anchor, wanted: list[str]) -> None:
    assert [said(days) for days in dates.opening(text, anchor)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2月，开会",
        "近日，10月9日",
        "3日内办结",
        "1日游",
        "2月30日，",
        "截至10月9日，",
        "10月，",
        "",
        "日",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert dates.opening(text, WEEK) == ()


def test_a_bare_day_of_no_issue_is_none() -> None:
    assert dates.opening("10月9日，", Anchor()) == ()


@pytest.mark.parametrize(
    ("text", "issued", "wanted"),
    [
        ("（12月26日—1月6日）", date(2023, 1, 10), "2022-12-26..2023-01-06"),
        ("（12月26日—12月30日）", date(2023, 1, 5), "2022-12-26..2022-12-30"),
        ("2023.1.16-1.20", date(2023, 2, 1), "2023-01-16..2023-01-20"),
        ("（1月9—13日）", date(2023, 1, 31), "2023-01-09..2023-01-13"),
        ("2022年12月26日至2023年1月6日", None, "2022-12-26..2023-01-06"),
        ("第3期", date(2023, 1, 5), ""),
    ],
)
def test_periods(text: str, issued: date | None, wanted: str) -> None:
    assert said(dates.period(text, Anchor(issued))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一、2025年2月总体运行情况", "2025-02-01..2025-02-28"),
        ("12月运行情况", "2024-12-01..2024-12-31"),
        ("2025年1—2月总体情况", "2025-01-01..2025-02-28"),
        ("一季度办件情况", "2025-01-01..2025-03-31"),
        ("2024年上半年", "2024-01-01..2024-06-30"),
        ("13月", ""),
        ("总体情况", ""),
    ],
)
def test_months_quarters_and_halves(text: str, wanted: str) -> None:
    assert said(dates.months(text, date(2025, 3, 26))) == wanted


def test_arithmetic() -> None:
    assert said(dates.month(2024, 2)) == "2024-02-01..2024-02-29"
    assert said(dates.quarter(2023, 4)) == "2023-10-01..2023-12-31"
    assert said(dates.half(2023, 2)) == "2023-07-01..2023-12-31"
    with pytest.raises(ValueError):
        dates.month(2024, 13)
