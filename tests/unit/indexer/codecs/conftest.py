"""Records to build segments from, and what a segment says in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer.codecs.builder import Builder
from chabao.indexer.codecs.segment import POSTINGS, Segment
from chabao.indexer.fields import CALENDAR, KEYWORDS, ORDER, TEXT, WORDS

Record = dict[str, Any]
PHRASES = [
    "川渝通办", "一网通办", "政务服务", "，", "。", "商务厅", "2023年", "abc", "開展", "在", "𠀀",
]  # fmt: skip


def make_record(number: int, random: Random) -> Record:
    text = "".join(random.choices(PHRASES, k=random.randint(0, 30)))
    return {
        **dict.fromkeys(ORDER),
        "schema": 1, "id": f"id{number}", "source": f"{number % 4}.txt", "line": number,
        "title": random.choice([None, "窗口工作周报"]), "serial": number // 5,
        "date": random.choice([None, "2023-02-08", "2024-12-31"]),
        "period": {"first": random.choice([None, "2023-01-01"]), "last": None},
        "section": random.choice([[], ["一、概况"], ["二、动态", "（一）工作"]]), "item": "",
        "department": random.sample(["商务厅", "公安厅", "成都市商务局"], random.randint(0, 3)),
        "dates": [], "text": text, "inferred": [], "lines": [[0, number]],
    }  # fmt: skip


def said(segment: Segment) -> dict[str, Any]:
    """Everything that a segment answers with."""
    fields = {}
    for field in (TEXT, WORDS, *KEYWORDS):
        terms = segment.terms(field)
        fields[field] = {
            term: terms.posting(at).unpack().tolist() for at, term in enumerate(terms.all())
        }
    return {
        "size": segment.size, "words": segment.words, "characters": segment.characters,
        "starts": segment.starts.whole().tolist(),
        "word counts": segment.word_counts.whole().tolist(),
        "columns": {name: segment.columns[name].whole().tolist() for name in CALENDAR},
        "records": [segment.record(document) for document in range(segment.size)],
        **fields,
    }  # fmt: skip


@pytest.fixture
def records() -> Callable[[int, int], list[Record]]:
    """So many records, by seed."""

    def make(count: int, seed: int) -> list[Record]:
        random = Random(seed)
        return [make_record(number, random) for number in range(count)]

    return make


@pytest.fixture
def segment_of(tmp_path: Path) -> Callable[[str, Sequence[Record]], Segment]:
    """A segment built of records under a name."""

    def build(name: str, given: Sequence[Record]) -> Segment:
        builder = Builder(tmp_path, name)
        for record in given:
            builder.add(record)
        builder.close()
        return Segment(tmp_path / (name + POSTINGS))

    return build


@pytest.fixture
def saying() -> Callable[[Segment], dict[str, Any]]:
    return said
