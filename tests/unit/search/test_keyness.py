"""Which issues are held against which, and what is said where that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chabao.indexer.tokens import cut
from chabao.search import engine
from chabao.search.filters import Filters
from chabao.search.keyness import Keywords, Side, keywords
from chabao.search.query import Kind

TODAY = date(2026, 1, 1)
LATE = Filters(since=date(2023, 6, 1))


def numbers(side: Side | None) -> list[str | None]:
    return [issue.number for issue in side.issues] if side else []


def fatal(found: Keywords) -> list[Kind]:
    return [remark.kind for remark in found.notices if remark.fatal]


def test_against_dates_where_the_focus_is_dated(bundled: engine.Index) -> None:
    found = keywords(bundled, cut, LATE, "2023-02", today=TODAY)
    assert numbers(found.focus) == ["2023年第39期", "2025年第2期"]
    assert numbers(found.against) == ["2023年第3期"]


def test_against_days_covered_where_the_focus_is_a_period(bundled: engine.Index) -> None:
    found = keywords(bundled, cut, Filters(period=("2023-10",)), "2023-01", today=TODAY)
    assert numbers(found.focus) == ["2023年第39期"]
    assert "2023年第3期" in numbers(found.against)  # of February, about January


def test_all_other_issues_unless_said(bundled: engine.Index) -> None:
    found = keywords(bundled, cut, Filters(number=("39",)))
    assert numbers(found.focus) == ["2023年第39期"]
    assert len(numbers(found.against)) == 4
    assert found.focus and found.against
    assert found.focus.items + found.against.items == 78


def test_departments_hold_for_both_sides(bundled: engine.Index) -> None:
    narrow = Filters(since=LATE.since, department=("商务厅",))
    for against in ("..2023-05", None):
        found = keywords(bundled, cut, narrow, against, today=TODAY)
        whole = keywords(bundled, cut, LATE, against, today=TODAY)
        for few, many in ((found.focus, whole.focus), (found.against, whole.against)):
            assert few and many and 0 < few.items < many.items


def test_an_issue_is_not_held_against_itself(bundled: engine.Index) -> None:
    found = keywords(bundled, cut, Filters(since=date(2023, 2, 1)), "2023", today=TODAY)
    assert fatal(found) == [Kind.OVERLAP]
    assert "2023年第3期" in found.notices[-1].message
    assert found.rows == () and found.focus is None


@pytest.mark.parametrize(
    ("filters", "against", "kind"),
    [
        (Filters(), "2023", Kind.EMPTY),
        (Filters(department=("商务厅",)), None, Kind.EMPTY),
        (LATE, "改天", Kind.BAD_DATE),
        (LATE, "", Kind.BAD_DATE),
        (Filters(period=("改天",)), "2023", Kind.BAD_DATE),
    ],
)
def test_mistakes_are_said(
    bundled: engine.Index, filters: Filters, against: str | None, kind: Kind
) -> None:
    found = keywords(bundled, cut, filters, against, today=TODAY)
    assert fatal(found) == [kind]
    assert all(remark.message for remark in found.notices)
    assert found.rows == () and found.focus is None


def test_a_side_without_words_gives_no_rows(bundled: engine.Index) -> None:
    found = keywords(bundled, cut, LATE, "1999", today=TODAY)
    assert found.rows == () and not fatal(found)
    assert found.against and found.against.items == 0


def test_rows_go_from_what_is_said_more_to_what_is_said_less(bundled: engine.Index) -> None:
    rows = keywords(bundled, cut, LATE, "2023-01..2023-05", today=TODAY, least=3).rows
    signed = [row.more * row.g2 for row in rows]
    assert signed == sorted(signed, reverse=True)
    assert signed[0] > 0 > signed[-1]
    assert all(row.count + row.other_count >= 3 for row in rows)
    side = {1: {"2023年第39期", "2025年第2期"}, -1: {"2023年第2期", "2023年第3期"}}
    for row in rows:
        if row.more:
            assert row.example.item["number"] in side[row.more]


def record(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "schema": 1, "id": f"item{number:08}", "title": "月报", "number": f"2023年第{number}期",
        "serial": None, "date": f"2023-0{number}-08", "period": {"first": None, "last": None},
        "publisher": "", "section": [], "item": "", "department": [], "dates": [], "text": text,
        "source": f"{number}.txt", "line": 1, "page": None, "inferred": [], "lines": [[0, 1]],
    } | more  # fmt: skip


def test_what_both_say_as_much_is_neither_more_nor_less(
    indexed: Callable[..., engine.Index],
) -> None:
    index = indexed([record(1, "甲乙"), record(2, "甲乙甲乙")])
    rows = keywords(index, list, Filters(number=("1",)), all_words=True).rows
    assert [(row.word, row.more, row.g2, row.log_ratio) for row in rows] == [
        ("乙", 0, 0, 0),
        ("甲", 0, 0, 0),
    ]


def test_an_example_is_the_first_in_document_order(indexed: Callable[..., engine.Index]) -> None:
    index = indexed(
        [record(2, "甲丁", source="b.txt"), record(1, "甲丁", source="c.txt")],
        [record(1, "乙丁", source="a.txt", id="first")],
    )
    rows = keywords(index, list, Filters(number=("1",)), all_words=True).rows
    assert {row.word: row.example.item["source"] for row in rows} == {
        "甲": "b.txt",
        "乙": "a.txt",
        "丁": "a.txt",
    }
