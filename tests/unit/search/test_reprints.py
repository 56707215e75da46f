"""Reprints: what they are on the bulletins, and what is left out, joined and ordered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chabao.search import alike, engine
from chabao.search import reprints as module
from chabao.search.backends import overlaps
from chabao.search.filters import Filters
from chabao.search.query import Kind
from chabao.search.reprints import Reprints, Sort, passages, reprints

Indexed = Callable[..., engine.Index]
HALL = "三、大厅巡查情况"
A = "各窗口要严格执行规范化标准化要求。"
B = "政务平台服务处将加大督查力度。"
C = "省大数据中心召开数据共享工作会议。"


def item(number: int, text: str, line: int = 1, **others: Any) -> dict[str, Any]:
    return {
        "schema": 1, "id": f"i{number}l{line}", "title": "周报", "number": f"2023年第{number}期",
        "serial": None, "date": f"2023-01-{number:02}", "period": {"first": None, "last": None},
        "publisher": None, "section": [], "item": "", "department": [], "dates": [], "text": text,
        "source": f"{number}.txt", "line": line, "page": None, "inferred": [], "lines": [[0, line]],
    } | others  # fmt: skip


def said(found: Reprints) -> list[list[tuple[str, str]]]:
    return [[(row.item["id"], row.text) for row in each.rows] for each in found.rows]


def test_the_hall_paragraphs_of_the_bulletins(bundled: engine.Index) -> None:
    """Seven paragraphs in three of five issues, and a sentence of numbers."""
    found = reprints(bundled)
    assert (found.items, found.issues, len(found.rows)) == (78, 5, 8)
    hall = [each for each in found.rows if each.rows[0].item["section"] == [HALL]]
    assert [each.length for each in hall] == [102, 52, 17, 13, 12, 10, 10]
    for each in found.rows:
        assert each.issues == 3
        assert [row.item["date"] for row in each.rows] == ["2022-07-15", "2023-01-31", "2023-02-08"]
    for each in hall:
        for row in each.rows:
            assert row.text == row.item["text"]
            assert str(row.address).startswith(f"{row.item['id']}@0+{len(row.text)}~")
    assert [each.same for each in hall] == [False, False, True, True, True, True, True]
    changes = [(c.quoted, c.source) for c in hall[1].changes(1) if not c.same]
    assert changes == [("进出人员须出示“健康码”，落实体温监测，", "")]
    assert all(change.same for at in (0, 2) for change in hall[1].changes(at))
    assert len(reprints(bundled, alike=100).rows) == 8
    assert len(reprints(bundled, least=50).rows) == 2


def test_numbers_change_as_wholes(bundled: engine.Index) -> None:
    (figures,) = [each for each in reprints(bundled).rows if "受理" in each.rows[0].text]
    changed = [(c.quoted, c.source) for c in figures.changes(2) if not c.same]
    assert changed == [("13", "20"), ("26641", "30880"), ("27287", "32631")]


def test_filters_say_what_is_compared(bundled: engine.Index) -> None:
    found = reprints(bundled, filters=Filters(since=date(2023, 1, 1)))
    assert (found.issues, len(found.rows)) == (4, 8)
    assert {each.issues for each in found.rows} == {2}
    assert not reprints(bundled, filters=Filters(number=["2023年第3期"])).rows
    assert len(reprints(bundled, filters=Filters(section=["大厅巡查"])).rows) == 7
    mistaken = reprints(bundled, filters=Filters(period=["昨日黄花"]))
    assert mistaken.query.node is None and not mistaken.rows


def test_one_issue_is_no_reprint_and_neither_is_what_is_short(indexed: Indexed) -> None:
    index = indexed([item(1, A), item(1, A, 2), item(2, B), item(3, "会议。"), item(4, "会议。")])
    assert said(reprints(index)) == []
    assert said(reprints(index, least=2)) == [[("i3l1", "会议。"), ("i4l1", "会议。")]]
    assert reprints(indexed([])).rows == ()


def test_layout_width_and_punctuation_are_no_change_of_what_is_said(indexed: Indexed) -> None:
    index = indexed(
        [item(1, "实现“川渝通办”ABC事项100项。")], [item(2, "實現「川渝通办」ＡＢＣ事项，100项")]
    )
    (found,) = reprints(index, alike=100).rows
    assert found.same
    changed = "".join(change.source for change in found.changes(1) if not change.same)
    assert changed == "實現「」ＡＢＣ，"  # noqa: RUF001


def test_sentences_that_follow_one_another_are_one_passage(indexed: Indexed) -> None:
    index = indexed([item(1, A + B + "一月的其他事情是这样的。"), item(2, C + A + B)])
    assert said(reprints(index)) == [[("i1l1", A + B), ("i2l1", A + B)]]
    # in a third issue one of them stands alone: then they are two
    index = indexed([item(3, B)])
    assert said(reprints(index)) == [
        [("i1l1", B), ("i2l1", B), ("i3l1", B)],
        [("i1l1", A), ("i2l1", A)],
    ]


def test_sentences_have_no_row_beside_their_item(indexed: Indexed) -> None:
    index = indexed([item(1, A + B), item(2, A + B)])
    assert said(reprints(index)) == [[("i1l1", A + B), ("i2l1", A + B)]]
    # a sentence that stands elsewhere too has
    index = indexed([item(3, C + B)])
    assert said(reprints(index)) == [
        [("i1l1", B), ("i2l1", B), ("i3l1", B)],
        [("i1l1", A + B), ("i2l1", A + B)],
    ]


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.ISSUES, [B, A + C, "一" + C]), (Sort.FIRST, ["一" + C, B, A + C]),
     (Sort.LENGTH, [A + C, "一" + C, B])],
)  # fmt: skip
def test_order(indexed: Indexed, sort: Sort, order: list[str]) -> None:
    order = [text.replace("一" + C, C) for text in order]
    index = indexed(
        [item(3, A + C), item(2, B), item(4, A + C), item(3, B, 2), item(4, B, 2)],
        [item(1, C, 9, department=["省林草局"]), item(2, C + B, 5)],
    )
    found = reprints(index, sort=sort, alike=100, least=12)
    keys = {
        Sort.ISSUES: lambda each: (-each.issues, -each.length),
        Sort.FIRST: lambda each: each.rows[0].item["date"],
        Sort.LENGTH: lambda each: -each.length,
    }[sort]
    assert sorted(found.rows, key=keys) == list(found.rows)  # type: ignore[arg-type]
    assert len(found.rows) == 3


def test_passages_are_the_text_and_its_sentences() -> None:
    found = list(passages("受理12件；34件。只有一句", 7))
    assert [(p.item, p.start, p.end, p.sentence, p.letters) for p in found] == [
        (7, 0, 14, None, "受理12件34件只有一句"),
        (7, 0, 6, 0, "受理12件"),
        (7, 6, 10, 1, "34件"),
        (7, 10, 14, 2, "只有一句"),
    ]
    assert [p.letters for p in passages("共12；34")][1:] == ["共12", "34"]
    assert len(list(passages("只有一句。"))) == 1


@pytest.mark.parametrize("most", ["LETTERS", "PAIRS"])
def test_what_would_take_too_long_to_compare_is_refused(
    bundled: engine.Index, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(overlaps, most, 1)
    monkeypatch.setattr(alike, "FEW", 10)
    refused = reprints(bundled)
    assert refused.query.node is None and not refused.rows
    (said,) = refused.query.diagnostics
    assert said.kind is Kind.TOO_COSTLY and said.fatal and "--alike 100" in said.hint
    assert reprints(bundled, alike=100).rows
    found = engine.search(bundled, "的", collapse=True)
    assert not found.hits and found.notices[0].kind is Kind.TOO_COSTLY


def test_reading_ends_where_there_is_too_much(
    bundled: engine.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(reprints(bundled).rows)
    monkeypatch.setattr(module, "LETTERS", 100)
    assert reprints(bundled).query.node is None
    monkeypatch.setattr(module, "LETTERS", 1_000_000)
    assert len(reprints(bundled).rows) == whole
