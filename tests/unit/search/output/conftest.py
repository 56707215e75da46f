"""A small answer to show."""

from __future__ import annotations

from typing import Any

import pytest

from chabao.search.query import Span
from chabao.search.results import Explanation, Facet, Hit, Results, Snippet


def record(**fields: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": "3f9ac1d2",
        "title": "窗口工作周报",
        "number": "2023年第3期",
        "serial": 423,
        "date": "2023-02-08",
        "period": {"first": "2023-01-16", "last": "2023-01-20"},
        "publisher": "省中心",
        "section": ["二、窗口工作动态", "（一）优化营商环境"],
        "item": "（1）",
        "department": ["商务厅", "省林草局"],
        "dates": [{"first": "2023-01-17", "last": "2023-01-18"}],
        "text": "近日，实行“川渝通办”“省内通办”。好。",
        "source": "周报/423.txt",
        "line": 21,
        "page": None,
        "inferred": [],
        "lines": [[0, 21], [7, 24], [13, 25]],
    } | fields


@pytest.fixture(name="record")
def record_() -> dict[str, Any]:
    return record()


@pytest.fixture
def results() -> Results:
    snippet = Snippet("实行“川渝通办”“省内通办”。", (Span(3, 7),), offset=3, cut_before=True)
    bare = record(
        id="77aa00bb", title=None, number=None, serial=None, date=None, publisher=None, item="",
        period={"first": None, "last": None}, section=[], department=[], page=2,
    )  # fmt: skip
    score = Explanation(9.5, "sum", (Explanation(9.5, "bigrams"),))
    return Results(
        query="川渝通办",
        understood="川渝通办",
        exact=True,
        total=12,
        mentions=15,
        seconds=0.01,
        hits=(
            Hit(
                1,
                9.5,
                1,
                record(),
                (snippet,),
                24,
                score,
            ),
            Hit(2, 1.25, 0, bare, (Snippet("近日，", (), cut_after=True),), 21),
        ),
        facet=Facet(("商务厅",), ("2022", "2023"), {("商务厅", "2023"): 2}),
        files={"周报/423.txt": 15},
    )
