"""The mention table: every place a plain scan finds, a row each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from chabao.indexer.bundled import bundled_index
from chabao.indexer.folding import fold
from chabao.search import mentions as table
from chabao.search.engine import Index, open_index
from chabao.search.issues import issues
from chabao.search.mentions import matches, mentions
from chabao.search.query import Kind
from chabao.search.regex import Expression


@pytest.fixture
def index() -> Iterator[Index]:
    with open_index(bundled_index()) as opened:
        yield opened


@pytest.mark.parametrize("text", ["川渝通办", "办理", "一网通办", "的"])
def test_the_rows_are_the_places_of_a_scan(index: Index, text: str) -> None:
    scanned = {
        (record["id"], at)
        for record in index.records()
        for at in range(len(record["text"]))
        if fold(record["text"]).startswith(fold(text), at)
    }
    rows = mentions(index, text).rows
    assert {(row.item["id"], row.start) for row in rows} == scanned
    assert len(rows) == len(scanned)
    assert all(fold(row.text) == fold(text) for row in rows)


def test_rows_stand_in_document_order(index: Index) -> None:
    rows = mentions(index, "通办 OR 办理").rows
    places = [(row.item["source"], row.item["line"], row.start, row.end) for row in rows]
    assert places == sorted(places)


def test_a_mistake_gives_no_rows_and_says_why(index: Index) -> None:
    found = mentions(index, "")
    assert found.rows == ()
    assert any(remark.fatal for remark in found.query.diagnostics)


def test_issues_share_out_all_items_and_characters(index: Index) -> None:
    records = list(index.records())
    found = issues(index)
    assert len(found) == 5
    assert sum(issue.items for issue in found) == len(records)
    assert sum(issue.characters for issue in found) == sum(len(r["text"]) for r in records)
    assert [issue.date for issue in found] == sorted(issue.date for issue in found)


def test_a_pattern_that_needs_no_character_is_refused_where_there_is_much_to_read(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        matches(index, Expression("(?:办理)*")).rows == matches(index, Expression("(?:办理)+")).rows
    )
    monkeypatch.setattr(table, "IDLE", 1_000)
    assert matches(index, Expression("(?:办理)+")).rows
    refused = matches(index, Expression("(?:办理)*"))
    assert (refused.rows, refused.query.node) == ((), None)
    assert [remark.kind for remark in refused.query.diagnostics] == [Kind.TOO_COSTLY]


def test_a_large_pattern_that_takes_too_long_is_refused_and_a_small_one_never(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, small = Expression("办.{0,100}理"), Expression("办.{0,10}理")
    assert matches(index, large).rows
    clock = count()
    monkeypatch.setattr(table, "thread_time", lambda: float(next(clock)))
    refused = matches(index, large)
    assert (refused.rows, refused.query.node) == ((), None)
    assert [remark.kind for remark in refused.query.diagnostics] == [Kind.TOO_COSTLY]
    assert matches(index, small).rows


def test_a_large_pattern_may_take_longer_where_more_is_read(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count()
    monkeypatch.setattr(table, "thread_time", lambda: float(next(clock)))
    monkeypatch.setattr(table, "FOR_EACH", 1.0)
    assert matches(index, Expression("办.{0,100}理")).rows
