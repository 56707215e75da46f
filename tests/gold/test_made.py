"""Bulletins written for testing, in the styles of the real ones: other bodies, other times."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer import departments, parser, reader
from chabao.indexer.bulletin import Issue

MADE = Path(__file__).parent / "made"
GOLD: dict[str, Any] = json.loads(MADE.joinpath("made.json").read_text(encoding="utf-8"))
AUTHORITIES: dict[str, list[str]] = json.loads(
    MADE.joinpath("authorities.json").read_text(encoding="utf-8")
)
QUOTES = str.maketrans("“”‘’", "\"\"''")


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(QUOTES)).translate(QUOTES)
    return re.sub(r"\s|\*\*", "", folded)


@pytest.fixture(params=sorted(GOLD))
def made(request: pytest.FixtureRequest) -> tuple[Issue, dict[str, Any]]:
    name: str = request.param
    return parser.parse(reader.read(MADE / name), name), GOLD[name]


def test_made_metadata(made: tuple[Issue, dict[str, Any]]) -> None:
    issue, gold = made
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


def test_made_items(made: tuple[Issue, dict[str, Any]]) -> None:
    issue, gold = made
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


def test_each_made_text_starts_and_ends_where_it_should(
    made: tuple[Issue, dict[str, Any]],
) -> None:
    issue, gold = made
    for item, wanted in zip(issue.items, gold["items"], strict=True):
        assert plain(item.text.chars).startswith(plain(wanted["starts"]))
        assert plain(item.text.chars).endswith(plain(wanted["ends"]))


def test_every_file_has_gold() -> None:
    assert {path.name for path in MADE.glob("*.txt")} == set(GOLD)


@pytest.mark.parametrize("text", AUTHORITIES)
def test_all_and_only_the_provincial_departments(text: str) -> None:
    provincial = set(departments.canonical())
    found = [name for name in departments.find(text) if name in provincial]
    assert found == AUTHORITIES[text]
