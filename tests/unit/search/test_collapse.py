"""Hits of which one is shown for those alike; what is counted stays the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chabao.search import engine, refusals
from chabao.search.engine import Mode, Sort
from chabao.search.query import Kind


@pytest.mark.parametrize("line", ["大厅", "总体情况良好", "窗口 OR 通办", "部门:公安厅"])
@pytest.mark.parametrize("sort", list(Sort))
def test_the_first_of_each_group_stays_where_it_was(
    bundled: engine.Index, line: str, sort: Sort
) -> None:
    plain = engine.search(bundled, line, sort=sort, limit=None)
    found = engine.search(bundled, line, sort=sort, limit=None, collapse=True)
    assert (found.total, found.mentions) == (plain.total, plain.mentions)
    assert found.different == len(found.hits)
    assert sum(hit.stands_for or 0 for hit in found.hits) == plain.total
    order = [hit.item["id"] for hit in plain.hits]
    kept = [hit.item["id"] for hit in found.hits]
    assert kept == [each for each in order if each in set(kept)]
    assert [hit.rank for hit in found.hits] == list(range(1, len(kept) + 1))
    shown = {hit.item["id"]: hit for hit in plain.hits}
    for hit in found.hits:
        same = shown[hit.item["id"]]
        assert (hit.score, hit.mentions, hit.snippets) == (same.score, same.mentions, same.snippets)
    assert all(hit.stands_for is None for hit in plain.hits) and plain.different is None


def test_the_newest_of_five_paragraphs_in_three_issues(bundled: engine.Index) -> None:
    found = engine.search(bundled, "总体情况良好", sort=Sort.DATE, collapse=True)
    assert [(hit.stands_for, hit.item["date"]) for hit in found.hits] == [(3, "2023-02-08")] * 5
    few = engine.search(bundled, "总体情况良好", sort=Sort.DATE, collapse=True, limit=2)
    assert [hit.item["id"] for hit in few.hits] == [hit.item["id"] for hit in found.hits[:2]]
    assert (few.total, few.different, few.hits[0].stands_for) == (15, 5, 3)


def test_related_items_and_none(bundled: engine.Index) -> None:
    related = engine.search(bundled, "如何防控大厅", mode=Mode.RELATED, collapse=True, limit=None)
    assert not related.exact and (related.different or 0) < related.total
    assert sum(hit.stands_for or 0 for hit in related.hits) == related.total
    none = engine.search(bundled, "没有这个词", mode=Mode.EXACT, collapse=True)
    assert (none.different, none.hits) == (0, ())
    counted = engine.search(bundled, "大厅", collapse=True, limit=0)
    assert (counted.hits, counted.total) == ((), 17) and counted.different


def test_a_search_loads_nothing_of_it_unasked() -> None:
    script = (
        "import sys; from chabao.search import engine;"
        "print([name for name in sys.modules if name in"
        "('chabao.search.alike', 'chabao.search.reprints', 'rapidfuzz')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ran.stdout == "[]\n", ran.stderr


def test_too_many_are_not_compared(bundled: engine.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "COMPARED", 3)
    found = engine.search(bundled, "川渝通办", collapse=True)
    (remark,) = found.notices
    assert (remark.kind, remark.fatal, found.hits) == (Kind.TOO_COSTLY, True, ())
    assert "4 items" in remark.message
    assert engine.search(bundled, "川渝通办").total == 4
