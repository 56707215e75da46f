"""What may be written where a cursor stands."""

from __future__ import annotations

import pytest

from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.search.completion import MOST, Completion, Names, completion, names
from chabao.search.engine import Index, open_index
from chabao.search.query import Keyword, Span

HELD: Names = {
    Keyword.DEPARTMENT: {"生态环境厅": 6, "自然资源厅": 4, "文化和旅游厅": 3, "省自然博物馆": 9},
    Keyword.SECTION: {"（二）窗口 服务": 2, "二、窗口工作动态": 5, '他说"好"': 1},
    Keyword.NUMBER: {"2025年第2期": 19, "2023年第39期": 12},
    Keyword.TITLE: {"": 13, "窗口工作周报": 46},
}


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(bundled_index())


def at_end(line: str) -> Completion:
    return completion(line, len(line), HELD)


def texts(line: str) -> list[str]:
    return [choice.text for choice in at_end(line).choices]


def test_names_follow_a_field_the_beginning_before_the_middle_then_the_most_frequent() -> None:
    assert texts("川渝 部门:自然") == ["部门:自然资源厅", "部门:省自然博物馆"]
    assert texts("部门:厅") == ["部门:生态环境厅", "部门:自然资源厅", "部门:文化和旅游厅"]
    assert at_end("川渝 部门:自然").at == Span(3, 8)


def test_the_latest_issue_comes_first() -> None:
    assert texts("刊期:") == ["刊期:2025年第2期", "刊期:2023年第39期"]


@pytest.mark.parametrize(
    "line", ["dept:生态", "部门：生态", "(部门:生态", "-部门:生态", "a|部门:生态"]
)
def test_a_field_may_stand_where_the_language_reads_one(line: str) -> None:
    assert texts(line) == ["部门:生态环境厅"]


@pytest.mark.parametrize(
    "line", ["", "川渝", "某部门:生态", "日期:20", "数值:2", "部门:生态 ", "部门:生态)"]
)
def test_nothing_is_offered_where_no_name_is_being_written(line: str) -> None:
    assert texts(line) == []


def test_names_with_white_space_brackets_or_quotes_are_quoted() -> None:
    assert texts("栏目:窗口") == ["栏目:二、窗口工作动态", '栏目:"（二）窗口 服务"']
    assert texts('栏目:"（二）窗口 服') == ['栏目:"（二）窗口 服务"']
    assert texts("栏目:他说") == ['栏目:他说"好"']


def test_a_department_is_known_by_its_short_name() -> None:
    assert texts("部门:文旅厅") == ["部门:文化和旅游厅"]


def test_what_is_written_already_is_not_offered() -> None:
    assert texts("部门:自然资源厅") == []
    assert texts("标题:") == ["标题:窗口工作周报"]


def test_the_rest_of_the_value_is_replaced_too() -> None:
    assert completion("部门:自然资 川渝", 4, HELD).at == Span(0, 6)


def test_fields_are_offered_by_their_beginning_once_each() -> None:
    assert texts("部") == ["部门:"]
    assert texts("川渝 期") == ["期间:", "期号:"]
    assert texts("DE") == ["department:"]
    assert completion("部长", 1, HELD).choices == ()


@pytest.mark.parametrize("at", [-5, 0, 3, 10**9])
def test_any_place_is_a_place(at: int) -> None:
    found = completion("部门:", at, HELD)
    assert 0 <= found.at.start <= found.at.end <= 3


def test_a_long_line_is_read_in_no_time() -> None:
    for line in ("部门:" * 700, "-" * 2000, '部门:"' * 500, "(" * 2000, "部" * 2000):
        assert len(at_end(line).choices) <= MOST


def test_every_choice_finds_as_many_items_as_it_says(index: Index) -> None:
    known = names(index)
    for line in ("部门:", "刊期:", "标题:"):
        choices = completion(line, len(line), known).choices
        assert choices
        for choice in choices:
            assert engine.search(index, choice.text, limit=1).total == choice.items, choice


def test_every_heading_that_is_offered_finds_items(index: Index) -> None:
    choices = completion("栏目:", 3, names(index)).choices
    assert len(choices) == MOST
    for choice in choices:
        total = engine.search(index, choice.text, limit=1).total
        assert choice.items is not None and total >= choice.items > 0
