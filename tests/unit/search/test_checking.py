"""Verdicts on quotations that were made from the five bulletins."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.bundled import bundled_index
from chabao.indexer.fields import document_order
from chabao.indexer.folding import fold
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import fitting
from chabao.search.alignment import unspaced
from chabao.search.checking import LONGEST, SIMILAR, Finding, Verdict, check, checked, pieces
from chabao.search.engine import Index, open_index
from chabao.search.fitting import CHUNK, Fit
from chabao.search.manuscripts import plain, quotations
from chabao.search.output.checking import summary

PUNCTUATION = "，。、；："


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with open_index(bundled_index()) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(index: Index) -> list[dict[str, Any]]:
    return sorted(index.records(), key=document_order)


def taken(
    records: list[dict[str, Any]], count: int, seed: int, least: int = 8, most: int = 200
) -> Iterator[tuple[dict[str, Any], int, str]]:
    """Items with a stretch of each, an independent choice for each seed."""
    chance = random.Random(seed)
    while count:
        record, length = chance.choice(records), chance.randint(least, most)
        start = chance.randrange(max(1, len(record["text"]) - length))
        quoted = record["text"][start : start + length]
        if len(unspaced(quoted)) >= least:
            yield record, start, quoted
            count -= 1


def test_a_verbatim_quotation_is_verbatim_and_its_address_true(
    index: Index, records: list[dict[str, Any]]
) -> None:
    for _, _, quoted in taken(records, 150, seed=1):
        found = checked(index, quoted)
        assert found.verdict is Verdict.VERBATIM, quoted
        assert found.similarity == 1
        assert found.passage
        assert found.passage.items[0]["text"][found.passage.start : found.passage.end] == quoted
        places = sum(
            record["text"].startswith(quoted, at)
            for record in records
            for at in range(len(record["text"]))
        )
        assert found.passage.places >= places >= 1


def test_layout_of_the_manuscript_is_no_difference(
    index: Index, records: list[dict[str, Any]]
) -> None:
    chance = random.Random(2)
    for _, _, quoted in taken(records, 60, seed=2):
        spaced = "".join(
            char + chance.choice(["", "", "\n", " ", "　", "\u200b"]) for char in quoted
        )
        assert checked(index, spaced).verdict is Verdict.VERBATIM, quoted


def test_width_and_punctuation_are_layout(index: Index, records: list[dict[str, Any]]) -> None:
    chance = random.Random(3)
    wide = {ord(char): ord(char) + 0xFEE0 for char in "0123456789abcABC"}
    tried = 0
    for _, _, quoted in taken(records, 80, seed=3, least=12):
        other = quoted.translate(wide)
        other = "".join(
            chance.choice(PUNCTUATION) if char in PUNCTUATION else char for char in other
        )
        if unspaced(other) == unspaced(quoted):
            continue
        tried += 1
        assert checked(index, other).verdict is Verdict.LAYOUT, (quoted, other)
    assert tried > 40


def test_an_altered_quotation_is_found_and_never_verbatim(
    index: Index, records: list[dict[str, Any]]
) -> None:
    chance = random.Random(4)
    whole = [fold(record["text"]) for record in records]
    found_ = 0
    rows = list(taken(records, 150, seed=4))
    for record, start, quoted in rows:
        chars = list(quoted)
        for at in chance.sample(range(len(chars)), max(1, len(chars) // 10)):
            chars[at] = chance.choice(["", "龘", chars[at] + "龘"])
        edited = "".join(chars)
        if any(fold(edited) in text for text in whole):
            found_ += 1
            continue
        found = checked(index, edited)
        assert found.verdict is not Verdict.VERBATIM, edited
        assert found.passage
        text = found.passage.items[0]["text"]
        near = text is record["text"] or text == record["text"]
        overlap = found.passage.start < start + len(quoted) and found.passage.end > start
        found_ += (near and overlap) or fold(quoted) in fold(text)
    assert found_ >= 0.99 * len(rows)


def test_a_difference_is_told_character_by_character(index: Index) -> None:
    found = checked(index, "深入推进商务厅下放的委托行政许可事项在自贸试验区落地见效")
    assert found.verdict is Verdict.ALTERED
    (changes,) = found.changes
    assert [(c.quoted, c.source) for c in changes if not c.same] == [("的", ""), ("见效", "落实")]


def test_a_number_is_no_punctuation(index: Index) -> None:
    assert checked(index, "省本级行政许可事项受理30880件").verdict is Verdict.VERBATIM
    assert checked(index, "省本级行政许可事项受理3088.0件").verdict is Verdict.ALTERED
    assert checked(index, "省本级行政许可事项受理30881件").verdict is Verdict.ALTERED


def test_what_stands_nowhere_is_not_found(index: Index) -> None:
    found = checked(index, "鸿雁于飞肃肃其羽之子于征劬劳于野")
    assert found.verdict is Verdict.NOT_FOUND
    assert found.similarity < SIMILAR
    for text in ("", "，。！", "龘龘龘龘龘龘龘龘", "龘"):
        assert checked(index, text) == Finding(Verdict.NOT_FOUND, None)


@pytest.mark.parametrize("mark", ["……", "…", "[...]", "［…］", "......", "（略）", "⋯⋯", "[……]"])
def test_ellipses_part_a_quotation(index: Index, mark: str) -> None:
    parted = ("商务厅对委托中国（四川）自贸试验区", "认真听取企业关于新冠疫情")
    assert pieces(mark.join(parted)) == parted
    found = checked(index, mark.join(parted))
    assert found.verdict is Verdict.VERBATIM
    assert found.passage and found.passage.texts == parted
    assert checked(index, mark.join(reversed(parted))).verdict is not Verdict.VERBATIM
    altered = checked(index, mark.join((parted[0], "认真听取企业关于新冠肺炎疫情")))
    assert altered.verdict is Verdict.ALTERED
    assert altered.passage and altered.passage.edits == 2


def test_pieces_of_different_items_are_not_one_quotation(
    index: Index, records: list[dict[str, Any]]
) -> None:
    one, other = [record["text"][:30] for record in records if len(record["text"]) > 200][:2]
    assert checked(index, f"{one}……{other}").verdict in (Verdict.ALTERED, Verdict.NOT_FOUND)


def test_a_quotation_may_go_on_in_the_next_item(
    index: Index, records: list[dict[str, Any]]
) -> None:
    tried = 0
    for one, other in pairwise(records):
        alike = one["source"] == other["source"] and one["section"] == other["section"]
        if not alike or min(len(one["text"]), len(other["text"])) < 30:
            continue
        tried += 1
        for label in ("", other["item"]):
            found = checked(index, one["text"][-25:] + label + other["text"][:25])
            assert found.verdict is Verdict.VERBATIM, (label, found)
            assert found.passage
            assert [item["id"] for item in found.passage.items] == [one["id"], other["id"]]
            assert found.passage.start == len(one["text"]) - 25
            assert found.passage.end == 25
    assert tried > 10


def test_a_heading_may_be_quoted(index: Index) -> None:
    found = checked(index, "一、省级政务服务事项受理办理情况")
    assert found.verdict is Verdict.VERBATIM
    assert found.passage and found.passage.start == found.passage.end == 0


def test_a_quotation_as_long_as_an_issue(index: Index, records: list[dict[str, Any]]) -> None:
    source = records[0]["source"]
    texts = [record["text"] for record in records if record["source"] == source]
    whole = "".join(texts)
    assert len(whole) > 2000
    found = checked(index, whole)
    assert found.verdict is Verdict.VERBATIM
    assert found.passage and len(found.passage.items) == len(texts)
    altered = checked(index, whole[:1000] + "龘" * 5 + whole[1000:2000] + whole[2010:])
    assert altered.verdict is Verdict.ALTERED
    assert altered.passage and altered.passage.edits <= 15


def test_what_is_too_long_is_not_looked_up_and_that_is_said(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    inner = "推进政务服务事项“川渝通办”。"
    text = f"“{'的' * LONGEST}‘{inner}’”"
    found = check(index, list(quotations(plain(text))))
    assert [each.finding.passage is None for each in found] == [True, False]
    assert any(f"{LONGEST:,}" in line for line in summary(found, "a.txt"))
    assert not any(f"{LONGEST:,}" in line for line in summary(found[1:], "a.txt"))


def test_chunks_without_common_letters_are_not_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = Fit(["的" * 3 * CHUNK])
    monkeypatch.setattr(fitting, "nearest", None)  # what aligns
    assert fit.edits("的工作" * 900) == 3 * CHUNK
    monkeypatch.undo()
    assert fit.edits("的" * CHUNK) == 2 * CHUNK


def test_deleted_items_are_in_no_answer(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    sources = sorted({record["source"] for record in records})
    with WhooshSink(tmp_path) as sink:
        sink.add(records)
        sink.commit()
    with WhooshSink(tmp_path) as sink:
        sink.remove(sources[0])
        sink.commit()
    gone = next(r for r in records if r["source"] == sources[0] and len(r["text"]) > 100)
    with open_index(tmp_path) as opened:
        for quoted in (gone["text"][:90], gone["text"][:40] + "龘" + gone["text"][40:90]):
            found = checked(opened, quoted)
            assert found.verdict is not Verdict.VERBATIM
            assert not found.passage or all(
                item["source"] != sources[0] for item in found.passage.items
            )


def test_those_within_are_checked_where_the_whole_is_not_found(index: Index) -> None:
    inner = "深入推进商务厅下放委托行政许可事项"
    text = f"“有学者在二〇二四年的一次访谈中这样总结此前经历过的种种变化与波折：‘{inner}’”"
    found = check(index, list(quotations(plain(text))))
    assert [each.finding.verdict for each in found] == [Verdict.NOT_FOUND, Verdict.VERBATIM]
    assert found[1].quotation.text == inner


def test_one_changed_character_is_all_that_differs(
    index: Index, records: list[dict[str, Any]]
) -> None:
    for _, _, quoted in taken(records, 150, seed=7, least=20, most=64):
        at = random.Random(quoted).randrange(len(quoted) // 4, len(quoted))
        if quoted[at].isalpha():
            found = checked(index, quoted[:at] + "龘" + quoted[at + 1 :])
            assert found.passage and found.passage.edits == 1, (quoted, at)
