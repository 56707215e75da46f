"""Numbers before headings and items."""

from __future__ import annotations

import pytest

from chabao.indexer import labels, nesting, numerals
from chabao.indexer.labels import Style


@pytest.mark.parametrize(
    ("text", "style", "number", "shown"),
    [
        ("一、情况", Style.HAN, 1, "一、"),
        ("十二、情况", Style.HAN, 12, "十二、"),
        ("(二)情况", Style.HAN_BRACKET, 2, "（二）"),
        ("（三)情况", Style.HAN_BRACKET, 3, "（三）"),
        ("㈣情况", Style.HAN_BRACKET, 4, "㈣"),
        ("1.情况", Style.ARABIC, 1, "1."),
        ("2．情况", Style.ARABIC, 2, "2．"),
        ("3、情况", Style.ARABIC, 3, "3、"),
        ("1.10月9日", Style.ARABIC, 1, "1."),
        ("(1)情况", Style.ARABIC_BRACKET, 1, "（1）"),
        ("2）情况", Style.ARABIC_BRACKET, 2, "2）"),
        ("⑴情况", Style.ARABIC_BRACKET, 1, "⑴"),
        ("③情况", Style.CIRCLED, 3, "③"),
        ("第一章总则", Style.CHAPTER, 1, "第一章"),
        ("第十二条为了", Style.ARTICLE, 12, "第十二条"),
    ],
)
def test_labels(text: str, style: Style, number: int, shown: str) -> None:
    found = labels.read(text, text)
    assert found and (found.style, found.number, found.shown) == (style, number, shown)


@pytest.mark.parametrize(
    "text", ["2.5万件", "1.10%", "一是", "2023年", "（2023）15号", "第三方", "一", "", "十", "(略)"]
)
def test_what_is_no_label(text: str) -> None:
    assert labels.read(text, text) is None


def test_a_space_after_the_point_tells_a_label_from_a_decimal() -> None:
    found = labels.read("1.10万件", "1. 10万件")
    assert found and found.number == 1 and found.length == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12", 12), ("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("二零二三", 2023)],
)
def test_numerals(text: str, wanted: int) -> None:
    assert numerals.value(text) == wanted
    assert numerals.value("x") is None and numerals.value("") is None


def test_nesting_is_found_in_the_file() -> None:
    outer = [(Style.ARABIC, 1), (Style.HAN, 1), (Style.HAN, 2), (Style.ARABIC, 2), (Style.HAN, 1)]
    assert nesting.order(outer) == [Style.ARABIC, Style.HAN]
    assert nesting.order([(Style.ARABIC, 1), (Style.HAN, 1)]) == [Style.HAN, Style.ARABIC]
    assert nesting.order([("#1", None), (Style.HAN, 1), ("#2", None)]) == ["#1", Style.HAN, "#2"]
