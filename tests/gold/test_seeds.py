"""The five bulletins, read by hand: every item, heading, label, department and date."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer import departments, parser, reader
from chabao.indexer.bulletin import Issue

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "corpus"
SEEDS: dict[str, Any] = json.loads(HERE.joinpath("seeds.json").read_text(encoding="utf-8"))
QUOTES = str.maketrans("“”‘’", "\"\"''")


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(QUOTES)).translate(QUOTES)
    return re.sub(r"\s|\*\*", "", folded)


@pytest.fixture(params=sorted(SEEDS))
def seed(request: pytest.FixtureRequest) -> tuple[Issue, dict[str, Any]]:
    name: str = request.param
    return parser.parse(reader.read(CORPUS / name), name), SEEDS[name]


def test_metadata(seed: tuple[Issue, dict[str, Any]]) -> None:
    issue, gold = seed
    assert issue.period
    assert {
        "title": issue.title,
        "number": issue.number,
        "serial": issue.serial,
        "publisher": issue.publisher,
        "date": str(issue.date),
        "start": str(issue.period.first),
        "end": str(issue.period.last),
    } == {key: value for key, value in gold.items() if key != "items"}


def test_items(seed: tuple[Issue, dict[str, Any]]) -> None:
    issue, gold = seed
    provincial = set(departments.canonical())
    found = [
        {
            "section": [plain(heading) for heading in item.section],
            "number": item.label,
            "department": [name for name in item.departments if name in provincial],
            "dates": [{"first": str(d.first), "last": str(d.last)} for d in item.dates],
        }
        for item in issue.items
    ]
    keys = ("section", "number", "department", "dates")
    wanted = [{key: item[key] for key in keys} for item in gold["items"]]
    for item in wanted:
        item["section"] = [plain(heading) for heading in item["section"]]
    assert found == wanted


def test_each_text_starts_and_ends_where_it_should(seed: tuple[Issue, dict[str, Any]]) -> None:
    issue, gold = seed
    for item, wanted in zip(issue.items, gold["items"], strict=True):
        assert plain(item.text.chars).startswith(plain(wanted["starts"]))
        assert plain(item.text.chars).endswith(plain(wanted["ends"]))


def test_labels_of_headings_have_full_width_brackets() -> None:
    name = "001_dcc1ac3a32bd1c5e.txt"
    issue = parser.parse(reader.read(CORPUS / name), name)
    assert [item.section for item in issue.items] == [
        tuple(item["section"]) for item in SEEDS[name]["items"]
    ]


def test_there_are_78() -> None:
    assert sum(len(seed["items"]) for seed in SEEDS.values()) == 78
