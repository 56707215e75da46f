"""Widths, line ends, and characters that may not reach a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.search.output.text import clean, fitted, lines, width

MIXED = st.text(alphabet="川渝通办“”（），。ab 12.5%—…", max_size=200) | st.text(max_size=200)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("川渝", 4),
        ("“通办”", 8),
        ("①", 2),
        ("e\u0301", 1),
        ("ｱ", 1),
        ("\uff21", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text())
def test_clean_text_cannot_steer_a_terminal(text: str) -> None:
    out = clean(text)
    assert len(out) == len(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in out)
    assert not any(unicodedata.bidirectional(c) in {"RLE", "LRE", "RLO", "LRO", "PDF"} for c in out)
    assert not set(out) & set("\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@pytest.mark.parametrize(
    "text", ["\x1b[31m", "\x9b31m", "\x07", "\r", "\n", "\u202e", "\x7f", "\x8d"]
)
def test_an_escape_is_replaced(text: str) -> None:
    assert clean(text)[0] == "\ufffd"


def test_ordinary_text_is_left_alone() -> None:
    text = "（1）“川渝通办”【x】［／川渝］ 𠮷 é ①%"
    assert clean(text) == text


@given(MIXED, st.integers(2, 40))
def test_lines_lose_nothing_and_fit(text: str, columns: int) -> None:
    cut = lines(text, columns)
    assert "".join(text[a:b] for a, b in cut) == text
    assert [a for a, _ in cut[1:]] == [b for _, b in cut[:-1]]
    for a, b in cut:
        assert width(text[a:b].rstrip(" ")) <= columns
        assert a < b or not text


@given(st.text(alphabet="川渝通办“”，。", max_size=80))
def test_no_line_begins_with_a_closing_mark(text: str) -> None:
    plain = "".join(c for i, c in enumerate(text) if c in "川渝通办" or text[i - 1] in "川渝通办")
    for a, _ in lines(plain, 12)[1:]:
        assert plain[a] not in "”，。"
        assert plain[a - 1] != "“"


def test_a_number_is_not_broken() -> None:
    text = "共受理行政许可214771件"
    assert [text[a:b] for a, b in lines(text, 16)] == ["共受理行政许可", "214771件"]


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert lines("a" * 10, 4) == [(0, 4), (4, 8), (8, 10)]


def test_fitted() -> None:
    assert fitted("川渝通办", 8) == "川渝通办"
    assert fitted("川渝通办省", 8) == "川渝通…"
    assert fitted("abc", 3) == "abc"


@given(MIXED, st.integers(2, 30))
def test_what_is_fitted_fits(text: str, columns: int) -> None:
    assert width(fitted(text, columns)) <= columns
