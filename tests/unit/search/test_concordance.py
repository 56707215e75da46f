"""Concordances: their order, what is one mention, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from records import item

from chabao.indexer.folding import fold
from chabao.search import engine
from chabao.search import mentions as table
from chabao.search.addresses import parse
from chabao.search.arrangement import alphabetical
from chabao.search.catalogue import show
from chabao.search.concordance import Sort, concordance
from chabao.search.filters import Filters
from chabao.search.query import Kind
from chabao.search.tallies import tally

Indexed = Callable[..., engine.Index]


def texts(found: Any) -> list[str]:
    return [f"{line.left}|{line.text}|{line.right}" for line in found.lines]


def test_lines_stand_by_date_and_unknown_dates_last(indexed: Indexed) -> None:
    index = indexed(
        [item("a", "办", date=None), item("b", "办", date="2023-03-01")],
        [item("c", "一办二办", date="2022-12-31")],
    )
    lines = concordance(index, ["办"]).lines
    assert [(line.id, line.start) for line in lines] == [("c", 1), ("c", 3), ("b", 0), ("a", 0)]


def test_the_left_context_sorts_from_the_term_outwards(indexed: Indexed) -> None:
    index = indexed(
        [item("a", "丙甲办"), item("b", "甲乙办"), item("c", "乙甲办"), item("d", "办")]
    )
    ids = [line.id for line in concordance(index, ["办"], sort=Sort.LEFT).lines]
    # by sound: jia before yi; of the two jia, the one before decides: bing before yi
    assert ids == ["d", "a", "c", "b"]


def test_the_right_context_sorts_by_sound_after_signs_and_letters(indexed: Indexed) -> None:
    index = indexed([item(name, f"办{name}") for name in ("在", "啊", "，", "A", "9", "不")])
    ids = [line.id for line in concordance(index, ["办"], sort=Sort.RIGHT).lines]
    assert ids == ["，", "9", "A", "啊", "不", "在"]
    assert sorted("阿波次得", key=alphabetical) == list("阿波次得")


def test_lines_of_one_department_stand_together(indexed: Indexed) -> None:
    index = indexed(
        [
            item("a", "办", department=["商务厅"]), item("b", "办"),
            item("c", "办", department=["财政厅", "商务厅"]),
            item("d", "办", department=["商务厅"]),
        ]
    )  # fmt: skip
    lines = concordance(index, ["办"], sort=Sort.DEPARTMENT).lines
    assert [line.id for line in lines] == ["c", "a", "d", "b"]


def test_contexts_have_so_many_characters_and_end_with_the_item(indexed: Indexed) -> None:
    index = indexed([item("a", "一二三川渝通办四五六")])
    assert texts(concordance(index, ["川渝通办"], context=2)) == ["二三|川渝通办|四五"]
    assert texts(concordance(index, ["川渝通办"], context=0)) == ["|川渝通办|"]
    assert texts(concordance(index, ["川渝通办"])) == ["一二三|川渝通办|四五六"]


def test_one_place_is_one_mention_with_every_term_that_stands_there(indexed: Indexed) -> None:
    index = indexed([item("a", "省内通办，通办")])
    found = concordance(index, ["通办", "通辦", "省?通办", "内通", "通办"])
    assert [(line.text, line.terms) for line in found.lines] == [
        ("省内通办", ("省?通办",)), ("内通", ("内通",)), ("通办", ("通办", "通辦")),
        ("通办", ("通办", "通辦")),
    ]  # fmt: skip
    assert found.counts.mentions == 4
    assert {term: counts.mentions for term, counts in found.by_term.items()} == {
        "通办": 2, "通辦": 2, "省?通办": 1, "内通": 1,
    }  # fmt: skip


def test_literal_mentions_overlap(indexed: Indexed) -> None:
    found = concordance(indexed([item("a", "办办办")]), ["办办"])
    assert [(line.start, line.end) for line in found.lines] == [(0, 2), (1, 3)]


def test_counts_are_of_everything_whatever_the_limit(bundled: engine.Index) -> None:
    whole, some = concordance(bundled, ["办"]), concordance(bundled, ["办"], limit=3)
    assert some.lines == whole.lines[:3]
    assert some.counts == whole.counts and whole.counts.mentions == len(whole.lines) > 100
    assert concordance(bundled, ["办"], limit=None).lines == whole.lines


def test_an_address_finds_its_passage(bundled: engine.Index) -> None:
    for line in Random(1).sample(concordance(bundled, ["办理"]).lines, 5):
        assert parse(line.address)
        shown = show(bundled, line.address)
        assert shown.passage and shown.item["id"] == line.id
        assert (shown.passage.start, shown.passage.end) == (line.start, line.end)
        assert shown.item["text"][line.start : line.end] == line.text
        bounds = [start for start, number in shown.item["lines"] if number == line.line]
        assert bounds and bounds[0] <= line.start


def test_filters_hold_for_terms_and_for_patterns(bundled: engine.Index) -> None:
    pytest.importorskip("re2")
    filters = Filters(department=("商务厅",))
    terms = concordance(bundled, ["办"], filters=filters)
    patterns = concordance(bundled, ["办"], filters=filters, regex=True)
    assert {line.address for line in terms.lines} == {line.address for line in patterns.lines}
    assert terms.lines and all("商务厅" in line.department for line in terms.lines)
    assert terms.counts.mentions < concordance(bundled, ["办"]).counts.mentions


def test_a_term_that_cannot_be_read_is_a_remark_and_nothing_is_counted(
    bundled: engine.Index,
) -> None:
    pytest.importorskip("re2")
    found = concordance(bundled, ["办", "(办"], regex=True)
    assert found.fatal and not found.lines and found.counts.mentions == 0
    (remark,) = found.queries[1].diagnostics
    assert (remark.kind, remark.span.start, remark.span.end) == (Kind.BAD_PATTERN, 0, 2)
    assert concordance(bundled, [""]).fatal
    wrong = Filters(period=("no day",))
    assert concordance(bundled, ["办"], filters=wrong).fatal
    assert concordance(bundled, ["办"], filters=wrong, regex=True).fatal


def test_what_is_mentioned_nowhere_is_said_why(bundled: engine.Index) -> None:
    def kinds(term: str, **asked: Any) -> set[Kind]:
        found = concordance(bundled, [term], **asked)
        assert not found.fatal and found.counts.mentions == 0 and fold(term)
        return {remark.kind for remark in found.queries[0].diagnostics}

    assert Kind.NO_TEXT in kinds("部门:商务厅")
    assert Kind.NEAREST in kinds("没有这个词儿")
    assert Kind.EMPTIED_BY_FILTER in kinds("办理", filters=Filters(number=("2099年第1期",)))


def test_a_table_that_would_be_too_long_is_refused_and_not_cut(
    bundled: engine.Index, kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("re2")
    size = concordance(bundled, ["办"]).counts.mentions
    monkeypatch.setattr(table, "MOST", size)
    assert concordance(bundled, ["办"]).counts.mentions == size
    assert concordance(bundled, ["办"], regex=True).counts.mentions == size
    monkeypatch.setattr(table, "MOST", size - 1)
    for regex in (False, True):
        found = concordance(bundled, ["办"], regex=regex)
        assert found.fatal and found.queries[0].diagnostics[0].kind is Kind.TOO_COSTLY
    together = concordance(bundled, ["办结", "受理"]).counts.mentions
    monkeypatch.setattr(table, "MOST", together - 1)
    assert concordance(bundled, ["办结", "受理"]).fatal
    assert tally(bundled, ["办结", "受理"]).mentions == together  # one table after the other
    monkeypatch.setattr(table, "COSTLIEST", 1)
    assert concordance(bundled, ["川渝通办"]).fatal
