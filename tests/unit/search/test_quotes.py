"""Quotations: every mention in whole sentences, as the source has it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.folding import fold
from chabao.search import refusals
from chabao.search.addresses import State, locate, parse
from chabao.search.catalogue import show
from chabao.search.engine import Index
from chabao.search.errors import GoneItem
from chabao.search.filters import Filters
from chabao.search.mentions import mentions
from chabao.search.quotes import nested, quotation, quotations
from chabao.search.sentences import sentences

TERMS = ["川渝通办", "办理", "的", "一网通办", "放管服", "3"]


@pytest.mark.parametrize("term", TERMS)
def test_every_mention_of_a_scan_is_quoted_once(bundled: Index, term: str) -> None:
    scanned = {
        (record["id"], at, at + len(term))
        for record, text in ((record, fold(record["text"])) for record in bundled.records())
        for at in range(len(text))
        if text.startswith(fold(term), at)
    }
    found = quotations(bundled, term)
    held = [(row.item["id"], *span) for row in found.rows for span in row.mentions]
    assert len(held) == len(scanned) and set(held) == scanned
    assert not found.more and len(found.rows) == len({str(row.address) for row in found.rows})


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_quotation_is_whole_sentences_of_the_source(
    bundled: Index, term: str, count: int
) -> None:
    for row in quotations(bundled, term, sentences=count).rows:
        text = row.item["text"]
        bounds = sentences(text)
        assert row.start in {start for start, _ in bounds}
        assert row.end in {end for _, end in bounds}
        held = [pair for pair in bounds if row.start <= pair[0] and pair[1] <= row.end]
        assert len(held) >= min(count, len(bounds))
        assert all(row.start <= start and end <= row.end for start, end in row.mentions)
        assert row.cut_before == (text[row.start - 1 : row.start] in ("；", ";"))
        assert row.cut_after == (row.end < len(text) and text[row.end - 1] in "；;")


@pytest.mark.parametrize("term", TERMS)
def test_an_address_leads_back_to_its_quotation(bundled: Index, term: str) -> None:
    for row in quotations(bundled, term, sentences=2).rows:
        shown = show(bundled, str(row.address))
        assert shown.passage is not None and shown.passage.state is State.SAME
        (again,) = quotations(bundled, str(row.address)).rows
        assert (again.item["id"], again.start, again.end) == (row.item["id"], row.start, row.end)
        assert again.quoted == row.quoted


def test_an_id_is_its_whole_item(bundled: Index) -> None:
    for record in bundled.records():
        found = quotations(bundled, record["id"])
        (row,) = found.rows
        assert row.text == record["text"] and found.shown is not None
        assert not row.cut_before and not row.cut_after and not row.mentions


def test_a_plain_offset_is_the_sentence_about_it(bundled: Index) -> None:
    record = next(r for r in bundled.records() if r["text"].count("。") > 2)
    for start, end in sentences(record["text"]):
        for at in (start, end - 1):
            (row,) = quotations(bundled, f"{record['id']}@{at}").rows
            assert (row.start, row.end) == (start, end)


def test_what_only_looks_like_an_id_is_searched_for(bundled: Index) -> None:
    found = quotations(bundled, "abcdefghijkl")
    assert found.rows == () and found.query is not None
    with pytest.raises(GoneItem):
        quotations(bundled, "abcdefghijkl@3")
    assert quotations(bundled, "abcdefghijkl@3", literal=True).rows == ()


def test_a_limit_and_filters_count_on(bundled: Index) -> None:
    found = quotations(bundled, "办理", limit=3)
    assert len(found.rows) == 3 < found.mentions and found.more
    some = quotations(bundled, "川渝通办", filters=Filters(number=["2023年第3期"]))
    assert {row.item["number"] for row in some.rows} == {"2023年第3期"}
    assert len(some.references) == 1


def test_quotations_come_in_document_order(bundled: Index) -> None:
    found = quotations(bundled, "办理")
    places = [(row.item["id"], span) for row in found.rows for span in row.mentions]
    rows = mentions(bundled, "办理").rows
    assert places == [(row.item["id"], (row.start, row.end)) for row in rows]
    assert found.mentions == len(rows)


def test_what_is_not_quoted_is_not_read(bundled: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    record = Segment.record

    def reading(segment: Segment, number: int) -> Any:
        read.append(number)
        return record(segment, number)

    monkeypatch.setattr(Segment, "record", reading)
    assert quotations(bundled, "的", limit=2).more
    assert len(read) <= 3


def test_more_than_are_made_at_a_time_are_refused(
    bundled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = quotations(bundled, "川渝通办")
    monkeypatch.setattr(refusals, "QUOTED", len(every.rows))
    assert quotations(bundled, "川渝通办", limit=1_000_000) == every
    monkeypatch.setattr(refusals, "QUOTED", len(every.rows) - 1)
    for limit in (None, 1_000_000):
        refused = quotations(bundled, "川渝通办", limit=limit)
        assert not refused.rows and refused.query and refused.query.node is None
    assert len(quotations(bundled, "川渝通办", limit=2).rows) == 2


def test_each_issue_is_cited_once_in_order(bundled: Index) -> None:
    found = quotations(bundled, "川渝通办")
    assert [cited.written for cited in found.references] == [
        "2023年第3期", "2022年第21期", "2025年第2期",
    ]  # fmt: skip


def test_a_quotation_knows_its_line(bundled: Index, root: Any) -> None:
    for row in quotations(bundled, "通办").rows:
        lines = (root / "corpus" / row.item["source"]).read_text(encoding="utf-8").split("\n")
        assert fold(row.text[:2]) in fold("".join(lines[row.line - 1 : row.line + 3]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲“乙”丙", "甲‘乙’丙"),
        ("甲“乙‘丙’丁”", "甲‘乙“丙”丁’"),
        ('甲"乙"丙"丁"', "甲‘乙’丙‘丁’"),
        ('甲"乙', '甲"乙'),
        ("甲「乙」《丙》", "甲「乙」《丙》"),
        ("甲”乙“", "甲’乙‘"),
    ],
)
def test_quotation_marks_alternate(text: str, expected: str) -> None:
    assert nested(text, 0, len(text)) == expected


@given(st.text(alphabet='甲乙。；“”‘’"「」', max_size=40), st.data())
def test_nothing_but_quotation_marks_is_exchanged(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made = nested(text, start, end)
    assert fold(made).translate({ord(c): '"' for c in "'‘’“”"}) == fold(text[start:end]).translate(
        {ord(c): '"' for c in "'‘’“”"}
    )
    assert len(made) == end - start


def test_a_part_of_a_sentence_is_marked_as_cut() -> None:
    text = "甲；乙；丙。丁。"
    item = {"id": "a", "text": text}
    made = [quotation(item, start, end).quoted for start, end in sentences(text)]
    assert made == ["“甲；……”", "“……乙；……”", "“……丙。”", "“丁。”"]


def test_an_address_in_a_changed_text_is_quoted_as_it_is_now(
    indexed: Callable[..., Index], bundled: Index
) -> None:
    record = next(iter(bundled.records()))
    (row,) = quotations(bundled, f"{record['id']}@0").rows
    changed = record | {"text": record["text"].replace("数据统计", "数据汇总")}
    with indexed([changed]) as index:
        found = quotations(index, str(row.address))
        assert found.shown is not None and found.shown.passage is not None
        assert found.shown.passage.state is State.CHANGED
        assert "数据汇总" in found.rows[0].text
    wanted = parse(str(row.address))
    assert wanted is not None
    assert locate(wanted, changed["text"]).state is State.CHANGED


@given(
    st.text(max_size=30)
    | st.from_regex(r"[a-z2-7]{12}(@[0-9]{1,9}(\+[0-9]{1,9}(~[a-z2-7]{8})?)?)?", fullmatch=True)
    | st.from_regex(r"qphyuavhhfye@[0-9]{1,4}(\+[0-9]{1,4}(~[a-z2-7]{8})?)?", fullmatch=True)
)
def test_any_line_is_answered_or_refused(bundled: Index, line: str) -> None:
    try:
        found = quotations(bundled, line, limit=2)
    except GoneItem:
        return
    for row in found.rows:
        assert 0 <= row.start <= row.end <= len(row.item["text"])
        assert row.quoted[0] == "“" and row.quoted[-1] == "”"
