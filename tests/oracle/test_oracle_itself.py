"""The oracle against things that can be checked by eye, and against a slower one still."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.scan import fold, folded, scan
from oracle.worlds import expected, records, trees

from chabao.search.language import parse
from chabao.search.query import Between, Calendar, Keyword, Literal, Named, Node
from chabao.search.wording import say

WORDS = ("川渝", "通办", "窗口", "周报")


def item(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": "1", "text": text, "title": "窗口工作周报", "number": "2023年第39期", "serial": 459,
        "date": "2023-10-20", "period": {"first": "2023-10-07", "last": "2023-10-13"},
        "publisher": "四川省政府政务服务和公共资源交易服务中心", "source": "2023/39.txt",
        "section": ["二、窗口工作动态", "（一）优化营商环境"], "department": ["文化和旅游厅"],
        **fields,
    }  # fmt: skip


def names(name: str) -> list[str]:
    return {"文旅厅": ["文化和旅游厅"], "应急厅": ["应急管理厅"]}.get(name, [])


def places(line: str, text: str) -> list[tuple[int, int]] | None:
    node = parse(line).node
    assert node is not None
    found = scan([item(text)], node, names)
    return sorted(found["1"]) if found else None


@pytest.mark.parametrize(
    ("line", "text", "expected_places"),
    [
        ("川渝通办", "推进川渝通办，川渝通办", [(2, 6), (7, 11)]),
        ("川渝通办", "川\n\n渝 通办", [(0, 7)]),
        ("川渝通办", "推进川渝", None),
        ("人人", "人人人人", [(0, 2), (1, 3), (2, 4)]),
        ("“川渝”通办", "「川渝」通办", [(0, 6)]),
        ("厅(局)长", "厅（局）长、厅【局】长", [(0, 5), (6, 11)]),
        ("app", "用APP、\uff21\uff30\uff30", [(1, 4), (5, 8)]),
        ("一網通辦", "一网通办", [(0, 4)]),
        ("乾隆", "干隆", [(0, 2)]),
        ('"open data"', "Open\nData", [(0, 9)]),
        ("opendata", "Open Data", None),
        ('"2023 年"', "2023年", [(0, 5)]),
        ("省?通办", "省内通办省通办", [(0, 4)]),
        ("川*办", "川渝通办办", [(0, 4)]),
        ("川*办", "川川渝办", [(0, 4), (1, 4)]),
        ("川*办", "川" + "一" * 11 + "办", None),
        ("甲 乙", "甲丙乙", [(0, 1), (2, 3)]),
        ("甲 -乙", "甲丙", [(0, 1)]),
        ("甲 -乙", "甲乙", None),
        ("-乙", "甲", []),
        ("甲 OR 乙", "乙丙", [(0, 1)]),
        ("甲 OR (乙 丙)", "甲乙", [(0, 1), (1, 2)]),
        ("甲 NEAR/1 乙", "乙丙甲丙丙乙", [(0, 1), (2, 3)]),
        ("甲 NEAR/1 乙", "甲丙丙乙", None),
        ("甲 NEAR/0 甲", "甲丙甲甲", [(2, 3), (3, 4)]),
        ("人人 NEAR/0 人", "人人", None),
        ("(甲|丁) NEAR/0 乙", "甲丙丁乙", [(2, 3), (3, 4)]),
        ("甲 同条 乙", "甲丙乙甲", [(0, 1), (2, 3), (3, 4)]),
        ("部门:文旅厅 甲", "甲", [(0, 1)]),
    ],
)
def test_places(line: str, text: str, expected_places: list[tuple[int, int]] | None) -> None:
    assert places(line, text) == expected_places


@pytest.mark.parametrize(
    ("node", "finds"),
    [
        (Named(Keyword.DEPARTMENT, "文旅厅"), True),
        (Named(Keyword.DEPARTMENT, "应急厅"), False),
        (Named(Keyword.DEPARTMENT, "旅游"), True),
        (Named(Keyword.SECTION, "(一)优化"), True),
        (Named(Keyword.SECTION, "营商环境二"), False),
        (Named(Keyword.TITLE, "周報"), True),
        (Named(Keyword.PUBLISHER, "交易服务中心"), True),
        (Named(Keyword.SOURCE, "2023/"), True),
        (Named(Keyword.NUMBER, "39"), True),
        (Named(Keyword.NUMBER, "第３９期"), True),
        (Named(Keyword.NUMBER, "第9期"), False),
        (Named(Keyword.NUMBER, "2023年第39期"), True),
        (Named(Keyword.NUMBER, "2022年第39期"), False),
        (Named(Keyword.NUMBER, "459"), True),
        (Named(Keyword.NUMBER, "总459期"), True),
        (Named(Keyword.NUMBER, "总39期"), False),
        (Between(Calendar.ISSUED, date(2023, 10, 20), None), True),
        (Between(Calendar.ISSUED, date(2023, 10, 21), None), False),
        (Between(Calendar.ISSUED, None, date(2023, 10, 19)), False),
        (Between(Calendar.COVERED, date(2023, 10, 13), date(2023, 12, 1)), True),
        (Between(Calendar.COVERED, date(2023, 10, 14), None), False),
        (Between(Calendar.COVERED, None, date(2023, 10, 7)), True),
    ],
)
def test_fields(node: Node, finds: bool) -> None:
    assert scan([item("甲")], node, names) == ({"1": frozenset()} if finds else {})


def test_what_is_unknown_is_in_no_range() -> None:
    unknown = item(
        "甲", date=None, period={"first": None, "last": None}, title=None, number=None, serial=None
    )
    for node in (
        Between(Calendar.ISSUED, None, None),
        Between(Calendar.COVERED, None, None),
        Named(Keyword.TITLE, "周报"),
        Named(Keyword.NUMBER, "39"),
    ):
        assert scan([unknown], node, names) == {}


letters = st.text(st.sampled_from('甲乙乾aA\uff111 \n（【“"，\u200b'), max_size=12)


@given(letters, letters.filter(lambda text: bool(fold(text))))
def test_a_string_stands_where_a_piece_folds_to_it(text: str, wanted: str) -> None:
    ends = range(len(text) + 1)
    slowly = {
        (start, end)
        for start in ends
        for end in ends
        if start < end
        and fold(text[start:end]) == fold(wanted)
        and fold(text[start : end - 1]) != fold(wanted) != fold(text[start + 1 : end])
    }
    assert scan([item(text)], Literal(wanted)).get("1", frozenset()) == slowly


@given(letters, letters)
def test_folding_maps_its_characters(left: str, right: str) -> None:
    text, offsets = folded(left + right)
    assert len(text) == len(offsets)
    assert offsets == sorted(set(offsets))
    assert text.replace(" ", "") == (fold(left) + fold(right)).replace(" ", "")


@given(trees(WORDS))
def test_the_scan_and_the_truth_table_agree(tree: Node) -> None:
    assert {int(name) for name in scan(records(WORDS), tree)} == expected(tree, WORDS)


@given(trees(WORDS))
def test_a_tree_said_aloud_is_read_as_the_same_tree(tree: Node) -> None:
    assert parse(say(tree)).node == tree
