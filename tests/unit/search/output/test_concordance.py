"""Concordances on a screen: everything stands below what it belongs to, and nothing is too wide."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chabao.indexer.bundled import bundled_index
from chabao.search.concordance import Concordance, Counts, Line, Sort, concordance
from chabao.search.engine import open_index
from chabao.search.output.concordance import by_term, ending, filled, lines, summary
from chabao.search.output.mentions import grid
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.query import Everything, Query
from chabao.search.tallies import By, Tally, TermRow

CHARS = st.text(st.sampled_from("川渝通办“，…a1 \u0301\u200f\x1b[31m𠮷ﾊ"), max_size=30)
NUMBER = st.sampled_from(["2023年第3期", "2025年第12期", None])


def line(left: str, text: str, right: str, **facts: object) -> Line:
    known = {
        "address": "qphyuavhhfye@12+4~k3mq7yta", "id": "qphyuavhhfye", "start": 12, "end": 16,
        "terms": ("川渝通办",), "date": None, "number": "2023年第3期", "serial": None,
        "title": None, "publisher": None, "section": ("二、窗口工作动态",), "item": "（1）",
        "department": (), "source": "a.txt", "line": 1, "page": None,
    }  # fmt: skip
    return Line(**(known | {"left": left, "text": text, "right": right} | facts))  # type: ignore[arg-type]


def answer(*shown: Line, terms: tuple[str, ...] = ("川渝通办",)) -> Concordance:
    counts = Counts(len(shown), 1, 1, 0)
    queries = tuple(Query(term, Everything()) for term in terms)
    by = {term: counts for term in terms}
    return Concordance(terms, queries, counts, by, shown, Sort.DATE, 40)


@given(
    st.lists(
        st.builds(line, CHARS, CHARS.filter(bool), CHARS, number=NUMBER), min_size=1, max_size=5
    ),
    st.integers(24, 120),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_no_line_is_wider_than_the_screen(
    shown: list[Line], columns: int, colour: bool, several: bool
) -> None:
    found = answer(*shown, terms=("川渝通办", "通办")[: 1 + several])
    for drawn in lines(found, Screen(columns, colour)):
        plain = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
        assert width(plain) <= columns
        assert "\x1b" not in plain and "\u200f" not in plain
        assert colour or plain == drawn


@pytest.mark.parametrize("columns", [24, 40, 60, 80, 100, 120])
def test_terms_begin_in_one_column(columns: int) -> None:
    with open_index(bundled_index()) as index:
        found = concordance(index, ["川渝通办"])
    drawn = list(lines(found, Screen(columns)))
    middles = {width(text.partition(" 川渝通办 ")[0]) for text in drawn}
    assert len(drawn) == 5 and len(middles) == 1
    assert all("2023年第3期 " in text for text in drawn[1:4]) is (columns >= 60)
    assert ("二、窗口" in drawn[0]) is (columns >= 80)
    assert (found.lines[0].id in drawn[0]) is (columns >= 100)


def test_terms_are_named_where_they_do_not_show() -> None:
    pattern = answer(line("", "川渝通办", "", terms=("川?通办",)), terms=("川?通办", "省?通办"))
    assert "川?通办" in next(lines(pattern, Screen(80)))
    same = answer(line("", "川渝通辦", ""), terms=("川渝通办", "通办"))
    assert "川渝通办" not in next(lines(same, Screen(80)))


def test_in_a_pipe_cells_are_parted_by_tabs_and_nothing_is_cut() -> None:
    long = "办" * 200
    (drawn,) = lines(answer(line(long, "川\t渝\x1b", long)), Screen())
    assert drawn.split("\t") == [
        "2023年第3期", "二、窗口工作动态 \u203a （1）", "qphyuavhhfye@12",
        long, "川\ufffd渝\ufffd", long,
    ]  # fmt: skip


@given(CHARS, st.integers(2, 20))
def test_an_end_is_an_end(text: str, columns: int) -> None:
    cut = ending(text, columns)
    assert width(cut) <= columns and (cut == text or text.endswith(cut.removeprefix("…")))
    assert width(filled(text, columns)) == columns


def test_the_summary_says_how_much_is_shown() -> None:
    found = answer(line("", "办", ""), terms=("川渝通办", "通\x1b办"))
    assert summary(found) == "1 mention, 1 item, 1 issue, 0 departments named"
    assert by_term(found) == "川渝通办 1  通\ufffd办 1"
    assert by_term(answer()) == ""


def counts(terms: int, periods: int) -> Tally:
    rows = [TermRow(f"词语{at}", (7,) * periods, 7 * periods, 1, 1) for at in range(terms)]
    names = tuple(f"20{at:02}" for at in range(periods))
    return Tally(By.YEAR, names, tuple(rows), (7 * terms,) * periods, ())


@pytest.mark.parametrize(
    ("terms", "periods", "head"),
    [(3, 3, "term"), (30, 5, "term"), (3, 30, "term   词语0  词语1"), (30, 30, "term    period")],
)
def test_a_table_turns_where_it_is_too_wide(terms: int, periods: int, head: str) -> None:
    drawn = list(grid(counts(terms, periods), Screen(80)))
    assert drawn[0].startswith(head) and all(width(text) <= 80 for text in drawn)
    assert drawn[-1].split()[0] == "total"
    assert drawn[-1].split()[-1] == str(7 * terms * periods)
    assert sum(map(len, drawn)) < 80 * len(drawn)
