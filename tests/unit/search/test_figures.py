"""Figures of an index: which, in what order, narrowed how."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chabao.search import engine
from chabao.search.figures import figures, of_item
from chabao.search.filters import Filters


def item(text: str, *section: str) -> dict[str, Any]:
    period = {"first": "2023-01-16", "last": "2023-01-20"}
    return {"id": "x", "text": text, "section": section, "period": period}


def test_all_of_an_index_in_document_order(bundled: engine.Index) -> None:
    rows = figures(bundled).rows
    scanned = [row for record in engine.export(bundled) for row in of_item(record)]
    assert len(rows) == 68
    assert [row.address for row in rows] == [row.address for row in scanned]


def test_terms_narrow_by_subject_measure_and_sentence(bundled: engine.Index) -> None:
    rows = figures(bundled).rows
    for terms in (["颁发"], ["办結"], ["省本级综窗办件"], ["公共服务", "受理"]):
        found = figures(bundled, terms).rows
        assert 0 < len(found) < len(rows)
    assert {row.measure for row in figures(bundled, "省本级综窗办件").rows} == {
        "咨询", "受理", "颁发", "流转",
    }  # fmt: skip
    assert not figures(bundled, ["没有这个词"]).rows


def test_filters_are_those_of_search(bundled: engine.Index) -> None:
    every = figures(bundled).rows
    found = figures(bundled, filters=Filters(number=["2025年第2期"])).rows
    assert found == tuple(row for row in every if row.item["number"] == "2025年第2期")
    assert figures(bundled, filters=Filters(section=["总体运行"])).rows == found[:8]
    assert figures(bundled, filters=Filters(period=["no day"])).failed


def test_the_sentence_before_says_the_time_and_the_department() -> None:
    text = "本周，商务厅召开会议。受理12件。省药监局办结3件。"
    first, second = of_item(item(text, "一、工作动态"))
    assert (first.subject, first.departments, first.basis) == ("商务厅", ("商务厅",), "period")
    assert (second.subject, second.departments) == ("省药监局", ("省药监局",))


def test_a_heading_is_the_subject_where_there_is_no_other() -> None:
    (row,) = of_item(item("受理12件。", "一、动态", "（二）综窗办件情况"))
    assert (row.subject, row.measure) == ("综窗办件", "受理")


def test_subject_and_measure_are_in_the_sources_characters() -> None:
    (row,) = of_item(item("綜合窗口（東廳）受理“一件事”１２件。", "一、动态"))
    assert (row.subject, row.measure) == ("綜合窗口（東廳）", "受理“一件事”")


@pytest.mark.parametrize(
    "text", ["受理3件" * 20000, "受理3件。" * 10000, "《a》3件" * 10000, "一" * 50000, "3 " * 50000]
)
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    started = time.process_time()
    list(of_item(item(text, "一、动态")))
    assert time.process_time() - started < 5
