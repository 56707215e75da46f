"""Charts of trends: right at any width, true to the numbers, and never a zero for a gap."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.axis import Slot
from chabao.search.issues import Issue
from chabao.search.output.chart import FULL, HALF, bar, chart
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.query import Query
from chabao.search.timeline import By, intervals
from chabao.search.trends import Series, Split, Trend

MONTHS = list(intervals(date(2023, 1, 1), date(2023, 12, 31), By.MONTH))


def issue(characters: int = 1000) -> Issue:
    return Issue(("", "", "a"), None, None, None, None, None, None, None, "a", 1, characters)


def made(*counts: int | None, term: str = "通办", missing: int = 0) -> Trend:
    """A trend of one term by month, from January on."""
    slots = tuple(
        Slot(month.label, month.first, month.last, () if count is None else (issue(),),
             missing if count is None else 0)
        for month, count in zip(MONTHS, counts, strict=False)
    )  # fmt: skip
    query = Query(term, None)
    said = sum(count or 0 for count in counts)
    return Trend(By.MONTH, None, (query,), said, slots, (Series(term, None, counts),))


def lines(found: Trend, columns: int | None = 80, relative: bool = False) -> list[str]:
    return list(chart(found, Screen(columns), relative))


def columns_of(line: str) -> int:
    """Of a terminal that draws blocks one column wide, as nearly all do."""
    return width(line.replace(FULL, "x").replace(HALF, "x"))


def test_the_longest_bar_fills_the_line_and_the_others_are_in_proportion() -> None:
    _head, *rows = lines(made(4, 2, 1))
    assert columns_of(rows[0]) == 80
    bars = [row.count(FULL) + row.count(HALF) / 2 for row in rows]
    assert bars[0] / bars[1] == 2
    assert abs(bars[0] / 4 - bars[2]) <= 0.5


def test_a_zero_is_written_and_a_gap_is_said() -> None:
    _head, first, zero, gap, last = lines(made(3, 0, None, None, 1, missing=2))
    assert zero.split() == ["2023-02", "1", "0", "0.00"]
    assert gap == "2023-03..2023-04  4 issues missing"
    assert FULL in first
    assert FULL in last


def test_gaps_without_known_issues_say_no_number() -> None:
    assert lines(made(1, None, 1))[2] == "2023-02  no issue"


def test_rates_can_be_what_is_drawn() -> None:
    found = made(1, 1)
    thick = Slot("2023-02", MONTHS[1].first, MONTHS[1].last, (issue(4000),))
    found = Trend(By.MONTH, None, found.queries, 2, (found.slots[0], thick), found.series)
    plain, relative = lines(found)[1:], lines(found, relative=True)[1:]
    assert plain[0].count(FULL) == plain[1].count(FULL)
    assert relative[0].count(FULL) >= 3.9 * relative[1].count(FULL)


def test_in_a_pipe_there_are_only_rows() -> None:
    head, *rows = lines(made(3, None, 0), None)
    assert head.split("\t")[:5] == ["period", "first", "last", "term", "mentions"]
    assert [row.split("\t")[4] for row in rows] == ["3", "", "0"]


def test_what_could_steer_a_terminal_does_not_reach_it() -> None:
    found = made(1, 2, term="\x1b[31m通办\n")
    found = Trend(found.by, found.split, found.queries, 3, found.slots, found.series * 2)
    assert all("\x1b" not in line and "\n" not in line for line in lines(found))


NAMES = st.text("通办abc（“\x1b\u202e局厅", max_size=40)


@given(
    st.integers(24, 120),
    st.lists(NAMES, min_size=1, max_size=4, unique=True),
    st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=9),
    st.booleans(),
)
def test_no_line_is_wider_than_the_screen(
    columns: int, names: list[str], counts: list[int | None], relative: bool
) -> None:
    one = made(*counts)
    series = tuple(Series("通办", name, tuple(counts)) for name in names)
    split = Trend(By.MONTH, Split.SECTION, one.queries, one.mentions, one.slots, series)
    for found in (one, split):
        assert all(columns_of(line) <= columns for line in lines(found, columns, relative))


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(1, 100))
def test_a_bar_fits_its_room_and_what_is_not_nothing_shows(
    value: int, most: int, room: int
) -> None:
    drawn = bar(min(value, most), most, room)
    assert len(drawn) <= room
    assert bool(drawn) == bool(min(value, most))
