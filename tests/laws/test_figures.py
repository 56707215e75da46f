"""Laws of figures: a number is worth the same however it is written, and stands where it is said
to stand, whatever the text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.amounts import value
from chabao.search.figures import of_item
from chabao.search.quantities import quantities

DIGITS = "零一二三四五六七八九"
WIDE = {ord(char): ord(char) + 0xFEE0 for char in "0123456789.,"}
OLD = str.maketrans("万亿两", "萬億兩")
PIECES = [
    *"0123456789\uff10\uff19一二三十百千万亿零\u3007两点.,，。；：、！？%％第至到-~",
    *"()（）《》“”\"\n \u3000年月日件人次",
    "受理", "办结", "累计", "占比", "同比增长", "本周，", "今年以来，", "2023年1月1日至1月20日，",
    "余", "近", "约", "个百分点", "人(次)", "商务厅", "为企业提供", "共计", "由", "百分之", "万件",
    "其中", "的", "涉及18个部门",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
NUMBERS = st.one_of(
    st.integers(10, 99), st.integers(10, 10**5), st.integers(10, 10**12 - 1),
    st.builds(lambda a, b: a * 10**b, st.integers(1, 99), st.integers(1, 10)),
)  # fmt: skip


def group(number: int) -> str:
    """Up to 9999 in words, with its zeros between."""
    words, gap = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + unit
        gap = not digit
    return words


def in_words(number: int) -> str:
    """A number from 1 to 10¹² - 1 as it is written by the book."""
    words, skipped = "", False
    for unit, power in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part = number // power % 10**4
        if part:
            between = words and (skipped or part < 1000)
            words += ("零" if between else "") + group(part) + unit
        skipped = not part
    return words


def forms(number: int) -> list[str]:
    words = in_words(number)
    written = [words, str(number), f"{number:,}", f"{number}.00"]
    written += [words.translate(OLD), str(number).translate(WIDE), f"{number:,}".translate(WIDE)]
    if words.startswith("一十"):
        written.append(words[1:])
    if words.startswith(("二千", "二百", "二万", "二亿")):
        written.append("两" + words[1:])
    for unit, power in (("万", 4), ("亿", 8)):
        short = format(Decimal(number).scaleb(-power).normalize(), "f")
        written += [short + unit, f"{short} {unit}"]
    return written


@given(NUMBERS)
def test_a_number_is_worth_the_same_in_every_form(number: int) -> None:
    for form in forms(number):
        (found,) = quantities(f"受理{form}件。")
        assert (found.value, found.unit) == (number, "件"), form


@given(NUMBERS)
def test_words_are_read_back(number: int) -> None:
    assert value(in_words(number)) == number


@given(st.decimals(0, 10**9, allow_nan=False, places=3))
def test_decimals_are_exact(number: Decimal) -> None:
    (found,) = quantities(f"占比{number:f}%。")
    assert found.value == number


def item(text: str) -> dict[str, Any]:
    period = {"first": "2023-01-16", "last": "2023-01-20"}
    return {"id": "x", "text": text, "section": ["（一）办件情况"], "period": period}


@given(TEXTS)
def test_every_figure_stands_in_its_sentence(text: str) -> None:
    last = 0
    for figure in of_item(item(text)):
        assert last <= figure.start < figure.end <= len(text)
        assert figure.sentence_start <= figure.start < figure.end <= figure.sentence_end
        assert figure.text in figure.sentence
        assert figure.upto is None or figure.value < figure.upto
        assert figure.address == f"x@{figure.start}"
        last = figure.end
