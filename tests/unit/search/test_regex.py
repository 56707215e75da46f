# ruff: noqa: RUF001 - full-width letters and digits are meant
"""Patterns: what they mean in Chinese text, what is said of bad ones, and that none hangs."""

from __future__ import annotations

import sys
import time

import pytest

from chabao.indexer.errors import MissingLibrary
from chabao.indexer.folding import fold_text
from chabao.search.regex import BadPattern, Expression, translated

pytest.importorskip("re2")


def found(pattern: str, text: str, as_written: bool = False) -> list[str]:
    read = text if as_written else fold_text(text)
    return [text[start:end] for start, end in Expression(pattern, as_written).spans(read)]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("通辦", "川渝通办", ["通办"]),
        ("ＶＰＮ|vpn", "用VPN和ＶＰＮ", ["VPN", "ＶＰＮ"]),
        (r"（.）", "（三）(四)【五】", ["（三）", "(四)", "【五】"]),
        (r"[（]三\)", "（三）", ["（三）"]),
        (r"\（三\）", "（三）", ["（三）"]),
        ("“一网”", "「一网」", ["「一网」"]),
        (r"\w+", "一网通办，3件", ["一网通办", "3件"]),
        (r"[\w，]+", "一网通办，3件。", ["一网通办，3件"]),
        (r"\d+", "３０件1件", ["３０", "1"]),
        (r"[０-９]+", "３０件1件", ["３０", "1"]),
        (r"\Q（三)\E.", "（三）项", ["（三）项"]),
        ("办*", "理办办理", ["办办"]),
        ("办办", "办办办办办", ["办办", "办办"]),
        ("？", "是？", ["？"]),
    ],
)
def test_over_folded_text(pattern: str, text: str, matches: list[str]) -> None:
    assert found(pattern, text) == matches


def test_over_the_text_as_written_width_script_and_case_count() -> None:
    assert found("VPN", "vpn ＶＰＮ VPN", as_written=True) == ["VPN"]
    assert found("辦", "办辦", as_written=True) == ["辦"]
    assert found(r"（\w）", "(一)（二）", as_written=True) == ["（二）"]
    assert found(r"\（二", "（二）", as_written=True) == ["（二"]


def test_offsets_count_code_points_beyond_the_basic_plane() -> None:
    assert list(Expression("办").spans("𠮷办\ud800办")) == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("(a", "(a"), ("[a", "[a"), ("a)", "a)"), ("*办", "*"), ("办**", "**"), ("(?=办)", "(?="),
        (r"(办)\1", r"\1"), ("办{2000}", "{2000}"), ("[z-a]", "z-a"), ("((办{900}){900})", "{900}"),
        ("办\\", ""), (r"[\W]", r"\W"), ("(?P<n", "(?P<n"), ("办\ud800", ""), (r"\p{没有}", ""),
    ],
)  # fmt: skip
def test_a_bad_pattern_says_why_and_where(pattern: str, part: str) -> None:
    with pytest.raises(BadPattern) as error:
        Expression(pattern)
    assert error.value.reason and "b'" not in error.value.reason
    assert not part or error.value.part == part


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)(.*)b", "(a?){500}a{500}"])
def test_no_pattern_takes_more_than_linear_time(pattern: str) -> None:
    started = time.thread_time()
    list(Expression(pattern).spans("a" * 20_000 + "办"))
    assert time.thread_time() - started < 5


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d{4}年",
        "第[一二三四五六七八九十]+条",
        "川渝.{0,10}通办",
        ".{0,40}通办",
        r"\p{Han}+局",
        "[^。]*通办[^。]*",
    ],
)
def test_everyday_patterns_are_not_large(pattern: str) -> None:
    assert not Expression(pattern).large


@pytest.mark.parametrize("pattern", ["(.{1,100}){1,10}", "的.{0,1000}一", r"\w{2,50}办"])
def test_long_repetitions_are_large(pattern: str) -> None:
    assert Expression(pattern).large


def test_a_pattern_is_translated_no_further_than_it_must_be() -> None:
    plain = r"(?P<n>[a-z]+)\d{2,3}?(?:x|y)*[^a\-z]\b\pL\p{Han}[[:alpha:]]"
    assert translated(plain) == plain.replace(r"\d", r"\p{Nd}")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(MissingLibrary, match=r"pip install chabao\[regex\]"):
        Expression("办")
