"""Cuts, by example."""

from __future__ import annotations

import pytest

from chabao.search.query import Span
from chabao.search.snippets import merged, snippets


def places(text: str, word: str) -> list[Span]:
    return [Span(i, i + len(word)) for i in range(len(text)) if text.startswith(word, i)]


def pieces(text: str, word: str, limit: int = 3, width: int = 120) -> list[str]:
    return [s.text for s in snippets(text, places(text, word), limit, width)]


def test_a_snippet_is_its_sentence_and_neighbours_while_it_is_short() -> None:
    text = "一月。" * 20 + "实行“川渝通办”。" + "二月。" * 20
    assert pieces(text, "川渝通办", width=20) == ["实行“川渝通办”。二月。"]


def test_a_sentence_ends_after_its_closing_quotes() -> None:
    text = "他说：“好。”" + "又办了很多很多很多的事情，办得很好。"
    assert pieces(text, "又", width=20) == ["又办了很多很多很多的事情，办得很好。"]


def test_a_long_sentence_is_cut_at_clauses_and_says_so() -> None:
    text = "甲" * 30 + "，" + "推进川渝通办" + "，" + "乙" * 30 + "。"
    (found,) = snippets(text, places(text, "川渝"), width=20)
    assert (found.text, found.cut_before, found.cut_after) == ("推进川渝通办，", True, True)


def test_a_clause_without_an_end_is_cut_hard_about_the_mention() -> None:
    text = "甲" * 50 + "川渝" + "乙" * 50
    (found,) = snippets(text, places(text, "川渝"), width=12)
    assert found.text == "甲甲甲甲甲川渝乙乙乙乙乙"
    assert found.cut_before
    assert found.cut_after


def test_a_mention_longer_than_the_width_is_shown_whole() -> None:
    text = "甲" * 40 + "川" * 30 + "乙" * 40
    (found,) = snippets(text, [Span(40, 70)], width=10)
    assert found.text == "川" * 30


def test_the_pieces_with_the_most_mentions_are_chosen_and_stand_in_text_order() -> None:
    lines = ["办一次。", "办办办。", "不。", "办办。", "不。", "办办办办。"]
    text = "".join(line.rjust(12, "空") for line in lines)
    assert [s.count("办") for s in pieces(text, "办", limit=2, width=12)] == [3, 4]


def test_windows_that_touch_are_one_snippet() -> None:
    text = "办一次就好了的。" * 3
    (found,) = snippets(text, places(text, "办"), width=8)
    assert found.text == text
    assert not found.cut_before
    assert not found.cut_after


def test_overlapping_mentions_become_one_mark_and_touching_ones_stay_two() -> None:
    assert merged([Span(2, 4), Span(0, 2), Span(3, 6)]) == [Span(0, 2), Span(2, 6)]


def test_without_mentions_it_is_the_opening() -> None:
    text = "近日，商务厅召开会议。" + "会议很长。" * 40
    (found,) = snippets(text, [], width=24)
    assert found.text == "近日，商务厅召开会议。会议很长。"
    assert found.spans == ()
    assert not found.cut_before


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_nothing_shown(limit: int) -> None:
    assert snippets("川渝", [Span(0, 2)], limit) == ()


def test_an_empty_text_has_no_snippet() -> None:
    assert snippets("", []) == ()


def test_a_text_of_many_mentions_stays_linear() -> None:
    text = "办" * 100_000
    found = snippets(text, [Span(i, i + 1) for i in range(len(text))])
    assert sum(len(s.text) for s in found) <= 360
