"""An issue read whole, with mentions in it, against a plain scan."""

from __future__ import annotations

from typing import Any

import pytest

from chabao.search import engine, reading
from chabao.search.addresses import address
from chabao.search.errors import GoneItem, UnknownItem
from chabao.search.issues import issues
from chabao.search.query import Span


def test_it_holds_every_item_of_the_issue(bundled: engine.Index) -> None:
    records = list(engine.export(bundled))
    for record in records[::7]:
        found = reading.reading(bundled, record["id"])
        assert list(found.items) == [r for r in records if r["source"] == record["source"]]
        assert found.shown.item == record
        assert (found.before, found.after, found.passage) == (0, 0, None)


@pytest.mark.parametrize("query", ["窗口", "办", "川渝通办"])
def test_mentions_are_where_a_scan_finds_them(query: str, bundled: engine.Index) -> None:
    for record in list(engine.export(bundled))[::9]:
        found = reading.reading(bundled, record["id"], query)
        for item in found.items:
            text = item["text"]
            places = [
                Span(at, at + len(query)) for at in range(len(text)) if text.startswith(query, at)
            ]
            assert list(found.mentions.get(item["id"], ())) == places


def test_a_passage_is_where_its_address_says(bundled: engine.Index) -> None:
    record = next(iter(engine.export(bundled)))
    named = str(address(record["id"], record["text"], 3, 9))
    assert reading.reading(bundled, named).passage == Span(3, 9)
    assert reading.reading(bundled, f"{record['id']}@3+6~aaaaaaaa").passage is None


def test_what_is_not_there_is_an_error(bundled: engine.Index) -> None:
    with pytest.raises(UnknownItem):
        reading.reading(bundled, "aaaaaaaaaaaa")
    with pytest.raises(GoneItem):
        reading.reading(bundled, "aaaaaaaaaaaa@1+2")


def test_a_query_with_a_mistake_marks_nothing(bundled: engine.Index) -> None:
    record = next(iter(engine.export(bundled)))
    assert not reading.reading(bundled, record["id"], "日期:8日").mentions


def test_of_a_long_issue_it_holds_what_is_about_the_item(
    bundled: engine.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 4)
    first: dict[str, Any] = next(iter(engine.export(bundled)))
    issue = [r for r in engine.export(bundled) if r["source"] == first["source"]]
    for at, record in enumerate(issue):
        found = reading.reading(bundled, record["id"])
        assert len(found.items) == 4
        assert record in found.items
        assert found.before + 4 + found.after == len(issue)
        assert list(found.items) == issue[found.before : found.before + 4]
        assert found.before <= at


def test_an_issue_knows_its_first_item(bundled: engine.Index) -> None:
    first: dict[str, str] = {}
    for record in engine.export(bundled):
        first.setdefault(record["source"], record["id"])
    assert {issue.source: issue.opening for issue in issues(bundled)} == first
    assert issues(bundled) is issues(bundled)
