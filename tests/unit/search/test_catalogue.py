"""Browsing: an item with its neighbours, names and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chabao.search import engine
from chabao.search.catalogue import fields, show
from chabao.search.errors import UnknownItem


def test_an_item_stands_between_its_neighbours(bundled: engine.Index) -> None:
    records = list(engine.export(bundled))
    for before, record, after in zip([None, *records], records, [*records[1:], None], strict=False):
        shown = show(bundled, record["id"])
        same = [r and r["source"] == record["source"] for r in (before, after)]
        assert shown.item == record
        assert (shown.before, shown.after) == (
            before if same[0] else None,
            after if same[1] else None,
        )


def test_the_address_of_a_passage_is_its_items(bundled: engine.Index) -> None:
    record = next(engine.export(bundled))
    assert show(bundled, f" {record['id'].upper()}@12").item == record


@pytest.mark.parametrize("address", ["", "nosuchitem", "@3", "川渝", "\ud800"])
def test_what_is_no_item_is_refused(bundled: engine.Index, address: str) -> None:
    with pytest.raises(UnknownItem):
        show(bundled, address)


def test_counts_are_those_of_the_records(bundled: engine.Index) -> None:
    records, found = list(engine.export(bundled)), fields(bundled)
    assert found.items == len(records) == sum(row[3] for row in found.issues)
    assert len(found.issues) == 5
    assert [row[2] for row in found.issues] == sorted(str(row[2]) for row in found.issues)
    for name, count in found.departments.items():
        assert count == sum(name in record["department"] for record in records)
    paths = Counter(tuple(record["section"]) for record in records if record["section"])
    assert sorted(found.sections.values()) == sorted(paths.values())
    for path in paths:
        assert any(all(heading in said for heading in path) for said in found.sections)
    assert list(found.departments.values()) == sorted(found.departments.values(), reverse=True)


def test_what_was_taken_out_is_not_shown(
    indexed: Callable[..., engine.Index], tmp_path: Any
) -> None:
    from chabao.indexer.sinks.whoosh_ import WhooshSink

    base = dict.fromkeys(
        ("title", "number", "serial", "date", "publisher", "page"), None
    ) | {
        "schema": 1, "period": {"first": None, "last": None}, "section": ["一"], "item": "",
        "department": ["商务厅"], "dates": [], "text": "甲", "line": 1, "inferred": [],
        "lines": [[0, 1]],
    }  # fmt: skip
    indexed([base | {"id": name, "source": name} for name in "abc"])
    with WhooshSink(tmp_path) as sink:
        sink.remove("b")
        sink.commit()
    with engine.open_index(tmp_path) as index:
        assert (fields(index).departments, fields(index).items) == ({"商务厅": 2}, 2)
        with pytest.raises(UnknownItem):
            show(index, "b")
