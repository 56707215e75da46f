"""Bulletins of many layouts, made up for this test, and how each is read.

Beside each `bulletins/NAME.txt` stands `NAME.outline`: the issue's line, then a line an item.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chabao.indexer import parser, reader
from chabao.indexer.bulletin import Days, Issue

BULLETINS = Path(__file__).with_name("bulletins")
NAMES = sorted(path.stem for path in BULLETINS.glob("*.txt"))


def outline(issue: Issue) -> str:
    """An issue as lines of text."""
    head = [
        issue.title,
        issue.number,
        issue.serial,
        issue.publisher,
        issue.date,
        days(issue.period),
    ]
    lines = [" | ".join("-" if part in (None, "") else str(part) for part in head)]
    for item in issue.items:
        dates = " ".join(days(one) for one in item.dates)
        where = " > ".join(item.section)
        departments = "、".join(item.departments)
        lines.append(f"{item.line} | {where} | {item.label} | {departments} | {dates}")
        lines.append(f"    {item.text.chars}")
    return "\n".join(lines) + "\n"


def days(period: Days | None) -> str:
    return f"{period.first}..{period.last}" if period else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_is_read(name: str) -> None:
    text = reader.read(BULLETINS / f"{name}.txt")
    wanted = (BULLETINS / f"{name}.outline").read_text(encoding="utf-8")
    assert outline(parser.parse(text, name)) == wanted


def test_there_are_two_dozen() -> None:
    assert len(NAMES) >= 24


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("name", ["jianbao", "wrapped", "weekly_newyear"])
def test_encoding_and_line_ends_make_no_difference(name: str, encoding: str) -> None:
    data = (BULLETINS / f"{name}.txt").read_bytes().decode("utf-8")
    text = reader.decode(data.replace("\n", "\r\n").encode(encoding))
    wanted = (BULLETINS / f"{name}.outline").read_text(encoding="utf-8")
    assert outline(parser.parse(text, name)) == wanted


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["窗口工作周报 第3期", "2023年2月8日"], ("窗口工作周报", "2023年第3期", None)),
        (["窗口工作周报（2023年第03期 总第423期）"], ("窗口工作周报", "2023年第3期", 423)),
        (["二〇二三年第十二期"], (None, "2023年第12期", None)),
        (["政务服务简报", "〔2023〕第4期（总423期）"], ("政务服务简报", "2023年第4期", 423)),
        (["蓉城政务", "第4期"], ("蓉城政务", "第4期", None)),
        (["国务院关于某事的通知", "国发〔2019〕4号"], (None, None, None)),
        (["川政务函（2019）4号"], (None, None, None)),
        (["工作通报", "〔2023〕5号"], ("工作通报", "2023年第5期", None)),
    ],
)
def test_numbers_of_issues(lines: list[str], wanted: tuple[object, ...]) -> None:
    issue = parser.parse("\n".join([*lines, "", "一、情况", "近日，开会。"]), "")
    assert (issue.title, issue.number, issue.serial) == wanted
    assert len(issue.items) == 1


@pytest.mark.parametrize(
    "line", ["2023年2月8日", "2023 年 2 月 8 日", "2023-02-08", "2023.2.8", "二〇二三年二月八日"]
)
def test_dates_of_issue(line: str) -> None:
    assert parser.parse(f"简报\n第1期\n{line}\n一、情况\n开会。", "").date == date(2023, 2, 8)


def test_publisher_and_date_may_stand_in_the_imprint() -> None:
    source = (
        "简报\n第1期\n一、情况\n开会。\n抄送：各市（州）。\n四川省数据局办公室 2024年6月28日印发"
    )
    issue = parser.parse(source, "")
    assert (issue.publisher, issue.date) == ("四川省数据局办公室", date(2024, 6, 28))
    assert issue.number == "2024年第1期"


@pytest.mark.parametrize("text", ["", "\n", "。", "一、", "（一）", "1.", "# ", "【】", "**", "- "])
def test_next_to_nothing_is_read_too(text: str) -> None:
    issue = parser.parse(text, "a.txt")
    assert issue.source == "a.txt"
    assert all(item.text.chars for item in issue.items)
