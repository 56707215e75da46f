"""What is suggested for a term that is mentioned nowhere, and where it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from records import item

from chabao.search import engine
from chabao.search.engine import Filters, Mode, search
from chabao.search.query import Kind
from chabao.search.suggestions import Likeness, is_one_slip, suggestions

Indexed = Callable[..., engine.Index]


def said(index: engine.Index, line: str, **options: Any) -> list[str]:
    notices = search(index, line, **options).notices
    return [notice.message for notice in notices if notice.kind is Kind.SUGGESTION]


@pytest.mark.parametrize(
    ("term", "meant", "likeness"),
    [
        ("cytb", "川渝通办", Likeness.INITIALS),
        ("CYTB", "川渝通办", Likeness.INITIALS),
        ("\uff43\uff59\uff54\uff42", "川渝通办", Likeness.INITIALS),
        ("chuanyutongban", "川渝通办", Likeness.SOUND),
        ("chuanyu tongban", "川渝通办", Likeness.SOUND),
        ("chuan'yu'tong'ban", "川渝通办", Likeness.SOUND),
        ("cuanyutongban", "川渝通办", Likeness.FUZZY),
        ("川鱼通办", "川渝通办", Likeness.SOUND),
        ("川渝统办", "川渝通办", Likeness.SOUND),
        ("川魚通辦", "川渝通办", Likeness.SOUND),
        ("窜渝", "川渝", Likeness.FUZZY),
        ("川鱼", "川渝", Likeness.SOUND),
        ("川通办", "川渝通办", Likeness.SPELLING),
        ("川渝能通办", "川渝通办", Likeness.SPELLING),
        ("川渝办通", "川渝通办", Likeness.SPELLING),
        ("川港通办", "川渝通办", Likeness.SPELLING),
        ("zwfw", "政务服务", Likeness.INITIALS),
        ("hangzheng", "行政", Likeness.SOUND),
        ("yhyshj", "优化营商环境", Likeness.INITIALS),
        ("dtxc", "大厅巡查", Likeness.INITIALS),
        ("appp", "app", Likeness.SPELLING),
    ],
)
def test_what_was_meant_comes_first(
    bundled: engine.Index, term: str, meant: str, likeness: Likeness
) -> None:
    first, *others = suggestions(bundled, term)
    assert (first.text, first.likeness) == (meant, likeness)
    assert first.mentions == search(bundled, meant, mode=Mode.EXACT, literal=True).mentions > 0
    assert len(others) < 3


@pytest.mark.parametrize(
    "term",
    [
        "",
        "c",
        "川",
        "。，",
        "wf",
        "甲骨文",
        "qqqqq",
        "2031",
        "2032年",
        "x" * 5000,
        "川" * 500,
        "a b",
        "\ud83d",
    ],
)
def test_where_nothing_is_like_it_nothing_is_said(bundled: engine.Index, term: str) -> None:
    assert suggestions(bundled, term) == []


def test_pieces_of_words_are_not_suggested(bundled: engine.Index) -> None:
    assert search(bundled, "务服").mentions > 50
    assert "务服" not in {each.text for each in suggestions(bundled, "wf", most=100)}
    assert suggestions(bundled, "务肤") == []


def test_the_most_mentioned_come_first_whatever_the_segments(indexed: Indexed) -> None:
    items = [item("a", "流程，流程，留成"), item("b", "留成，刘诚"), item("c", "流程，六成，流程")]
    index = indexed(*([each] for each in items))
    found = [(each.text, each.mentions) for each in suggestions(index, "牛橙")]
    again = [(each.text, each.mentions) for each in suggestions(index, "刘程")]
    assert found[:2] == again[:2] == [("流程", 4), ("留成", 2)]
    assert len(again) <= 3


def test_nothing_is_suggested_of_items_that_are_gone(indexed: Indexed) -> None:
    from chabao.indexer.sinks.whoosh_ import WhooshSink

    index = indexed([item("a", "川渝通办"), item("b", "一网通办，川渝通办")])
    with WhooshSink(index.path) as sink:
        sink.remove("b.txt")
        sink.commit()
    with engine.open_index(index.path) as now:
        assert [(each.text, each.mentions) for each in suggestions(now, "cytb")] == [
            ("川渝通办", 1)
        ]
        assert suggestions(now, "ywtb") == []


def test_an_empty_answer_asks_what_was_meant(bundled: engine.Index) -> None:
    results = search(bundled, "cytb")
    assert said(bundled, "cytb") == ["did you mean 川渝通办 (5)?"]
    assert (results.total, results.mentions, results.exact) == (0, 0, False)
    assert said(bundled, "川鱼通办 OR 政服务务") == [
        "川鱼通办: did you mean 川渝通办 (5)?",
        "政服务务: did you mean 政务服务 (64)?",
    ]
    assert len(said(bundled, "川鱼通办 省内统办 一网统办 放管夫")) == 3


def test_an_answer_asks_nothing(bundled: engine.Index) -> None:
    assert said(bundled, "川渝通办") == said(bundled, "川渝通办 OR cytb") == []
    assert said(bundled, "川渝通办", filters=Filters(section=["没有"])) == []


def test_what_stands_in_headings_is_spelled_right(indexed: Indexed) -> None:
    index = indexed([item("a", "川鱼通办", section=["川渝通办"])])
    assert said(index, "川渝通办") == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("app", "ap", True), ("ap", "app", True), ("abc", "axc", True), ("abc", "acb", True),
        ("abc", "bca", False), ("app", "app", False), ("app", "apple", False), ("ab", "ba", True),
        ("abcd", "badc", False), ("", "a", True), ("", "", False),
    ],
)  # fmt: skip
def test_one_slip(one: str, other: str, expected: bool) -> None:
    assert is_one_slip(one, other) is is_one_slip(other, one) is expected
