"""Hits as people see them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.search.output.hits import bracketed, days, hits, issue, marked, summary
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.query import Span
from chabao.search.results import Results, Snippet

PIPE = Screen()


def test_a_hit_in_a_pipe_is_plain_and_not_wrapped(results: Results) -> None:
    results = replace(results, hits=(replace(results.hits[0], explanation=None),))
    assert list(hits(results, PIPE)) == [
        "1. 窗口工作周报  2023年第3期 (serial 423)  2023-02-08  covers 2023-01-16—01-20",
        "   二、窗口工作动态 \u203a （一）优化营商环境 \u203a （1）",
        "   商务厅、省林草局  1 mention  周报/423.txt:24  id 3f9ac1d2",
        "   - …实行“【川渝通办】”“省内通办”。",
    ]


def test_what_is_not_known_is_left_out(results: Results) -> None:
    assert list(hits(replace(results, hits=results.hits[1:]), PIPE)) == [
        "2. 周报/423.txt",
        "   周报/423.txt:21  page 2  id 77aa00bb",
        "   - 近日，…",
    ]


def test_a_page_is_said_where_the_format_has_pages(
    record: dict[str, Any], results: Results
) -> None:
    hit = replace(results.hits[0], item=record | {"page": 3}, explanation=None)
    assert "周报/423.txt:24  page 3  id" in "\n".join(hits(replace(results, hits=(hit,)), PIPE))


def test_the_numbers_behind_a_score(results: Results) -> None:
    assert "     9.500  bigrams" in list(hits(results, PIPE))


@pytest.mark.parametrize("columns", [24, 40, 80, 120])
@pytest.mark.parametrize("colour", [True, False])
def test_no_line_is_wider_than_the_screen(results: Results, columns: int, colour: bool) -> None:
    for line in hits(results, Screen(columns, colour)):
        assert width(re.sub("\x1b\\[[0-9;]*m", "", line)) <= columns


def test_colour_marks_the_mention_and_nothing_else(results: Results) -> None:
    (line,) = marked(results.hits[0].snippets[0], Screen(None, True), 0)
    assert line == "…实行“\x1b[1;31m川渝通办\x1b[0m”“省内通办”。"


def test_a_mark_over_a_line_end_is_closed_and_opened_again() -> None:
    lines = marked(Snippet("川渝通办省内通办", (Span(2, 8),)), Screen(10, True), 0)
    assert lines == ["川渝\x1b[1;31m通办省\x1b[0m", "\x1b[1;31m内通办\x1b[0m"]


def test_brackets_of_the_text_are_no_marks() -> None:
    assert bracketed("【省内】通办", [Span(4, 6)]) == "【省内】〖通办〗"


@given(st.text(alphabet="川渝【】〖〗⟦ab", max_size=20), st.data())
def test_marks_taken_out_leave_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = bracketed(text, [Span(start, end)])
    assert len(shown) == len(text) + 2
    assert shown[:start] + shown[start + 1 : end + 1] + shown[end + 2 :] == text


def test_no_text_of_a_record_steers_the_terminal(record: dict[str, Any], results: Results) -> None:
    evil = "\x1b[31m\u202e\x07\r\n"
    fields = {"title": evil, "number": evil, "item": evil, "source": evil, "id": evil, "date": evil}
    bad = record | fields | {"section": [evil], "department": [evil]}
    hit = replace(results.hits[0], item=bad, snippets=(Snippet(evil, (Span(0, 2),)),))
    shown = "".join(hits(replace(results, hits=(hit,)), Screen(80, False)))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", shown)


def test_a_period_says_its_year_once(record: dict[str, Any]) -> None:
    assert days("2022-12-26", "2023-01-06") == "2022-12-26—2023-01-06"
    assert days("2023-01-06", "2023-01-06") == "2023-01-06"
    assert issue(record)[-1] == "covers 2023-01-16—01-20"


def test_the_summary_says_what_is_not_shown(results: Results) -> None:
    assert summary(results) == "12 items, 15 mentions; the first 2 are shown (--all for every one)"
    assert summary(replace(results, total=2, mentions=1)) == "2 items, 1 mention"
    assert summary(replace(results, total=0, mentions=0, hits=())) == "0 items"
