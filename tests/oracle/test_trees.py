"""Trees: over all 2ⁿ documents against the truth table, over the bulletins against the scan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.scan import Found, scan
from oracle.worlds import expected, trees
from oracle.worlds import records as worlds

from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine
from chabao.search.algebra import conjunction, disjunction, grounded, negation
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.parts import find, spans
from chabao.search.query import Between, Calendar, Gap, Keyword, Literal, Named, Near, Node, Pattern

WORDS = ("川渝", "通办", "窗口", "周报")
Records = list[dict[str, Any]]
one_kernel = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def all_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2ⁿ documents in two segments."""
    path = tmp_path_factory.mktemp("worlds")
    everything = [record | {"lines": [[0, 1]]} for record in worlds(WORDS)]
    for half in (everything[::2], everything[1::2]):
        with WhooshSink(path) as sink:
            sink.add(half)
            sink.commit()
    return path


@one_kernel
@given(tree=trees(WORDS))
def test_every_tree_finds_what_the_truth_table_says(
    kernel: str, all_worlds: Path, tree: Node
) -> None:
    with engine.open_index(all_worlds) as index:
        assert {int(name) for name in found(index, tree)} == expected(tree, WORDS)


def found(index: engine.Index, tree: Node) -> Found:
    """What the engine finds, and the places of the positive texts."""
    wanted, answer = leaves(tree), {}
    for part in find(index, tree):
        for document in map(int, part.documents):
            name = part.segment.record(document)["id"]
            answer[name] = frozenset(spans(part, wanted, document))
    return answer


TEXTS = (
    "的", "一", "。", "，", "办", "窗口", "政务", "服务", "川渝", "通办", "川渝通办",
    "优化营商环境", "事项", "企业", "2023", "月", "”", "中心", "进驻", "没有这几个字", "服务服务",
)  # fmt: skip
literals = st.sampled_from(TEXTS).map(Literal)
gaps = st.builds(
    lambda least, more: Gap(least, least + more),
    st.integers(0, 12),
    st.sampled_from((0, 1, 10, 88)),
).filter(lambda gap: gap.most > 0)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    parts: list[str | Gap] = [draw(st.sampled_from(TEXTS))]
    for _ in range(draw(st.integers(1, 3))):
        parts += [draw(gaps), draw(st.sampled_from(TEXTS))]
    return Pattern(tuple(parts))


single = literals | patterns()
side = single | st.lists(single, min_size=2, max_size=3).map(disjunction)
nears = st.builds(
    lambda left, right, distance: Near(left, right, distance),
    side,
    side,
    st.none() | st.integers(0, 30) | st.just(1_000),
)
named = st.builds(
    Named,
    st.just(Keyword.DEPARTMENT),
    st.sampled_from(("文旅厅", "省发改委", "应急厅", "成都", "厅", "没有")),
) | st.sampled_from(
    [
        Named(Keyword.SECTION, "窗口工作动态"),
        Named(Keyword.SECTION, "(一)"),
        Named(Keyword.NUMBER, "39"),
        Named(Keyword.NUMBER, "总422期"),
        Named(Keyword.NUMBER, "第2期"),
        Named(Keyword.NUMBER, "2023年第3期"),
        Named(Keyword.NUMBER, "2023"),
        Named(Keyword.TITLE, "周報"),
        Named(Keyword.SOURCE, "00"),
        Named(Keyword.PUBLISHER, "交易服务中心"),
    ]
)
days = st.none() | st.dates(date(2022, 6, 1), date(2025, 5, 1))
between = st.builds(Between, st.sampled_from(Calendar), days, days)
leaf = single | nears | named | between
tree = st.recursive(
    leaf,
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=4).map(conjunction),
        st.lists(below, min_size=2, max_size=4).map(disjunction),
        below.map(negation),
    ).filter(lambda node: node is not None),
    max_leaves=8,
).map(grounded)


@settings(one_kernel, max_examples=200)
@given(tree=tree)
def test_trees_over_the_bulletins(kernel: str, records: Records, parted: Path, tree: Node) -> None:
    with engine.open_index(parted) as index:
        assert found(index, tree) == scan(records, tree)


@settings(one_kernel, max_examples=200)
@given(node=nears | patterns())
def test_places_over_the_bulletins(kernel: str, records: Records, whole: Path, node: Node) -> None:
    """Alone, so that many of them find something."""
    with engine.open_index(whole) as index:
        assert found(index, node) == scan(records, node)
