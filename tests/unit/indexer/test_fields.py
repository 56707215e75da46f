"""The record of an item: schema 1."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from datetime import date

import pytest

from chabao.indexer import fields
from chabao.indexer.bulletin import Days, Issue, Item, Text

WEEK = Days(date(2023, 1, 2), date(2023, 1, 8))


def text(chars: str, start: int = 0) -> Text:
    return Text(chars, array("I", range(start, start + len(chars))))


def issue(**changes: object) -> Issue:
    items = (
        Item(("一、概况",), "（1）", text("甲乙丙丁"), ("商务厅",), (WEEK,), 1),
        Item(("一、概况",), "（1）", text("丙", 2), line=2),
        Item(("二、动态", "（一）工作"), "", text("丁", 3), line=2),
    )
    first = Issue(
        "a/b.txt", "窗口工作周报", "2023年第3期", 423, "政务中心", date(2023, 1, 10), WEEK, items,
        ("title",), array("I", [0, 2]),
    )  # fmt: skip
    return replace(first, **changes)  # type: ignore[arg-type]


def ids(found: Issue) -> list[str]:
    return [record["id"] for record in fields.records(found)]


def test_keys_stand_in_the_order_of_the_contract() -> None:
    (record, *_) = fields.records(issue())
    assert list(record) == [
        "schema", "id", "title", "number", "serial", "date", "period", "publisher", "section",
        "item", "department", "dates", "text", "source", "line", "page", "inferred", "lines",
    ]  # fmt: skip
    assert tuple(record) == fields.ORDER
    assert sorted(fields.ORDER) == sorted((*fields.ISSUE, *fields.OWN))
    assert json.loads(json.dumps(record)) == record
    assert record["period"] == {"first": "2023-01-02", "last": "2023-01-08"}
    assert record["dates"] == [{"first": "2023-01-02", "last": "2023-01-08"}]
    assert record["page"] is None and record["serial"] == 423


def test_the_unknown_is_null_and_the_period_an_object() -> None:
    (record, *_) = fields.records(Issue("x.txt", items=(Item((), "", text("甲")),)))
    assert record["period"] == {"first": None, "last": None}
    assert (record["title"], record["number"], record["date"]) == (None, None, None)
    assert fields.calendar(record) == (0, 0, 0)


def test_lines_say_where_each_line_of_the_source_begins() -> None:
    (first, second, _) = fields.records(issue())
    assert first["lines"] == [[0, 1], [2, 2]]
    assert second["lines"] == [[0, 2]]


def test_ids_differ_within_an_issue_and_look_alike() -> None:
    found = ids(issue())
    assert len(set(found)) == 3
    assert all(len(name) == 12 and name.isalnum() and name == name.lower() for name in found)


@pytest.mark.parametrize(
    "changes",
    [{"source": "moved/c.txt"}, {"title": None}, {"serial": None}, {"period": None}],
)
def test_ids_survive_a_moved_file_and_what_is_learned_later(changes: dict[str, object]) -> None:
    assert ids(issue(**changes)) == ids(issue())


def test_ids_survive_a_corrected_word() -> None:
    items = tuple(replace(item, text=text("改过的字")) for item in issue().items)
    assert ids(issue(items=items)) == ids(issue())


@pytest.mark.parametrize("changes", [{"number": "2023年第4期"}, {"publisher": "别处"}])
def test_other_issues_have_other_ids(changes: dict[str, object]) -> None:
    assert not set(ids(issue(**changes))) & set(ids(issue()))


def test_an_issue_without_number_goes_by_its_date_then_by_its_file() -> None:
    dated = issue(number=None)
    assert ids(dated) == ids(replace(dated, source="other.txt"))
    assert not set(ids(dated)) & set(ids(replace(dated, date=date(2024, 1, 1))))
    bare = issue(number=None, date=None)
    assert ids(bare) == ids(replace(bare, source="z/b.txt"))
    assert not set(ids(bare)) & set(ids(replace(bare, source="a/c.txt")))


def test_keywords_are_whole_terms() -> None:
    (_, _, record) = fields.records(issue())
    terms = list(fields.keywords(record))
    assert ("section", "二、动态\n（一）工作") in terms
    assert ("serial", "423") in terms and ("id", record["id"]) in terms
    assert "department" not in dict(terms)
    assert {name for name, _ in terms} <= set(fields.KEYWORDS)


def test_document_order_is_file_by_file_from_top_to_bottom() -> None:
    records = list(fields.records(issue())) + list(fields.records(issue(source="a/a.txt")))
    ordered = sorted(records, key=fields.document_order)
    places = [(record["source"], record["line"]) for record in ordered]
    assert places == sorted(places)
