"""The numbers of the five bulletins, as they were read by hand before the program was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer import parser, reader
from chabao.indexer.build import build
from chabao.search import engine
from chabao.search.amounts import written
from chabao.search.figures import Figure, figures, of_item

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "corpus"
STATISTICS: dict[str, Any] = json.loads(HERE.joinpath("figures.json").read_text("utf-8"))
ELSEWHERE: dict[str, Any] = json.loads(HERE.joinpath("figures-elsewhere.json").read_text("utf-8"))
SECTIONS = ("受理办理情况", "综窗办件情况", "总体运行情况")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Figure, ...]]:
    path = tmp_path_factory.mktemp("index")
    build([CORPUS], path)
    with engine.open_index(path) as index:
        yield figures(index).rows


def among(rows: tuple[Figure, ...], statistics: bool) -> list[Figure]:
    return [row for row in rows if row.item["section"][-1].endswith(SECTIONS) is statistics]


def said(row: Figure) -> dict[str, Any]:
    return {
        "source": row.item["source"],
        "number": row.item["number"],
        "section": row.item["section"],
        "subject": row.subject,
        "measure": row.measure,
        "value": written(row.value),
        "unit": row.unit,
        "basis": row.basis.value or None,
        "qualifier": row.qualifier or None,
        "text": row.text,
        "sentence": row.sentence,
        "place": row.address,
    }


def test_the_statistics_sections_are_read_as_by_hand(rows: tuple[Figure, ...]) -> None:
    gold = STATISTICS["figures"]
    assert len(gold) == 34
    found = [{name: said(row)[name] for name in gold[0]} for row in among(rows, True)]

    def place(row: dict[str, Any]) -> str:
        return str(row["place"])

    assert sorted(found, key=place) == sorted(gold, key=place)


def test_elsewhere_each_figure_is_found_and_nothing_else_is(rows: tuple[Figure, ...]) -> None:
    names = ("place", "text", "value", "unit", "qualifier", "basis")
    found = {tuple(said(row)[name] for name in names) for row in among(rows, False)}
    wanted = {tuple(row[name] for name in names) for row in ELSEWHERE["figures"]}
    assert len(wanted) == 34
    assert found == wanted


def test_what_was_read_as_no_figure_is_none(rows: tuple[Figure, ...]) -> None:
    taken = {
        f"{row.item['id']}@{place}" for row in rows for place in range(row.start, row.end)
    }  # fmt: skip
    wrong = [
        row
        for row in ELSEWHERE["not_figures"]
        for number, start in [row["place"].split("@")]
        if any(f"{number}@{int(start) + at}" in taken for at in range(len(row["text"])))
    ]
    assert len(ELSEWHERE["not_figures"]) > 100
    assert not wrong


def test_elsewhere_most_measures_are_those_read_by_hand(rows: tuple[Figure, ...]) -> None:
    """Of prose only a part is understood as by hand: 25 of 34 when this was written."""
    found = {row.address: row for row in rows}
    right = [
        row for row in ELSEWHERE["figures"] if found[row["place"]].measure == row["measure"]
    ]  # fmt: skip
    assert len(right) >= 25


def test_a_ratio_says_of_what(rows: tuple[Figure, ...]) -> None:
    (share,) = [row for row in rows if row.text == "61.76%"]
    assert (share.measure, share.of, written(share.value)) == ("占比", "办理项", "61.76")


@pytest.mark.parametrize(
    ("name", "text", "value", "basis"),
    [
        ("week_2021_50.txt", "3263 1件", "32631", "cumulative"),
        ("week_2022_45.txt", "30880件", "30880", "cumulative"),
        ("week_2024_08.txt", "15%", "15", "period"),
        ("month_2024_11.txt", "3.2亿元", "320000000", "period"),
        ("week_2024_01.txt", "0.5个工作日以内", "0.5", ""),
    ],
)
def test_other_bulletins_are_read_too(name: str, text: str, value: str, basis: str) -> None:
    """3263 1 and 202 2年 are as conversion left them."""
    issue = parser.parse(reader.read(HERE / "made" / name), name)
    assert issue.period
    period = {"first": str(issue.period.first), "last": str(issue.period.last)}
    found = [
        row
        for item in issue.items
        for row in of_item(
            {"id": "x", "text": item.text.chars, "section": item.section, "period": period}
        )
        if row.text == text
    ]
    assert [(written(row.value), row.basis.value) for row in found] == [(value, basis)]
