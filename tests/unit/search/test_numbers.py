"""Where numbers begin and end in a text, and what they are worth."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chabao.indexer.folding import fold
from chabao.search import language
from chabao.search.amounts import written
from chabao.search.numbers import numbers, openings, parts, standing
from chabao.search.query import Kind, Literal, Near, Numeric, Pattern


def read(text: str) -> list[str]:
    return [
        f"{text[each.start : each.end]}={written(each.worth.value)}{each.worth.ratio}"
        for each in numbers(fold(text))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第28期", ["28=28"]),
        ("第二十八期", ["二十八=28"]),
        ("一百二十八件", ["一百二十八=128"]),
        ("39,000件", ["39,000=39000"]),
        ("3.9万件", ["3.9万=39000"]),
        ("3万9千件", ["3万9千=39000"]),
        ("三万九千件", ["三万九千=39000"]),
        ("三万九件", ["三万九=39000"]),
        ("1.5亿元", ["1.5亿=150000000"]),
        ("28.5%", ["28.5%=28.5%", "28.5=28.5"]),
        ("百分之三十", ["百分之三十=30%", "三十=30"]),
        ("百分之百", ["百分之百=100%"]),
        ("千分之3", ["千分之3=3‰", "3=3"]),
        ("二〇二三年", ["二〇二三=2023"]),
        ("二○○九年", ["二○○九=2009"]),
        ("一九九八年", ["一九九八=1998"]),
        ("零点五", ["零点五=0.5"]),
        ("四十九点九", ["四十九点九=49.9"]),
        ("2023.2.28", ["2023=2023", "2=2", "28=28"]),
        ("2023-02-08", ["2023=2023", "02=2", "08=8"]),
        ("受理1,234,56件", ["1=1", "234=234", "56=56"]),
        ("统一12345", ["一=1", "12345=12345"]),
        ("2023一季度", ["2023=2023", "一=1"]),
        ("下午三点五十分", ["三=3", "五十=50"]),
        ("10.0", ["10.0=10"]),
    ],
)
def test_reading(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "数十家", "几百件", "上千人", "百姓", "千方百计", "万众", "亿元", "十三五", "二三十",
        "三三两两", "成千上万", "9" * 50, "一一对应", "\ud800", "百分点", "万分之",
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("28件", "二十八件、28件、２８件、28.0件", 4),
        ("28", "128、28.5、一百二十八、2028、28,000、28万、280、百分之二百二十八", 0),
        ("28", "第28期、28%、2023.2.28、28-30、28:30", 5),
        ("28件", "28人、28余件、第28期", 0),
        ("39000", "3.9万、3万9千、39,000、三万九千、三万九、39 000", 6),
        ("20万件", "20余万件、十几万件、20万多件", 0),
        ("20余万件", "二十余万件、20余万件、20多万件、20万件", 2),
        ("30%", "百分之三十、30%、30％、30个百分点、30", 3),
        ("30", "百分之三十、30%、30个百分点", 3),
        ("两件", "2件、二件、两件、二十二件", 3),
        ("2023年2月", "二〇二三年二月、2023年02月、2023年12月", 2),
    ],
)
def test_standing(query: str, text: str, found: int) -> None:
    assert len(list(standing(fold(text), parts(fold(query))))) == found


def test_what_has_no_number_stands_nowhere() -> None:
    assert list(standing("川渝通办28", ("川渝通办",))) == []


def test_openings_are_of_the_first_digits() -> None:
    ((worth,), (ten,)) = parts("28"), parts("12")
    first, following = openings(worth)
    assert set("2二两") == set(first)
    assert following is not None and "8" in following and "十" in following
    assert "十" in openings(ten)[0]


def test_a_query() -> None:
    def tree(line: str, numbers: bool = True) -> object:
        return language.parse(line, numbers=numbers).node

    assert tree("28件") == Numeric("28件")
    assert tree("28件", numbers=False) == Literal("28件")
    assert tree("二十八", numbers=False) == tree('"二十八"') == Literal("二十八")
    assert tree("川渝通办") == tree("数值:川渝通办") == Literal("川渝通办")
    assert tree("value:28件", numbers=False) == tree('数值:"28件"', False) == Numeric("28件")
    assert tree("受理 NEAR/5 28件") == Near(Literal("受理"), Numeric("28件"), 5)
    assert language.parse("受理28件 28件", literal=True, numbers=True).node == Numeric(
        "受理28件 28件"
    )


@pytest.mark.parametrize(
    "line", ["28件 -三十%", "(28 OR 二十八) 部门:文旅厅", "受理 NEAR/5 3.9万", '数值:"28 件"']
)
def test_what_is_said_back_reads_the_same(line: str) -> None:
    query = language.parse(line, numbers=True)
    assert "数值:" in query.understood
    again = language.parse(query.understood)
    assert (again.node, again.understood) == (query.node, query.understood)


def test_wildcards_keep_numbers_as_written_and_say_so() -> None:
    query = language.parse("受理*28件", numbers=True)
    assert isinstance(query.node, Pattern)
    assert [remark.kind for remark in query.diagnostics] == [Kind.IGNORED]
    assert language.parse("省?通办", numbers=True).diagnostics == ()


@settings(max_examples=500)
@given(st.text('28二十万百%.,期件 -()"数值:*?OR余', max_size=12))
def test_whatever_is_asked_is_said_back(line: str) -> None:
    query = language.parse(line, numbers=True)
    if query.node is not None:
        again = language.parse(query.understood)
        assert (again.node, again.understood) == (query.node, query.understood)
