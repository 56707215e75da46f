"""Columns that stand right."""

from __future__ import annotations

from chabao.search.output.screen import Screen
from chabao.search.output.table import table
from chabao.search.output.text import width

ROWS = [("商务厅", 12), ("省林草局", 3)]


def test_columns_stand_by_width_and_numbers_to_the_right() -> None:
    assert list(table(("department", "items"), ROWS, Screen(80))) == [
        "department  items",
        "商务厅         12",
        "省林草局        3",
    ]


def test_a_pipe_gets_tabs() -> None:
    assert list(table(("department", "items"), ROWS, Screen())) == [
        "department\titems",
        "商务厅\t12",
        "省林草局\t3",
    ]


def test_a_table_may_have_no_heads() -> None:
    assert list(table((), ROWS, Screen(80))) == ["商务厅    12", "省林草局   3"]
    assert list(table((), ROWS, Screen())) == ["商务厅\t12", "省林草局\t3"]
    assert list(table((), [], Screen(80))) == []


def test_the_widest_text_gives_way() -> None:
    rows = [("优化营商环境" * 10, 5)]
    assert all(width(line) <= 40 for line in table(("section", "items"), rows, Screen(40)))
    assert list(table(("section", "items"), rows, Screen(40)))[1].endswith("…       5")


def test_a_cell_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in "".join(table(("a",), [("\x1b[2J",)], Screen(80)))


def test_no_rows() -> None:
    assert list(table(("a", "b"), [], Screen(80))) == ["a  b"]
