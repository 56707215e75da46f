"""One search: what is found, in what order, and what is said where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import isclose, log
from typing import Any

import pytest
from records import item

from chabao.indexer.fields import ORDER
from chabao.search import engine
from chabao.search.backends import whoosh_
from chabao.search.engine import Filters, Mode, Sort, search
from chabao.search.query import Kind
from chabao.search.results import Results

Indexed = Callable[..., engine.Index]


def ids(results: Results) -> list[str]:
    return [str(hit.item["id"]) for hit in results.hits]


def kinds(results: Results) -> set[Kind]:
    return {remark.kind for remark in results.notices}


def test_a_score_is_bm25f_by_hand(kernel: str, indexed: Indexed) -> None:
    index = indexed([item("a", "川渝川渝通办一"), item("b", "别的"), item("c", "没有。")])
    (hit,) = search(index, "川渝", explain=True).hits
    idf = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    weighed = 2 / (0.25 + 0.75 * 7 / 4)
    assert hit.mentions == 2
    assert hit.score == pytest.approx(idf * 2.2 * weighed / (weighed + 1.2), abs=1e-6)


def test_a_heading_counts_as_one_mention_more(kernel: str, indexed: Indexed) -> None:
    over = item("a", "川渝通办。", section=["一、川渝合作"])
    index = indexed([over, item("b", "川渝通办。"), item("c", "没有没有。")])
    results = search(index, "川渝", explain=True)
    assert ids(results) == ["a", "b"]
    idf = log(1 + 1.5 / 2.5)
    assert results.hits[0].score == pytest.approx(idf * 2.2 * 2 / 3.2, abs=1e-6)
    assert [hit.mentions for hit in results.hits] == [1, 1]


@pytest.mark.parametrize(
    "line", ["川渝通办", "窗口 企业", "服务 OR 事项 OR 川*办", "政务 NEAR/20 服务", "的 -企业"]
)
def test_explanations_add_up_to_the_score(kernel: str, bundled: engine.Index, line: str) -> None:
    results = search(bundled, line, explain=True, limit=None)
    assert results.hits
    for hit in results.hits:
        assert hit.explanation
        assert hit.explanation.value == pytest.approx(hit.score, abs=2e-6)
        shares = [share.value for share in hit.explanation.parts]
        assert hit.explanation.value == pytest.approx(sum(shares))


@pytest.mark.parametrize(
    "line", ["窗口", "的 OR 企业", "政务*服务", "一 同条 二", "如何优化营商环境", "部门:厅 的"]
)
def test_both_kernels_give_the_same_scores(
    bundled: engine.Index, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for bound in (1 << 62, -1):
        monkeypatch.setattr(whoosh_, "WARM", bound)
        monkeypatch.setattr(whoosh_, "COLD", bound)
        answers.append(search(bundled, line, limit=None, mode=Mode.RELATED))
    plain, numeric = answers
    assert ids(plain) == ids(numeric)
    assert plain.hits
    assert all(
        isclose(one.score, other.score, abs_tol=1e-9)
        for one, other in zip(plain.hits, numeric.hits, strict=True)
    )


def test_ties_go_by_date_then_in_document_order(kernel: str, indexed: Indexed) -> None:
    index = indexed(
        [item("c", "川渝"), item("new", "川渝", date="2024-01-01")],
        [item("b", "川渝"), item("none", "川渝", date=None), item("a", "川渝")],
    )
    assert ids(search(index, "川渝")) == ["new", "a", "b", "c", "none"]
    assert ids(search(index, "川渝", limit=2)) == ["new", "a"]
    assert [hit.rank for hit in search(index, "川渝").hits] == [1, 2, 3, 4, 5]


def test_by_date_the_newest_come_first(kernel: str, indexed: Indexed) -> None:
    index = indexed(
        [item("old", "川渝川渝", date="2022-01-01"), item("best", "川渝川渝川渝")],
        [item("new", "川渝，还有很多别的", date="2025-01-01"), item("same", "川渝，别的")],
    )
    assert ids(search(index, "川渝", sort=Sort.DATE)) == ["new", "best", "same", "old"]
    assert ids(search(index, "川渝", sort=Sort.DATE, limit=1)) == ["new"]


def test_totals_do_not_depend_on_the_limit(kernel: str, bundled: engine.Index) -> None:
    everything = search(bundled, "窗口", limit=None)
    for limit in (0, 1, 3):
        results = search(bundled, "窗口", limit=limit)
        assert len(results.hits) == limit
        assert (results.total, results.mentions) == (everything.total, everything.mentions)
        assert ids(results) == ids(everything)[:limit]
    assert sum(hit.mentions for hit in everything.hits) == everything.mentions
    assert len(everything.hits) == everything.total


def test_overlapping_mentions_count_each(kernel: str, indexed: Indexed) -> None:
    results = search(indexed([item("a", "人人人人")]), "人人 OR 人人人")
    assert (results.mentions, results.hits[0].mentions) == (5, 5)


def test_where_nothing_says_it_all_related_items_come(bundled: engine.Index) -> None:
    results = search(bundled, "如何优化营商环境", limit=5)
    assert (results.exact, results.mentions) == (False, 0)
    assert Kind.RELAXED in kinds(results)
    assert all("优化营商环境" in str(hit.item["text"]) for hit in results.hits[:3])
    for hit in results.hits[:3]:
        assert any("优化营商环境" in piece.text for piece in hit.snippets)
        assert [piece.spans for piece in hit.snippets if piece.spans] == []


def test_exact_forbids_related_items(bundled: engine.Index) -> None:
    results = search(bundled, "如何优化营商环境", mode=Mode.EXACT)
    assert (results.exact, results.total, results.hits) == (True, 0, ())
    assert Kind.RELAXED not in kinds(results)


def test_related_items_stand_among_exact_ones(kernel: str, bundled: engine.Index) -> None:
    exact = search(bundled, "优化营商环境 企业", limit=None)
    both = search(bundled, "优化营商环境 企业", limit=None, mode=Mode.RELATED, files=True)
    assert both.exact
    assert set(ids(exact)) < set(ids(both))
    assert both.total == len(both.hits) > exact.total > 0
    assert both.mentions == exact.mentions
    assert len(set(ids(both))) == both.total
    assert [hit.rank for hit in both.hits] == list(range(1, both.total + 1))
    mentions = {hit.item["id"]: hit.mentions for hit in exact.hits}
    assert all(hit.mentions == mentions.get(hit.item["id"], 0) for hit in both.hits)
    assert all(bool(hit.mentions) == any(p.spans for p in hit.snippets) for hit in both.hits)
    assert [hit.score for hit in both.hits] == sorted((h.score for h in both.hits), reverse=True)
    assert set(both.files) == {hit.item["source"] for hit in both.hits}
    few = search(bundled, "优化营商环境 企业", limit=1, mode=Mode.RELATED)
    assert (ids(few), few.total) == (ids(both)[:1], both.total)


def test_nothing_is_promised_where_nothing_is_related(indexed: Indexed) -> None:
    results = search(indexed([item("a", "川渝通办")]), "龘靐")
    assert (results.exact, results.total, kinds(results)) == (False, 0, set())


def test_what_stands_in_headings_only_is_said(kernel: str, indexed: Indexed) -> None:
    index = indexed([item("a", "甲乙", section=["川渝通办"]), item("b", "丙丁")])
    results = search(index, "川渝通办", mode=Mode.EXACT)
    assert (results.total, kinds(results)) == (0, {Kind.HEADING_ONLY})
    assert "1" in results.notices[0].message


def test_the_condition_that_empties_an_answer_is_named(indexed: Indexed) -> None:
    index = indexed([item("a", "川渝", department=["商务厅"]), item("b", "别的")])
    results = search(index, "川渝", filters=Filters(department=["教育厅"], since=date(2023, 1, 1)))
    (emptied,) = [r for r in results.notices if r.kind is Kind.EMPTIED_BY_FILTER]
    assert "教育厅" in emptied.message
    assert "1" in emptied.message
    assert results.total == 0


def test_the_nearest_parts_that_are_mentioned_are_said(indexed: Indexed) -> None:
    index = indexed([item("a", "川渝通办，川渝"), item("b", "省内通办")])
    results = search(index, "川渝都能通办", mode=Mode.EXACT)
    (nearest,) = results.notices
    assert nearest.kind is Kind.NEAREST
    assert "川渝 (2)" in nearest.message
    assert "通办 (2)" in nearest.message


@pytest.mark.parametrize(
    ("filters", "line"),
    [
        (Filters(department=["文旅厅"]), "的 部门:文旅厅"),
        (Filters(department=["文旅厅", "商务厅"]), "的 (部门:文旅厅 OR 部门:商务厅)"),
        (Filters(section=["窗口工作动态"]), "的 栏目:窗口工作动态"),
        (Filters(number=["第39期"]), "的 刊期:第39期"),
        (Filters(period=["2023-01"]), "的 期间:2023-01"),
        (Filters(since=date(2023, 1, 1)), "的 日期:2023-01-01.."),
        (Filters(until=date(2023, 1, 31)), "的 日期:..2023-01-31"),
    ],
)
def test_filters_mean_what_fields_mean(
    kernel: str, bundled: engine.Index, filters: Filters, line: str
) -> None:
    beside, within = (
        search(bundled, "的", filters=filters, limit=None),
        search(bundled, line, limit=None),
    )
    assert ids(beside) == ids(within)
    assert 0 < beside.total < search(bundled, "的").total
    assert beside.understood == within.understood


def test_an_unknown_department_finds_nothing(bundled: engine.Index) -> None:
    assert search(bundled, "部门:没有这个厅").total == 0


def test_dates_of_issue_and_periods_differ(kernel: str, indexed: Indexed) -> None:
    index = indexed(
        [item("a", "川渝"), item("b", "川渝", date=None, period=dict.fromkeys(("first", "last")))]
    )

    def found(line: str) -> list[str]:
        return ids(search(index, line, mode=Mode.EXACT))

    assert found("川渝 日期:2023-02-08") == ["a"]
    assert found("川渝 日期:2023-01") == []
    assert found("川渝 期间:2023-01-20..2023-03") == ["a"]
    assert found("川渝 期间:2023-01-21..") == []
    assert found("川渝 -日期:2023-02") == ["b"]


def test_facets_are_a_table_of_the_hits(kernel: str, bundled: engine.Index) -> None:
    results = search(bundled, "服务", limit=None, facets=True, files=True)
    assert results.facet
    cells: dict[tuple[str, str], int] = {}
    files: dict[str, int] = {}
    for hit in results.hits:
        departments: Any = hit.item["department"]
        for department in departments:
            key = (department, str(hit.item["date"])[:4])
            cells[key] = cells.get(key, 0) + 1
        files[str(hit.item["source"])] = files.get(str(hit.item["source"]), 0) + hit.mentions
    assert results.facet.cells == cells
    assert set(results.facet.departments) == {department for department, _ in cells}
    assert results.files == files
    assert list(results.files) == sorted(files)


@pytest.mark.parametrize("line", ["", "  ", "日期:昨儿", "????", "川" * 100_001])
def test_what_cannot_be_answered_is_said(bundled: engine.Index, line: str) -> None:
    results = search(bundled, line)
    assert (results.total, results.mentions, results.hits) == (0, 0, ())
    assert results.notices[0].fatal


def test_filters_alone_are_a_query(bundled: engine.Index) -> None:
    results = search(bundled, "", filters=Filters(number=["第39期"]), limit=None)
    assert results.total > 0
    assert (results.exact, results.mentions) == (True, 0)
    assert {hit.item["number"] for hit in results.hits} == {"2023年第39期"}


def test_a_filter_that_is_no_date_is_refused(bundled: engine.Index) -> None:
    results = search(bundled, "的", filters=Filters(period=["昨儿"]))
    assert results.notices[0].kind is Kind.BAD_DATE
    assert (results.notices[0].fatal, results.total) == (True, 0)


def test_the_line_is_that_of_the_first_mention(indexed: Indexed) -> None:
    broken = item("a", "第一行川渝第三行", line=4, lines=[[0, 4], [4, 7], [6, 9]])
    index = indexed([broken])
    assert search(index, "川渝").hits[0].line == 4
    assert search(index, "渝第").hits[0].line == 7
    assert search(index, "三行").hits[0].line == 9


def test_export_gives_records_in_document_order(indexed: Indexed) -> None:
    index = indexed([item("b", "甲"), item("a", "乙", line=9)], [item("c", "丙", source="a.txt")])
    records = list(engine.export(index))
    assert [record["id"] for record in records] == ["c", "a", "b"]
    assert all(tuple(record) == ORDER for record in records)


@pytest.mark.parametrize("number", ["1" * 5_000, f"总{'1' * 5_000}期", f"2023年第{'1' * 5_000}期"])
def test_a_number_that_no_issue_has_is_no_number(bundled: engine.Index, number: str) -> None:
    assert search(bundled, "的", filters=Filters(number=[number])).total == 0


def test_an_empty_index_is_said(indexed: Indexed) -> None:
    results = search(indexed([]), "川渝")
    assert (results.total, kinds(results)) == (0, {Kind.EMPTY_INDEX})


@pytest.mark.parametrize("value", ["", " ", "\u3000"])
@pytest.mark.parametrize("name", ["department", "section", "number", "period"])
def test_a_filter_that_names_nothing_is_a_mistake(
    bundled: engine.Index, name: str, value: str
) -> None:
    for values in ([value], ["文旅厅", value]):
        results = search(bundled, "的", filters=Filters(**{name: values}))
        assert results.total == 0
        assert any(remark.fatal and remark.hint for remark in results.notices)
