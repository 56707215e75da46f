"""Two texts held against each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.search.alignment import Pattern, difference, distance, letters, nearest, unspaced

SHORT = st.text(alphabet="甲乙丙丁", max_size=9)


def sellers(chars: str, text: str) -> int:
    """The least edits between a string and any stretch of a text, the textbook's way."""
    row = [0] * (len(text) + 1)
    for at, char in enumerate(chars, 1):
        above, row = row, [at]
        for column, other in enumerate(text, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (char != other)))
    return min(row)


@given(SHORT.filter(bool), SHORT)
def test_the_nearest_stretch_is_the_textbooks(chars: str, text: str) -> None:
    edits, start, end = nearest(chars, text)
    assert edits == sellers(chars, text) == distance(chars, text[start:end])


@given(SHORT.filter(bool), SHORT)
def test_an_anchored_stretch_begins_with_the_text(chars: str, text: str) -> None:
    edits, end = Pattern(chars).ending(text, anchored=True)
    assert edits == distance(chars, text[:end])
    assert edits == min(distance(chars, text[:stop]) for stop in range(len(text) + 1))


@given(SHORT, SHORT)
def test_a_difference_holds_both_texts(quoted: str, source: str) -> None:
    changes = difference(quoted, source)
    assert "".join(change.quoted for change in changes) == quoted
    assert "".join(change.source for change in changes) == source
    assert all(one.same != other.same for one, other in pairwise(changes))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("川渝通办，", "川 渝\n通办"),
        ("（四川）“省内通办”", "(四川)‘省内通办’"),
        ("受理１２件；办结ＡＢ", "受理12件，办结ab"),
        ("1、2", "1，2"),
        ("1月—2月", "1月-2月"),
        ("5G APP", "5gapp"),
        ("審批", "审批"),
    ],
)
def test_layout_width_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert letters(one).chars == letters(other).chars


@pytest.mark.parametrize(
    ("one", "other"),
    [("61.76%", "6176%"), ("61.76%", "61.76"), ("1-5", "15"), ("1.5", "1，5"), ("甲+乙", "甲乙")],
)
def test_what_makes_a_number_counts(one: str, other: str) -> None:
    assert letters(one).chars != letters(other).chars


@given(st.text(max_size=30))
def test_letters_know_their_places(text: str) -> None:
    found = letters(text)
    assert len(found.chars) == len(found.offsets)
    assert list(found.offsets) == sorted(set(found.offsets))
    for char, at in zip(found.chars, found.offsets, strict=True):
        assert letters(text[at]).chars in ("", char)  # a mark between digits is none alone


def test_white_space_and_invisible_characters_are_layout() -> None:
    assert unspaced(" 川\u200b渝 \n通　办") == "川渝通办"
