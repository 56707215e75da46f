"""Tables of terms by period, and the lists that terms come from."""

from __future__ import annotations

import pytest

from chabao.search import alternatives
from chabao.search import mentions as table
from chabao.search.backends.parts import costs
from chabao.search.concordance import concordance
from chabao.search.engine import Index
from chabao.search.filters import Filters
from chabao.search.mentions import mentions
from chabao.search.query import Kind
from chabao.search.tallies import By, listed, tally
from chabao.search.trends import trend


@pytest.mark.parametrize("by", By)
def test_counts_are_those_of_the_trend_of_each_term(bundled: Index, by: By) -> None:
    terms = ["川渝通办", "办理", "没有这个词儿"]
    found, series = tally(bundled, terms, by=by), trend(bundled, terms, by=by)
    slots = {slot.label: at for at, slot in enumerate(series.slots) if not slot.gap}
    assert list(found.periods) == list(slots)
    for row, one in zip(found.rows, series.series, strict=True):
        assert row.counts == tuple(one.counts[at] for at in slots.values())
        assert row.mentions == sum(row.counts) == len(mentions(bundled, row.term).rows)
    assert found.totals == tuple(map(sum, zip(*(row.counts for row in found.rows), strict=True)))


def test_a_term_without_mentions_keeps_its_row(bundled: Index) -> None:
    found = tally(bundled, ["没有这个词儿"])
    (row,) = found.rows
    assert found.periods == ("2022", "2023", "2025") and row.counts == (0, 0, 0)
    assert (row.mentions, row.items, row.issues, found.mentions) == (0, 0, 0, 0)


def test_only_issues_that_the_filters_leave_are_periods(bundled: Index) -> None:
    found = tally(bundled, ["办理"], filters=Filters(number=("2023年第3期",)), by=By.ISSUE)
    assert found.periods == ("2023年第3期",)
    none = tally(bundled, ["办理"], filters=Filters(number=("2099年第3期",)))
    assert none.periods == () and none.mentions == 0 and not none.fatal
    assert tally(bundled, ["办理"], filters=Filters(period=("no day",))).fatal
    assert tally(bundled, ["办理", ""]).fatal


def test_terms_may_together_read_no_more_than_one(
    bundled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = ["川渝通办", "办理", "受理"]
    nodes = [mentions(bundled, term).query.node for term in terms]
    whole = sum(sum(costs(bundled, node)) for node in nodes if node)
    monkeypatch.setattr(table, "COSTLIEST", whole)
    assert tally(bundled, terms).mentions and concordance(bundled, terms).lines
    monkeypatch.setattr(table, "COSTLIEST", whole - 1)
    assert not any(mentions(bundled, term).query.node is None for term in terms)
    for found in (tally(bundled, terms), concordance(bundled, terms)):
        assert found.fatal
        (said,) = [each for query in found.queries for each in query.diagnostics if each.fatal]
        assert said.kind is Kind.TOO_COSTLY and said.hint


def test_nothing_is_read_where_a_term_cannot_be(
    bundled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alternatives, "mentions_of", None)  # what reads
    found = tally(bundled, ["办理", "长" * 2_001, "川?" * 20])
    assert found.fatal and [query.node is None for query in found.queries] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("川渝通办\r\n省内通办\n", ("川渝通办", "省内通办")),
        ("# 通办\n 川渝通办  # 两地\n\n  #\n\u3000省内通办\t\n川渝通办", ("川渝通办", "省内通办")),
        ("C#语言\n第#3号", ("C#语言", "第#3号")),
        ("#\n \n", ()),
        ("", ()),
    ],
)
def test_a_list_has_a_term_a_line(text: str, terms: tuple[str, ...]) -> None:
    assert listed(text) == terms
