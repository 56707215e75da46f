"""Counts that a search can be narrowed by, against a plain scan."""

from __future__ import annotations

from collections import Counter

import pytest

from chabao.indexer.folding import fold
from chabao.search import engine
from chabao.search.facets import unnumbered
from chabao.search.results import Facet

pytestmark = pytest.mark.usefixtures("kernel")
QUERIES = ("窗口", "川渝通办", "办 -窗口", "部门:文旅厅", "鼋鼍")


def facet(index: engine.Index, query: str) -> tuple[Facet | None, list[engine.Any]]:
    found = engine.search(index, query, limit=None, facets=True, mode=engine.Mode.EXACT)
    return found.facet, [hit.item for hit in found.hits]


@pytest.mark.parametrize("query", QUERIES)
def test_years_numbers_and_departments(query: str, bundled: engine.Index) -> None:
    counted, items = facet(bundled, query)
    assert counted is not None
    assert counted.dated == Counter((item["date"] or "")[:4] for item in items)
    assert counted.numbers == Counter(item["number"] for item in items)
    assert counted.by_department == Counter(name for item in items for name in item["department"])


@pytest.mark.parametrize("query", QUERIES)
def test_sections_count_what_has_their_words_above_it(query: str, bundled: engine.Index) -> None:
    counted, items = facet(bundled, query)
    assert counted is not None
    firsts = {fold(unnumbered(item["section"][0])) for item in items if item["section"]}
    assert {fold(name) for name in counted.sections} == firsts
    for name, count in counted.sections.items():
        above = [any(fold(name) in fold(each) for each in item["section"]) for item in items]
        assert count == sum(above)


def test_most_items_come_first(bundled: engine.Index) -> None:
    counted, _ = facet(bundled, "窗口")
    assert counted is not None
    assert list(counted.sections.values()) == sorted(counted.sections.values(), reverse=True)
    assert len(counted.sections) > 3


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("二、窗口工作动态", "窗口工作动态"),
        ("（一）开展情况", "开展情况"),
        ("一、", "一、"),
        ("", ""),
        ("动态", "动态"),
    ],
)
def test_a_heading_without_its_number(heading: str, said: str) -> None:
    assert unnumbered(heading) == said
