"""Laws of reading: nothing is lost, nothing is made up, whatever the text."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer import dates, departments, parser, reader
from chabao.indexer.bulletin import Issue
from chabao.indexer.errors import UnreadableFile
from chabao.indexer.folding import fold, is_latin, is_layout
from chabao.indexer.ledger import PUBLISHED, Kind

MARKS = "一二三四五六七八九十（）()1234567890.．、，。；：！？#*-•【】①②|>"
SPACES = "\n\n\n\n\r\f \u3000\u200b\x07"
WORDS = """
一、 二、 （一） (二) 1. 2． （1） ** ## - 第3页 ---
窗口工作周报 2023年第3期（总第423期） 2023年2月8日
（1月16日—1月20日） 商务厅 成都市商务局 近日， 1月18日， 工作情况 川渝通办 报：中心领导。
（共印80份）
APP 省市场监管局窗口组织开展培训。 目录 ……3 编者按： 经济社会发展 助力经
"""
PHRASES = ["\r\n", "- 3 -", "窗 口 工 作 周 报", "经\n\n经济社会发展", "GPS 2.0", "- ", "## "]
PIECES = st.sampled_from([*MARKS, *SPACES, *WORDS.split(), *PHRASES])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


def read(text: str) -> tuple[Issue, dict[Kind, list[tuple[int, int]]]]:
    issue, ledger = parser.read(text, "a.txt")
    return issue, ledger.ranges()


@given(TEXTS)
def test_every_character_is_entered_once(text: str) -> None:
    ranges = sorted(span for spans in parser.account(text).values() for span in spans)
    assert [start for start, _ in ranges] == [0, *(end for _, end in ranges)][: len(ranges)]
    assert not text or ranges[-1][1] == len(text)
    assert all(start < end for start, end in ranges)


@given(TEXTS)
def test_the_items_are_what_the_ledger_says(text: str) -> None:
    issue, ranges = read(text)
    offsets = [at for item in issue.items for at in item.text.offsets]
    assert offsets == [at for span in ranges.get(Kind.ITEM, []) for at in range(*span)]


@given(TEXTS)
def test_only_marks_are_dropped(text: str) -> None:
    """Letters are never layout, but for page numbers, contents, a repeated title, a double."""
    issue, ranges = read(text)
    for kind, spans in ranges.items():
        dropped = "".join(text[slice(*span)] for span in spans)
        if kind in (Kind.LINE_BREAK, Kind.WHITE_SPACE, Kind.CONTROL, Kind.INVISIBLE):
            assert all(map(is_layout, dropped))
        elif kind in (Kind.BOLD, Kind.BULLET, Kind.HEADING_MARK, Kind.RULE):
            assert not any(map(str.isalnum, dropped))
        elif kind is Kind.FURNITURE:
            furniture = set("第页共期总年月日PpagesAGEof") | set(issue.title or "")
            assert set(filter(str.isalpha, dropped)) <= furniture
        elif kind is Kind.DOUBLED:
            assert all(end - start == 1 for start, end in spans)


@given(TEXTS)
def test_text_is_the_sources_own(text: str) -> None:
    for item in parser.parse(text, "a.txt").items:
        assert len(item.text) > 0
        assert all(a < b for a, b in pairwise(item.text.offsets))
        for char, at in zip(item.text.chars, item.text.offsets, strict=True):
            assert char == text[at] or (char == " " and is_layout(text[at]))


@given(TEXTS)
def test_the_only_white_space_is_between_latin(text: str) -> None:
    """So that folding maps one to one."""
    for item in parser.parse(text, "a.txt").items:
        chars = item.text.chars
        assert len(fold(chars)) == len(chars)
        for at, char in enumerate(chars):
            if is_layout(char):
                assert char == " " and is_latin(chars[at - 1]) and is_latin(chars[at + 1])


@given(TEXTS)
def test_an_item_stands_on_the_line_it_says(text: str) -> None:
    issue = parser.parse(text, "a.txt")
    for item in issue.items:
        assert 1 <= item.line <= issue.line_of(item.text.offsets[0])
        for heading in (*item.section, item.label):
            assert not any(is_layout(char) and char != " " for char in heading)


LINES = ["一、工作", "近日，开会。", "（一）情况", "", "窗口APP", "abc"]


@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_line_ends_make_no_difference(lines: list[str]) -> None:
    """LF, CRLF and lone CR give the same items, on the same lines."""
    seen = [
        [(item.section, item.label, item.text.chars, item.line) for item in issue.items]
        for issue in (parser.parse(end.join(lines), "") for end in ("\n", "\r\n", "\r"))
    ]
    assert seen[0] == seen[1] == seen[2]


@given(st.text(), st.sampled_from(departments.names()), st.text())
def test_a_department_is_found_wherever_it_stands(before: str, name: str, after: str) -> None:
    found = departments.mentions(before + "。" + name + "。" + after)
    assert all(one.start < one.end for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text())
def test_no_text_is_too_odd_for_dates(text: str) -> None:
    for days in dates.opening(text, dates.Anchor()):
        assert days.first <= days.last


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(data)
        try:
            text = reader.read(path)
        except UnreadableFile as error:
            assert error.values["reason"]
        else:
            parser.parse(text, "a.txt")


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("corpus/*.txt")), ids=str)
def test_the_corpus_is_all_accounted_for(path: Path) -> None:
    text = reader.read(path)
    layout = [spans for kind, spans in parser.account(text).items() if kind not in PUBLISHED]
    dropped = "".join(text[slice(*span)] for spans in layout for span in spans)
    letters = Counter(filter(str.isalnum, dropped))
    furniture = Counter("窗口工作周报") if path.name.startswith("000") else Counter()
    doubled = Counter("经") if path.name.startswith("002") else Counter()
    pages = Counter("24") if path.name.startswith("004") else Counter()
    assert letters == furniture + doubled + pages
