"""The table of syllables is pypinyin's, and letters are read as syllables in every way."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_normal

from chabao.indexer.folding import fold_char
from chabao.search import pinyin as table

SYLLABLE = re.compile("[a-z]*[aeiouv][a-z]*")


def made() -> str:
    """What `search/pinyin.txt` is to hold: of each character that folding leaves as it is, the
    first reading of pypinyin, and the others that stand in a phrase of its: 台 is tai, never yi.

    To renew the file, write this into it.
    """
    used = defaultdict(set)
    for phrase, readings in PHRASES_DICT.items():
        if len(phrase) == len(readings):
            for char, (reading, *_) in zip(phrase, readings, strict=True):
                used[char].add(to_normal(reading))
    chars = defaultdict(list)
    for char in map(chr, range(0x4E00, 0xA000)):
        found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
        if fold_char(char) == char and found:
            first, *others = found[0]
            for reading in (first, *(each for each in others if each in used[char])):
                if SYLLABLE.fullmatch(reading):
                    chars[reading].append(char)
    lines = [f"{syllable} {''.join(having)}\n" for syllable, having in sorted(chars.items())]
    remark = "# Syllables and the characters that have them, from pypinyin (MIT): "
    return remark + "tests/unit/search/test_pinyin.py\n" + "".join(lines)


def test_the_table_is_pypinyins(root: Path) -> None:
    assert (root / "search" / "pinyin.txt").read_text(encoding="utf-8") == made()


def test_every_reading_of_a_heteronym_counts() -> None:
    assert set(table.syllables("行")) >= {"hang", "xing"}
    assert set(table.syllables("乐")) >= {"le", "yue"}
    assert table.syllables("a") == table.syllables("，") == []


def test_homophones_share_a_reading() -> None:
    assert {"渝", "鱼", "于"} <= table.homophones("渝")
    assert {"性", "航", "行"} <= table.homophones("行")
    assert "统" not in table.homophones("渝")
    assert table.homophones("a") == {"a"}


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("xian", [("xian",), ("xi", "an")]),
        ("xi'an", [("xi", "an")]),
        ("chuanyu", [("chuan", "yu"), ("chu", "an", "yu")]),
        ("cytb", []),
        ("", [()]),
    ],
)
def test_letters_are_read_in_every_way(letters: str, ways: list[tuple[str, ...]]) -> None:
    assert table.readings(letters) == ways


def test_long_letters_are_read_in_bounded_time() -> None:
    assert 0 < len(table.readings("xian" * 50)) <= table.MOST_READINGS


@pytest.mark.parametrize(
    ("one", "other"),
    [("shi", "si"), ("zhang", "zan"), ("cheng", "cen"), ("nan", "lang"), ("xin", "xing")],
)
def test_what_sounds_alike_to_many_is_near(one: str, other: str) -> None:
    assert other in table.fuzzy(one)
    assert one in table.fuzzy(other)


def test_what_sounds_alike_to_nobody_is_not() -> None:
    assert set(table.fuzzy("yu")) == {"yu"}
    assert "xan" not in table.fuzzy("xiang")
    assert not {"sh", "zhhi"} & set(table.fuzzy("zhi"))
