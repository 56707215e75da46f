"""The five bulletins, written in each format and read again, are the bulletins."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from roundtrip import render
from roundtrip.renderings import KEPT, PDFS, RENDERINGS, Indexed, Record, fold, source

from chabao.indexer import reader
from chabao.search.mentions import mentions

LOST = {
    "txt": {"page": "text has no pages"},
    "docx": {"page": "a Word file has no pages before it is laid out, by each program otherwise"},
    "html": {"page": "a web page has no pages"},
    "htm": {"page": "a web page has no pages"},
    "pdf": {},
}
"""What a format cannot keep, and why."""
FURNITURE = {
    "000": ["窗口工作周报"],
    "001": ["-"] * 6,
    "002": ["经"],
    "003": [],
    "004": ["-", "-", "-2-", *"------", "-4-", *"-----"],
}
"""What stands in an original and in no paragraph, in order: heads, bullets, a doubled character."""

Rendered = Callable[[str], Indexed]
kinds = pytest.mark.parametrize("kind", RENDERINGS)
names = pytest.mark.parametrize("name", render.NAMES)


@names
def test_paragraphs_listed_by_hand_are_the_bulletins(root: Path, name: str) -> None:
    """Nothing is missing in them, nothing added but layout."""
    original = "".join(reader.read(source(name, root)).replace("**", "").split())
    parts = [part.plain for part in render.paragraphs(name) if part.kind != "running"]
    assert not_in("".join("".join(parts).split()), original) == FURNITURE[name]


def not_in(part: str, whole: str) -> list[str]:
    """What must be taken out of `whole` to leave `part`, longest stretches."""
    found, at = [], 0
    for start in range(len(whole)):
        if at < len(part) and whole[start] == part[at]:
            at += 1
            continue
        if found and start and whole[start - 1] != part[at - 1]:
            found[-1] += whole[start]
        else:
            found.append(whole[start])
    assert at == len(part)
    return found


@names
@kinds
def test_items_and_what_is_said_of_them(
    kind: str, name: str, rendered: Rendered, originals: Indexed
) -> None:
    kept = [{key: record[key] for key in KEPT} for record in rendered(kind).records[name]]
    assert kept == [{key: record[key] for key in KEPT} for record in originals.records[name]]


@names
@kinds
def test_texts(kind: str, name: str, rendered: Rendered, originals: Indexed) -> None:
    assert texts(rendered(kind).records[name]) == texts(originals.records[name])


def texts(records: Sequence[Record]) -> list[str]:
    return [fold(record["text"]) for record in records]


@kinds
def test_mentions(kind: str, rendered: Rendered, originals: Indexed) -> None:
    whole = [text for name in render.NAMES for text in texts(originals.records[name])]
    for text in cut(whole, 300):
        found = len(mentions(rendered(kind).index, text, literal=True).rows)
        assert found == sum(occurrences(text, each) for each in whole), text


def cut(texts: Sequence[str], count: int) -> list[str]:
    """Strings of one to eight characters, from anywhere."""
    dice = random.Random(6)
    found = []
    while len(found) < count:
        text, length = dice.choice(texts), dice.randint(1, 8)
        start = dice.randrange(len(text))
        found.append(text[start : start + length])
    return found


def occurrences(text: str, within: str) -> int:
    return sum(within.startswith(text, at) for at in range(len(within)))


@names
@pytest.mark.parametrize("kind", PDFS)
def test_pages_of_pdf_are_those_on_which_items_begin(
    kind: str, name: str, rendered: Rendered
) -> None:
    """As another program than the one that is used here tells the pages."""
    pages = json.loads((render.PDF / "pages.json").read_text(encoding="utf-8"))
    found = [record["page"] for record in rendered(kind).records[name]]
    assert found == pages[f"{name}-{PDFS[kind]}"]


@kinds
def test_nothing_else_is_lost(kind: str, rendered: Rendered, originals: Indexed) -> None:
    """What a format cannot keep is null, and it is nothing but what is listed."""
    lost = set(LOST[RENDERINGS[kind].suffix])
    for name, records in rendered(kind).records.items():
        for record, original in zip(records, originals.records[name], strict=True):
            assert record.keys() == original.keys()
            null = {key for key in record if record[key] is None and original[key] is not None}
            assert null | {key for key in ("page",) if record[key] is None} == lost


@kinds
def test_nothing_is_refused_or_looks_wrong(kind: str, rendered: Rendered) -> None:
    report = rendered(kind).report
    assert (report.issues, report.refused, report.remarks, report.copies) == (5, (), (), ())
