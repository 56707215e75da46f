"""Mistakes with a caret, remarks in a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.output.notices import notices
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.query import Diagnostic, Kind, Span


def test_the_caret_stands_under_the_mistake_by_columns() -> None:
    remark = Diagnostic(Kind.MISSING_OPERAND, Span(5, 7), "nothing there", "put it in quotes")
    assert list(notices("川渝通办 OR", "川渝通办", (remark,), Screen())) == [
        "chabao: nothing there",
        "  川渝通办 OR",
        "           ^^",
        "  hint: put it in quotes",
        "  understood: 川渝通办",
    ]


def test_a_wide_mistake_has_a_wide_caret() -> None:
    remark = Diagnostic(Kind.BAD_DATE, Span(3, 5), "no date", fatal=True)
    lines = list(notices("日期：昨年", "", (remark,), Screen()))
    assert lines[1:] == ["  日期：昨年", "        ^^^^"]


def test_a_filter_is_said_back() -> None:
    assert list(notices("通办", "通办 日期:2023-01-01..", (), Screen())) == [
        "chabao: understood: 通办 日期:2023-01-01.."
    ]
    assert list(notices("通办", "通办", (), Screen())) == []


def test_a_mistake_that_is_nowhere_in_the_query_has_no_caret() -> None:
    remark = Diagnostic(Kind.BAD_DATE, Span(0, 0), "no date", "write 2023", fatal=True)
    assert list(notices("通办", "", (remark,), Screen())) == [
        "chabao: no date",
        "  hint: write 2023",
    ]


def test_a_remark_is_one_line() -> None:
    remark = Diagnostic(Kind.RELAXED, Span(0, 1), "no item holds it all", "use --exact")
    assert list(notices("x", "x", (remark,), Screen())) == [
        "chabao: no item holds it all — use --exact"
    ]


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_query_is_shown_safely_and_the_caret_stays_below_it(line: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(line)), min(b, len(line))))
    remark = Diagnostic(Kind.STRAY_BRACKET, Span(start, end), "stray")
    lines = list(notices(line, "", (remark,), Screen()))
    assert not any("\x1b" in shown or "\n" in shown for shown in lines)
    if start < end:
        _message, query, caret = lines
        assert width(query) < 220
        assert width(caret) <= max(width(query) + 1, 3)


def test_a_long_query_is_shown_about_its_mistake() -> None:
    remark = Diagnostic(Kind.TOO_LONG, Span(50_000, 50_001), "too long")
    query = "川" * 100_000
    shown = list(notices(query, query, (remark,), Screen()))
    assert shown[1].startswith("  …川")
    assert shown[1].endswith("川…")
    assert all(len(line) < 120 for line in shown)


def test_many_mistakes_are_not_all_shown() -> None:
    remarks = tuple(Diagnostic(Kind.STRAY_BRACKET, Span(i, i + 1), "stray") for i in range(16))
    assert len(list(notices(")" * 16, "", remarks, Screen()))) == 9
