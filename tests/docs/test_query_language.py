"""Every example in the page on the query language reads as the page says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from chabao.search import calendar, language, lexer, terms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "query-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \|.*\| `([^`]+)` \|$", re.M)
EXAMPLES = [(line.replace("\\|", "|"), read) for line, read in ROW.findall(TEXT)]
DATES = re.search(r"^日期可以写：(.+?)。", TEXT, re.M)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(("line", "understood"), EXAMPLES)
def test_examples(line: str, understood: str) -> None:
    query = language.parse(line)
    assert query.node is not None
    assert query.understood == understood


def test_dates() -> None:
    assert DATES is not None
    phrases = re.findall("`([^`]+)`", DATES[1])
    assert len(phrases) > 15
    assert [text for text in phrases if calendar.days(text, date(2023, 5, 17)) is None] == []


EXPLAINED = re.findall(r"^\| `([^`]+)` \| (\d\S+) (?:至 (\S+)|(起|止)) \|", TEXT, re.M)


@pytest.mark.parametrize(("phrase", "first", "last", "open_end"), EXPLAINED)
def test_explained_dates(phrase: str, first: str, last: str, open_end: str) -> None:
    ends = (first, last) if last else (first, None) if open_end == "起" else (None, first)
    found = calendar.days(phrase, date(2023, 5, 17))
    assert found is not None
    assert tuple(day and day.isoformat() for day in found) == ends


def test_ambiguous_dates() -> None:
    assert len(EXPLAINED) > 12
    refused = re.search("^不猜的：(.+)$", TEXT, re.M)
    assert refused
    for phrase in ("前三个月", "8日", "去年同期", "近期", "1.16"):
        assert f"`{phrase}`" in refused[1]
        assert calendar.days(phrase, date(2023, 5, 17)) is None


def test_names_and_limits() -> None:
    assert [name for name in lexer.FIELDS if name not in TEXT and name != "期号"] == []
    for limit in (
        language.MAX_LINE, language.MAX_TERMS, language.FARTHEST, terms.MAX_CHARACTERS,
        lexer.MAX_DEPTH, terms.MAX_GAPS, terms.MAX_GAP,
    ):  # fmt: skip
        assert len(re.findall(rf"(?<![\d,]){limit:,}(?![\d,])", TEXT)) >= 2
