"""Sentences: where they end, and that nothing is lost between them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chabao.search.sentences import around, pairs, sentences

TEXT = st.text(alphabet="甲乙丙。！？；…，“”‘’（）《》\"'、;a1", max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙？丁", ["甲。", "乙！", "丙？", "丁"]),
        ("甲；乙。", ["甲；", "乙。"]),
        ("甲;乙.丙", ["甲;", "乙.丙"]),
        ("甲……乙。", ["甲……", "乙。"]),
        ("甲！！乙。”丙", ["甲！！", "乙。”", "丙"]),
        # what is quoted belongs to the sentence around it
        ("他说：“甲。乙。”丙。", ["他说：“甲。乙。”", "丙。"]),
        ("他说：“甲。乙”，丙。丁。", ["他说：“甲。乙”，丙。", "丁。"]),
        ("“甲！”，他说。乙。", ["“甲！”，他说。", "乙。"]),
        ("设“甲？”窗口。乙。", ["设“甲？”", "窗口。", "乙。"]),
        ("“甲‘乙。’丙。”丁。", ["“甲‘乙。’丙。”", "丁。"]),
        ('办"甲。乙。"丙。丁', ['办"甲。乙。"', "丙。", "丁"]),
        ("（甲。乙。）丙。", ["（甲。乙。）丙。"]),
        # a mark without its partner counts for nothing
        ("“甲。乙。", ["“甲。", "乙。"]),
        ("甲”。乙（。丙", ["甲”。", "乙（。", "丙"]),
        ('甲"。乙。', ['甲"。', "乙。"]),
        ("3.9万件。5", ["3.9万件。", "5"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(TEXT)
def test_sentences_are_the_text_without_gaps(text: str) -> None:
    found = sentences(text)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(start < end for start, end in found)


@given(TEXT)
@example('《"》;"')
def test_no_sentence_ends_within_a_pair(text: str) -> None:
    ends = {end for _, end in sentences(text)} - {len(text)}
    assert not any(opening < end <= closing for end in ends for opening, closing in pairs(text))


@given(TEXT, st.data())
def test_what_stands_around_a_place_is_whole_sentences(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    count = data.draw(st.integers(1, 4))
    first, last = around(text, start, end, count)
    assert first <= start and (end <= last)
    bounds = sentences(text)
    held = [pair for pair in bounds if first <= pair[0] and pair[1] <= last]
    assert sum(b - a for a, b in held) == last - first
    assert len(held) >= min(count, len(bounds))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "丙。"),
        (2, "丙。丁。"),
        (3, "乙。丙。丁。"),
        (4, "乙。丙。丁。戊。"),
        (9, "甲。乙。丙。丁。戊。"),
    ],
)
def test_more_sentences_come_from_both_sides(count: int, expected: str) -> None:
    text = "甲。乙。丙。丁。戊。"
    start, end = around(text, 4, 5, count)
    assert text[start:end] == expected


def test_at_an_end_they_come_from_the_other_side() -> None:
    text = "甲。乙。丙。"
    assert around(text, 4, 5, 2) == (2, 6)
    assert around(text, 0, 1, 3) == (0, 6)
