"""What search ignores: the table against OpenCC's, and the laws that offsets rest on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from chabao.indexer.folding import fold, fold_char, fold_text, is_latin, is_layout, table

NEAR_REAL = st.sampled_from('川渝通辦办 　\n\u200b\u00ad\t\uff21a1\uff11（(）“「"乾幹干')
TEXTS = st.text(alphabet=NEAR_REAL, max_size=40) | st.text(max_size=40)
IDEOGRAPHS = [chr(code) for code in (*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0))]


def test_ideographs_become_what_opencc_makes_of_each_alone() -> None:
    """薴 becomes 苧, and 苧 becomes 苎: all three are one."""
    convert = OpenCC("t2s").convert
    expected = {char: convert(convert(char)) for char in IDEOGRAPHS}
    other = {
        char: (fold_char(char), simple)
        for char, simple in expected.items()
        if len(simple) == 1 and fold_char(char) != simple
    }
    assert other == {}
    assert sum(char != simple for char, simple in expected.items()) > 3000


@pytest.mark.parametrize("code", range(0xFF01, 0xFF5F))
def test_full_width_is_half_width(code: int) -> None:
    half = unicodedata.normalize("NFKC", chr(code))
    assert fold_char(chr(code)) == fold_char(half) == fold_char(half.lower())


@pytest.mark.parametrize(
    "alike",
    ['“”"＂', "‘’'＇", "(（", ")）", "[［【〔", "]］】〕", "aA\uff21\uff41", "辦办", "，,", "。｡"],
)
def test_styles_of_one_sign_are_one(alike: str) -> None:
    assert len({fold_char(char) for char in alike}) == 1


def test_different_signs_stay_different() -> None:
    assert len({fold_char(char) for char in "（）【】《》，。、；：？！-1a川"}) >= 15
    assert fold("乾隆") == fold("干隆"), "character by character: a phrase rule loses mentions"


def test_the_table_maps_one_character_to_one_and_is_closed() -> None:
    for source, target in table().items():
        assert source != target
        assert target not in table(), f"{chr(source)} → {chr(target)} goes on"
        assert not is_layout(chr(target)) or is_layout(chr(source))


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_text(fold_text(text)) == fold_text(text)


@given(TEXTS)
def test_fold_text_keeps_every_place(text: str) -> None:
    assert len(fold_text(text)) == len(text)
    assert fold_text(text) == "".join(map(fold_char, text))


@given(TEXTS)
def test_folding_does_not_hear_case_or_width(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert fold(wide) == fold(text)
    ascii_upper = "".join(c.upper() if c.isascii() else c for c in text)
    assert fold(ascii_upper) == fold(text)


@given(TEXTS, TEXTS)
def test_parts_fold_to_the_parts_of_the_whole(left: str, right: str) -> None:
    whole, apart = fold(left + right), fold(left) + fold(right)
    gap = fold(left) and fold(right) and is_latin(fold(left)[-1]) and is_latin(fold(right)[0])
    assert whole.replace(" ", "") == apart.replace(" ", "")
    if not gap:
        assert whole == apart


@given(TEXTS)
def test_white_space_counts_only_between_latin(text: str) -> None:
    folded = fold(text)
    for at, char in enumerate(folded):
        if is_layout(char):
            assert char == " "
            assert is_latin(folded[at - 1]) and is_latin(folded[at + 1])
