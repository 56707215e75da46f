"""Bulletins read by hand: every item, heading, label, department and date.

The five real ones, and others written for testing in their styles: other bodies, other times.
"""

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
CORPUS, MADE = HERE.parent.parent / "corpus", HERE / "made"


def load(path: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return gold


SEEDS, OTHERS = load(HERE / "seeds.json"), load(MADE / "made.json")
GOLD = {CORPUS / name: seed for name, seed in SEEDS.items()}
GOLD |= {MADE / name: gold for name, gold in OTHERS.items()}
AUTHORITIES: dict[str, list[str]] = load(MADE / "authorities.json")
QUOTES = str.maketrans("“”‘’", "\"\"''")

Read = tuple[Issue, dict[str, Any]]


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(QUOTES)).translate(QUOTES)
    return re.sub(r"\s|\*\*", "", folded)


@pytest.fixture(params=sorted(GOLD), ids=lambda path: path.name)
def bulletin(request: pytest.FixtureRequest) -> Read:
    path: Path = request.param
    return parser.parse(reader.read(path), path.name), GOLD[path]


def test_metadata(bulletin: Read) -> None:
    issue, gold = bulletin
    period = issue.period
    assert {
        "title": issue.title,
        "number": issue.number,
        "serial": issue.serial,
        "publisher": issue.publisher,
        "date": str(issue.date),
        "start": period and str(period.first),
        "end": period and str(period.last),
    } == {key: value for key, value in gold.items() if key != "items"}


def test_items(bulletin: Read) -> None:
    issue, gold = bulletin
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


def test_each_text_starts_and_ends_where_it_should(bulletin: Read) -> None:
    issue, gold = bulletin
    for item, wanted in zip(issue.items, gold["items"], strict=True):
        assert plain(item.text.chars).startswith(plain(wanted["starts"]))
        assert plain(item.text.chars).endswith(plain(wanted["ends"]))


def test_labels_of_headings_have_full_width_brackets() -> None:
    name = "001_dcc1ac3a32bd1c5e.txt"
    issue = parser.parse(reader.read(CORPUS / name), name)
    assert [item.section for item in issue.items] == [
        tuple(item["section"]) for item in SEEDS[name]["items"]
    ]


def test_nothing_is_left_out() -> None:
    assert sum(len(seed["items"]) for seed in SEEDS.values()) == 78
    assert {path.name for path in CORPUS.glob("*.txt")} == set(SEEDS)
    assert {path.name for path in MADE.glob("*.txt")} == set(OTHERS)


@pytest.mark.parametrize("text", AUTHORITIES)
def test_all_and_only_the_provincial_departments(text: str) -> None:
    provincial = set(departments.canonical())
    found = [name for name in departments.find(text) if name in provincial]
    assert found == AUTHORITIES[text]
