"""The texts and questions of the benchmarks: the same each time, and counted right."""

from __future__ import annotations

import gzip
import json
import re
import sys
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import machine, texts, truth
from benchmarks.engine import Query, Shape, Want
from benchmarks.queries import Drawer, queries
from benchmarks.texts import Doc
from benchmarks.words import words

PARAGRAPHS = (
    "四川省推进政务服务“川渝通办”，全年办理１２３４５件，群众满意度达到99.8％，比上年提高。",
    "优化营商环境，推进“互联网+政务服务”改革；全省网办率继续提高，窗口作风继续改进。",
    "太短的一行。",
    "重庆市和四川省联合推进川渝两省办理事项，總結經驗，群众少跑路，窗口服务水平继续提高。",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl.gz"
    report = {"title": "2023年政府工作报告", "content": "\n\n".join(PARAGRAPHS)}
    path.write_bytes(gzip.compress(json.dumps(report).encode()))
    return path


def docs(*lines: str) -> list[Doc]:
    return [
        Doc(number, f"202{number}-03-01", ("", ""), "教育厅", "", text)
        for number, text in enumerate(lines)
    ]


def query(shape: Shape, *terms: str, first: str = "", last: str = "") -> Query:
    whole = shape is not Shape.PHRASE
    pieces = tuple((term,) if whole else tuple(words(term)) for term in terms)
    return Query("", shape, Want.TOP, terms, pieces, first, last)


def test_texts_grow_the_same_each_time_and_begin_with_their_source(source: Path) -> None:
    few, many = list(islice(texts.grow(source), 5)), list(islice(texts.grow(source), 300))
    assert many[:5] == few
    assert [doc.id for doc in many] == list(range(300))
    assert "总结经验，群众少跑路" in few[2].text
    assert "12345件" in few[0].text and "99.8%" in few[0].text
    assert len({doc.text for doc in many}) > 100
    assert all(doc.period[0] < doc.period[1] < doc.date for doc in many)
    assert texts.grow(source, seed=1) is not None
    assert list(islice(texts.grow(source, seed=1), 300)) != many


def test_what_was_prepared_is_read_back(source: Path, tmp_path: Path) -> None:
    path = texts.prepare(source, tmp_path / "work", 1)
    assert list(texts.read(path)) == list(islice(texts.grow(source), texts.BASE))


def test_questions_are_drawn_the_same_and_answered_by_something(source: Path) -> None:
    base = list(islice(texts.grow(source), 400))
    asked = queries(base, 5)
    assert asked == queries(base, 5)
    scan = truth.Scan(base)
    assert all(scan.answer(one) for one in asked if one.shape not in (Shape.RANGE, Shape.NOT))
    forms = {one.kind: one.terms[0] for one in asked}
    assert re.fullmatch(".[?]..", forms["pattern"]) and re.fullmatch(".[*].", forms["gap"])
    assert re.search("[0-9A-Za-z]", forms["mixed"]) and len(forms["character"]) == 1


def test_a_drawer_takes_rare_words_for_rare(source: Path) -> None:
    drawer = Drawer(list(islice(texts.grow(source), 400)))
    assert all(drawer.frequency[word] <= 5 for word in drawer.rare)
    assert all(drawer.frequency[word] >= 8 for word in drawer.common)


HELD = docs("川渝通办好", "好渝通办川", "四川办理通办", "川川川，办", "国务院办公厅")


@pytest.mark.parametrize(
    ("asked", "characters", "by_words"),
    [
        (query(Shape.TERM, "办公厅"), {4}, {4}),
        (query(Shape.TERM, "国务"), {4}, {4}),
        (query(Shape.PHRASE, "渝通办"), {0, 1}, None),
        (query(Shape.PATTERN, "川?通办"), {0}, None),
        (query(Shape.PATTERN, "川?办"), {3}, None),
        (query(Shape.GAP, "川*办"), {0, 2, 3}, None),
        (query(Shape.NEAR, "办", "川"), {0, 1, 2, 3}, None),
        (query(Shape.NOT, "通办", "四川"), {0, 1}, None),
        (query(Shape.ALL, "通办", "好"), {0, 1}, None),
        (query(Shape.ANY, "四川", "国务院"), {2, 4}, {2, 4}),
        (query(Shape.RANGE, "川", first="2021-01-01", last="2022-03-01"), {1, 2}, None),
    ],
)
def test_a_plain_scan_counts_right(
    asked: Query, characters: set[int], by_words: set[int] | None
) -> None:
    assert truth.Scan(HELD).answer(asked) == characters
    if by_words is not None:
        assert truth.Tokens(HELD, [asked]).answer(asked) == by_words


def test_words_in_a_row_are_not_words_apart() -> None:
    held = docs("推进改革开放", "改革，开放", "开放改革", "改革和开放")
    asked = query(Shape.PHRASE, "改革开放")
    scattered = Query("", Shape.PHRASE, Want.TOP, ("",), (("改革", "开放"),))
    assert truth.Scan(held).answer(asked) == {0}
    assert 1 in truth.Tokens(held, [scattered]).answer(scattered)
    assert not {2, 3} & truth.Tokens(held, [scattered]).answer(scattered)


def test_overlapping_places_each_count() -> None:
    assert truth.Scan(docs("人人人人")).places("人人") == [0, 1, 2]


def test_the_machine_is_described_without_its_name() -> None:
    import platform

    told = json.dumps(machine.describe())
    assert "cores" in told
    assert platform.node() not in told or not platform.node()
