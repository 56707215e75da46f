"""Trends hold against a plain scan, whatever the issues are like."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.engine import Index, open_index
from chabao.search.timeline import By, fitting, intervals
from chabao.search.trends import Filters, Split, Trend, trend

Record = dict[str, Any]
Indexed = Callable[..., Index]
CALENDAR = [By.MONTH, By.QUARTER, By.YEAR]


def record(at: int, text: str, **more: Any) -> Record:
    first, last = more.pop("period", (None, None))
    empty = {
        "schema": 1, "id": str(at), "title": "周报", "number": None, "serial": None, "date": None,
        "period": {"first": first, "last": last}, "publisher": "中心", "section": [], "item": "",
        "department": [], "dates": [], "text": text, "source": f"{at}.txt", "line": 1,
        "page": None, "inferred": [], "lines": [[0, 1]],
    }  # fmt: skip
    return empty | more


# What follows knows nothing of the program but the shape of a record.


def times(text: str, term: str) -> int:
    return sum(text.startswith(term, at) for at in range(len(text)))


def day_of(item: Record) -> date | None:
    """The middle of the days covered, else the date of issue."""
    first = item["period"]["first"] or item["date"]
    last = item["period"]["last"] or item["date"]
    if first is None:
        return None
    a, b = date.fromisoformat(first), date.fromisoformat(last)
    days = [a + timedelta(days=n) for n in range((b - a).days + 1)]
    return days[(len(days) - 1) // 2]


def label(day: date | None, by: By) -> str:
    if day is None:
        return "undated"
    return {
        By.MONTH: f"{day.year}-{day.month:02}",
        By.QUARTER: f"{day.year}Q{[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4][day.month - 1]}",
        By.YEAR: f"{day.year}",
    }[by]


def scanned(items: Iterable[Record], term: str, by: By) -> dict[str, tuple[int, int, int]]:
    """Mentions, characters and issues by the name of the period."""
    found: dict[str, list[Any]] = defaultdict(lambda: [0, 0, set()])
    for item in items:
        here = found[label(day_of(item), by)]
        here[0] += times(item["text"], term)
        here[1] += len(item["text"])
        here[2].add(item["number"] or item["date"] or item["source"])
    return {name: (said, size, len(names)) for name, (said, size, names) in found.items()}


def shown(found: Trend, at: int = 0) -> dict[str, tuple[int, int, int]]:
    """The same of a trend; what is a gap is none there."""
    counts = found.series[at].counts
    return {
        slot.label: (count, slot.characters or 0, len(slot.issues))
        for slot, count in zip(found.slots, counts, strict=True)
        if count is not None
    }


@st.composite
def corpora(draw: st.DrawFn) -> list[Record]:
    """A weekly with holes, some of its issues without period, date or serial."""
    found: list[Record] = []
    texts = st.text("川渝通办，", max_size=12)
    names = st.lists(st.sampled_from(["公安厅", "司法厅"]), unique=True)
    headings = st.sampled_from([[], ["一、动态"], ["二、动态", "（一）通办"], ["三、通办"]])
    for number in sorted(draw(st.sets(st.integers(0, 70), min_size=1, max_size=9))):
        first = date(2022, 12, 19) + timedelta(weeks=number, days=draw(st.integers(0, 2)))
        last = first + timedelta(days=draw(st.sampled_from([0, 4, 11, 40])))
        known = draw(st.sampled_from(["period", "date", "both", "none"]))
        issue = {
            "number": f"2023年第{number + 1}期",
            "serial": draw(st.sampled_from([number + 400, None])),
            "date": (last + timedelta(days=9)).isoformat() if known in ("date", "both") else None,
            "period": (first.isoformat(), last.isoformat()) if known in ("period", "both") else (
                None, None
            ),
            "source": f"{number}.txt",
        }  # fmt: skip
        for line in range(1, draw(st.integers(1, 3)) + 1):
            at = len(found)
            own = {"department": draw(names), "section": draw(headings), "line": line}
            found.append(record(at, draw(texts) + "。", **issue, **own))
    return found


@settings(max_examples=40)
@given(corpora(), st.sampled_from(CALENDAR), st.sampled_from(["通办", "川", "渝渝"]))
def test_every_number_is_that_of_a_plain_scan(items: list[Record], by: By, term: str) -> None:
    with tempfile.TemporaryDirectory() as folder, WhooshSink(Path(folder)) as sink:
        sink.add(items)
        sink.commit()
        with open_index(Path(folder)) as index:
            found = trend(index, [term], by=by)
            assert shown(found) == scanned(items, term, by)
            assert found.mentions == sum(times(item["text"], term) for item in items)
            assert {issue.key for issue in found.issues} == {
                (item["publisher"], item["title"], item["number"]) for item in items
            }
            each = trend(index, [term], by=By.ISSUE)
            assert each.series[0].total == found.mentions
            is_whole_axis(found, items, by)
            is_split(index, items, term, by)
            since = date(2023, 3, 1)
            part = trend(index, [term], by=by, filters=Filters(since=since, department=["公安厅"]))
            late = [item for item in items if item["date"] and item["date"] >= since.isoformat()]
            own = [item for item in late if "公安厅" in item["department"]]
            sizes = {name: cells[1:] for name, cells in scanned(late, term, by).items()}
            assert {name: cells[1:] for name, cells in shown(part).items()} == sizes
            assert part.mentions == sum(times(item["text"], term) for item in own)
        index.segments = ()


def is_whole_axis(found: Trend, items: list[Record], by: By) -> None:
    """No period between the first and the last is left out; those without an issue are gaps. Every
    hole in the numbers is missing once, whether serials tell of it or numbers."""
    numbers = {int(item["number"][6:-1]) for item in items}
    holes = max(numbers) - min(numbers) + 1 - len(numbers)
    assert sum(slot.missing for slot in found.slots) == holes
    assert found.doubtful == ()
    known = [day for item in items if (day := day_of(item))]
    if not known:
        assert [slot.label for slot in found.slots] == ["undated"]
        return
    walked = [min(known) + timedelta(days=n) for n in range((max(known) - min(known)).days + 1)]
    expected = list(dict.fromkeys(label(day, by) for day in walked))
    assert [slot.label for slot in found.slots if not slot.undated] == expected
    filled = {label(day, by) for day in known}
    for slot, count in zip(found.slots, found.series[0].counts, strict=True):
        if not slot.undated:
            assert (count is None) == (slot.label not in filled) == slot.gap


def is_split(index: Index, items: list[Record], term: str, by: By) -> None:
    named = trend(index, [term], by=by, split=Split.DEPARTMENT)
    for at, series in enumerate(named.series):
        own = [
            item for item in items
            if (series.part in item["department"] if series.part else not item["department"])
        ]  # fmt: skip
        assert series.total == sum(times(item["text"], term) for item in own) > 0
        counts = {name: cells[0] for name, cells in shown(named, at).items() if cells[0]}
        expected = {name: cells[0] for name, cells in scanned(own, term, by).items() if cells[0]}
        assert counts == expected
    headed = trend(index, [term], by=by, split=Split.SECTION)
    totals: dict[str, int] = defaultdict(int)
    for item in items:
        name = "通办" if any("通办" in heading for heading in item["section"]) else "动态"
        totals[name if item["section"] else ""] += times(item["text"], term)
    assert {each.part: each.total for each in headed.series} == {
        name: total for name, total in totals.items() if total
    }


def test_a_rate_is_mentions_by_ten_thousand_characters_of_whole_issues(indexed: Indexed) -> None:
    month = {"number": "2023年第1期", "period": ("2023-01-02", "2023-01-06")}
    index = indexed([
        record(0, "通办" + "字" * 98, department=["公安厅"], **month),
        record(1, "字" * 300, **month),
    ])  # fmt: skip
    for filters in (Filters(), Filters(department=["公安厅"])):
        found = trend(index, ["通办"], by=By.MONTH, filters=filters)
        assert found.rates(found.series[0]) == (25.0,)
    (row,) = found.rows()
    assert row == {
        "period": "2023-01", "first": "2023-01-01", "last": "2023-01-31", "term": "通办",
        "mentions": 1, "per_10000": 25.0, "characters": 400, "issues": 1, "missing": 0,
    }  # fmt: skip
    assert tuple(row) == found.columns


def test_a_zero_is_no_gap_and_a_gap_no_zero(indexed: Indexed) -> None:
    index = indexed([
        record(0, "通办", serial=423, period=("2023-01-02", "2023-01-06")),
        record(1, "无", serial=425, period=("2023-01-16", "2023-01-20")),
        record(2, "通办", serial=426, period=("2023-04-03", "2023-04-07")),
    ])  # fmt: skip
    months = trend(index, ["通办"], by=By.MONTH)
    assert [slot.label for slot in months.slots] == ["2023-01", "2023-02", "2023-03", "2023-04"]
    assert months.series[0].counts == (1, None, None, 1)
    assert [slot.missing for slot in months.slots] == [1, 0, 0, 0]
    each = trend(index, ["通办"], by=By.ISSUE)
    assert [slot.label for slot in each.slots] == ["总423期", "总424期", "总425期", "总426期"]
    assert each.series[0].counts == (1, None, 0, 1)
    assert each.rates(each.series[0])[1] is None


def test_an_issue_of_two_months_counts_where_most_of_its_days_are(indexed: Indexed) -> None:
    index = indexed([
        record(0, "通办", period=("2023-01-30", "2023-02-03")),
        record(1, "通办", period=("2023-03-29", "2023-04-01")),
        record(2, "通办", period=("2023-05-31", "2023-06-01")),
    ])  # fmt: skip
    found = trend(index, ["通办"], by=By.MONTH)
    assert found.series[0].counts == (1, 1, None, 1)
    assert [slot.label for slot in found.slots] == ["2023-02", "2023-03", "2023-04", "2023-05"]
    assert found.crossing == 3
    assert trend(index, ["通办"], by=By.YEAR).crossing == 0


def test_what_has_no_date_counts_apart_and_last(indexed: Indexed) -> None:
    index = indexed([record(0, "通办通办"), record(1, "通办", date="2023-01-05")])
    for by, labels in ((By.MONTH, ["2023-01", "undated"]), (By.ISSUE, ["2023-01-05", "0.txt"])):
        found = trend(index, ["通办"], by=by)
        assert [slot.label for slot in found.slots] == labels
        assert [slot.undated for slot in found.slots] == [False, True]
        assert found.series[0].counts == (1, 2)


def test_only_what_was_asked_for_is_on_the_axis(indexed: Indexed) -> None:
    days = [f"2023-0{month}-10" for month in (1, 2, 5, 6)]
    index = indexed([
        record(at, "通办", serial=at, number=f"2023年第{at}期", date=day, period=(day, day))
        for at, day in enumerate(days, 1)
    ])  # fmt: skip
    both = trend(index, ["通办"], by=By.MONTH, filters=Filters(period=["2023-01", "2023-06"]))
    assert [slot.label for slot in both.slots] == ["2023-01", "2023-06"]
    named = trend(index, ["通办"], by=By.MONTH, filters=Filters(number=["1", "3"]))
    assert [slot.label for slot in named.slots] == ["2023-01", "2023-05"]
    late = trend(index, ["通办"], by=By.MONTH, filters=Filters(since=date(2023, 2, 1)))
    assert [slot.label for slot in late.slots] == ["2023-02", "2023-03", "2023-04", "2023-05",
                                                   "2023-06"]  # fmt: skip
    assert late.series[0].counts == (1, None, None, 1, 1)


def test_issues_of_one_name_are_told_apart(indexed: Indexed) -> None:
    same = {"number": "2025年第2期", "date": "2025-03-01"}
    index = indexed([
        record(0, "通办", **same), record(1, "通办通办", title="月报", **same),
        record(2, "无", title="月报", publisher="别处", **same),
    ])  # fmt: skip
    found = trend(index, ["通办"], by=By.ISSUE)
    counts = {slot.label: n for slot, n in zip(found.slots, found.series[0].counts, strict=True)}
    assert counts == {
        "周报 2025年第2期": 1, "中心 月报 2025年第2期": 2, "别处 月报 2025年第2期": 0,
    }  # fmt: skip


def test_terms_are_series_in_their_order_and_each_once(bundled: Index) -> None:
    found = trend(bundled, ["一网通办", "川渝通办", "一网通办"], by=By.YEAR)
    assert [(each.term, each.counts) for each in found.series] == [
        ("一网通办", (2, 2, None, 1)), ("川渝通办", (1, 3, None, 1)),
    ]  # fmt: skip
    assert [slot.missing for slot in found.slots] == [24, 36, 0, 0]


def test_a_mistake_in_one_term_is_said_and_nothing_counted(bundled: Index) -> None:
    found = trend(bundled, ["通办", ""])
    assert found.fatal
    assert (found.slots, found.series) == ((), ())
    assert trend(bundled, ["通办"], filters=Filters(period=["昨夜"])).fatal


def test_no_issue_passes(bundled: Index) -> None:
    found = trend(bundled, ["通办"], filters=Filters(period=["1999"]))
    assert (found.slots, found.mentions, found.fatal) == ((), 0, False)


@pytest.mark.parametrize(
    ("last", "by"),
    [
        ("2023-03-31", By.ISSUE), ("2023-04-01", By.MONTH), ("2025-12-31", By.MONTH),
        ("2026-01-01", By.QUARTER), ("2034-12-31", By.QUARTER), ("2035-01-01", By.YEAR),
    ],
)  # fmt: skip
def test_the_step_suits_the_days(last: str, by: By) -> None:
    assert fitting(date(2023, 1, 1), date.fromisoformat(last)) is by


@settings(max_examples=60)
@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 3000), st.sampled_from(CALENDAR))
def test_intervals_share_out_the_days(first: date, length: int, by: By) -> None:
    last = first + timedelta(days=length)
    found = list(intervals(first, last, by))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    for before, after in pairwise(found):
        assert before.last + timedelta(days=1) == after.first
    assert [each.label for each in found] == sorted({each.label for each in found})
