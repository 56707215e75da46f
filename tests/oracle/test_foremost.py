"""What is said of a concordance without reading it is what is said when all of it is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.backends import foremost as quick
from chabao.search.concordance import Sort, concordance, foremost
from chabao.search.engine import Index, open_index
from chabao.search.filters import Filters
from chabao.search.timeline import By
from chabao.search.trends import trend

SEED = 20261121
FILTERS = (
    Filters(),
    Filters(period=("2023-01",)),
    Filters(department=("省林草局",)),
    Filters(section=("窗口",), number=("2023年第3期",)),
)
QUERIES = (
    "办", "川渝通办", "办 OR 理", "办理 OR 通办", "川*办", "窗?", "通办 NEAR/20 窗口", "办 -文旅厅",
    "数值:28件", "工作 部门:商务厅", "办 OR 部门:商务厅", "部门:商务厅", "鼋鼍",
    "(", "", "，", "。",
)  # fmt: skip


@pytest.fixture(params=["whole", "parted"])
def index(request: pytest.FixtureRequest) -> Index:
    return open_index(request.getfixturevalue(request.param))


def drawn(records: list[dict[str, Any]], random: Random) -> str:
    """A string that stands somewhere, often at an edge of a text."""
    text = random.choice(records)["text"]
    length = random.choice((1, 1, 2, 2, 3, 5))
    return text[
        (start := random.choice((0, len(text) - length, random.randrange(len(text))))) : start
        + length
    ]


@pytest.mark.parametrize("easy", [0, 1 << 30])
@pytest.mark.parametrize("sort", Sort)
def test_lines_and_counts(
    index: Index, records: list[dict[str, Any]], sort: Sort, easy: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(quick, "EASY", easy)
    random = Random(SEED)
    some = 0
    asked = [(term, False) for term in QUERIES] + [
        (drawn(records, random), True) for _ in range(40)
    ]
    for term, literal in asked:
        filters, limit = random.choice(FILTERS), random.choice((0, 1, 2, 7, 50, 100_000))
        how: dict[str, Any] = {"literal": literal, "filters": filters, "sort": sort}
        found = foremost(index, term, limit=limit, **how)
        assert found == concordance(index, [term], limit=limit, **how), (term, filters, limit)
        some += 0 < len(found.lines) < found.counts.mentions
    assert some > 8


@pytest.mark.parametrize("by", [None, *By])
def test_counts_over_time(index: Index, records: list[dict[str, Any]], by: By | None) -> None:
    random = Random(SEED)
    for term in (*QUERIES, *(drawn(records, random) for _ in range(10))):
        filters = random.choice(FILTERS)
        found = trend(index, [term], by=by, filters=filters, kept=True)
        assert found == trend(index, [term], by=by, filters=filters), (term, filters)


def test_an_index_that_holds_nothing(tmp_path: Path) -> None:
    with WhooshSink(tmp_path) as sink:
        sink.commit()
    empty = open_index(tmp_path)
    for sort in Sort:
        found = foremost(empty, "办", limit=5, sort=sort)
        assert found == concordance(empty, ["办"], limit=5, sort=sort)
    assert trend(empty, ["办"], kept=True) == trend(empty, ["办"])


def test_that_an_order_can_be_told_from_another(index: Index) -> None:
    """The comparison above sees what it is for."""
    lines = {sort: foremost(index, "办", limit=20, sort=sort).lines for sort in Sort}
    assert len(set(map(tuple, lines.values()))) == len(Sort)
    wrong = replace(foremost(index, "办", limit=20), lines=lines[Sort.LEFT])
    assert wrong != concordance(index, ["办"], limit=20)
