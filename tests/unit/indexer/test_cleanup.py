"""What is layout, and under which name it is entered."""

from __future__ import annotations

import time

import pytest

from chabao.indexer import cleanup, parser
from chabao.indexer.ledger import Kind


def dropped(source: str, kind: Kind) -> str:
    return "".join(source[slice(*span)] for span in parser.account(source).get(kind, []))


def text(source: str) -> str:
    return "".join(line.chars for line in cleanup.clean(source)[1])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("2023 年 1 月", "2023年1月"),
        ("“天府通办” APP", "“天府通办”APP"),
        ("GPS  2.0 版", "GPS 2.0版"),
        ("川\u200b渝\ufeff通\u00ad办", "川渝通办"),
        ("川\u202e渝\x07通\u3000办", "川渝通办"),
        ("GPS\u200b2", "GPS2"),
        ("**APP** **2.0**", "APP 2.0"),
        ("## 一、情况", "一、情况"),
        ("> 引文", "引文"),
        ("- 一", "一"),
        ("#话题", "#话题"),
        ("-5%", "-5%"),
        ("138****1234", "138****1234"),
    ],
)
def test_text_is_what_is_left(source: str, wanted: str) -> None:
    assert text(source) == wanted


@pytest.mark.parametrize(
    ("source", "kind", "wanted"),
    [
        ("近日，\r\n开会。", Kind.LINE_BREAK, "\r\n"),
        ("川\u200b渝。", Kind.INVISIBLE, "\u200b"),
        ("川\x07渝。", Kind.CONTROL, "\x07"),
        ("**川渝**通办。", Kind.BOLD, "****"),
        ("- 川渝。", Kind.BULLET, "-"),
        ("# 川渝\n开会。", Kind.HEADING_MARK, "#"),
        ("川渝。\n---\n通办。", Kind.RULE, "---"),
        ("|甲|乙|\n|---|:-:|\n|丙|丁|", Kind.RULE, "|---|:-:|"),
        ("一、动态……………3\n一、动态\n开会。", Kind.CONTENTS, "一、动态……………3"),
    ],
)
def test_layout_has_names(source: str, kind: Kind, wanted: str) -> None:
    assert dropped(source, kind) == wanted


def test_lines_end_in_three_ways() -> None:
    assert list(cleanup.line_starts("甲\r\n乙\r丙\n\n丁")) == [0, 3, 5, 7, 8]


def test_a_form_feed_begins_a_page_but_no_line() -> None:
    assert list(cleanup.line_starts("甲\f乙")) == [0]
    assert [line.top for line in cleanup.clean("甲\f乙")[1]] == [False, True]


@pytest.mark.parametrize("mark", ["|", " |", "- ", "=", "+:", "**", "> ", "…", "中 "])
def test_a_long_line_of_one_mark_takes_no_time(mark: str) -> None:
    begun = time.process_time()
    assert cleanup.clean(f"{mark * 100_000}甲")[1]
    assert time.process_time() - begun < 2
