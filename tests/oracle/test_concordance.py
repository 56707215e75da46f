# ruff: noqa: RUF001 - full-width letters and digits are meant
"""A concordance counts what a plain scan with its own folding counts, term by term and together."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import Any

import pytest
from oracle.scan import fold, folded, standing

from chabao.search.concordance import Sort, concordance
from chabao.search.engine import Index, open_index
from chabao.search.query import Literal
from chabao.search.tallies import By, tally

SEED = 20261121
Records = list[dict[str, Any]]
Places = set[tuple[str, int, int]]

pytest.importorskip("re2")


@pytest.fixture(params=["whole", "parted"])
def index(request: pytest.FixtureRequest) -> Index:
    opened = open_index(request.getfixturevalue(request.param))
    assert any(segment.deleted for segment in opened.segments) is (request.param == "parted")
    return opened


class World:
    """The records, each folded once by the scan's own folding."""

    def __init__(self, records: Records) -> None:
        self.items = {record["id"]: record for record in records}
        self.texts = {name: folded(record["text"]) for name, record in self.items.items()}

    def literal(self, term: str) -> Places:
        return {
            (name, offsets[start], offsets[end - 1] + 1)
            for name, (text, offsets) in self.texts.items()
            for start, end in standing(text, Literal(term))
        }

    def pattern(self, pattern: str) -> Places:
        return {
            (name, offsets[found.start()], offsets[found.end() - 1] + 1)
            for name, (text, offsets) in self.texts.items()
            for found in re.finditer(pattern, text)
            if found[0]
        }

    def written(self, pattern: str) -> Places:
        return {
            (name, *found.span())
            for name, item in self.items.items()
            for found in re.finditer(pattern, item["text"])
            if found[0]
        }

    def counts(self, places: Places) -> tuple[int, int, int, int]:
        items = [self.items[name] for name in {name for name, _, _ in places}]
        issues = {item["source"] for item in items}  # a file holds one issue here
        departments = {name for item in items for name in item["department"]}
        return len(places), len(items), len(issues), len(departments)


@pytest.fixture(scope="module")
def world(records: Records) -> World:
    return World(records)


def drawn(world: World, random: Random) -> str:
    """A string of one to six characters that stands somewhere."""
    text = random.choice(list(world.items.values()))["text"]
    start = random.randrange(len(text))
    return text[start : start + random.randint(1, 6)]


def places(lines: Any) -> Places:
    return {(line.id, line.start, line.end) for line in lines}


def held_together(found: Any, world: World) -> None:
    """What must be true of any concordance without a limit."""
    assert len(places(found.lines)) == len(found.lines) == found.counts.mentions
    for line in found.lines:
        text = world.items[line.id]["text"]
        assert text[line.start : line.end] == line.text
        assert text[: line.start].endswith(line.left) and text[line.end :].startswith(line.right)
        assert len(line.left) == min(line.start, found.context)
        assert len(line.right) == min(len(text) - line.end, found.context)


def test_every_number_is_that_of_a_plain_scan(index: Index, kernel: str, world: World) -> None:
    random, several = Random(SEED), 0
    for _ in range(60):
        terms = [drawn(world, random) for _ in range(random.randint(1, 3))]
        terms = list(dict.fromkeys(filter(fold, terms)))
        found = concordance(index, terms, literal=True, sort=random.choice(list(Sort)))
        scanned = {term: world.literal(term) for term in terms}
        together = set().union(*scanned.values())
        assert places(found.lines) == together, terms
        assert astuple(found.counts) == world.counts(together), terms
        assert {term: astuple(counts) for term, counts in found.by_term.items()} == {
            term: world.counts(stood) for term, stood in scanned.items()
        }
        for line in found.lines:
            here = (line.id, line.start, line.end)
            assert set(line.terms) == {term for term in terms if here in scanned[term]}
        held_together(found, world)
        several += len(terms) > 1
    assert several > 20


def astuple(counts: Any) -> tuple[int, int, int, int]:
    return counts.mentions, counts.items, counts.issues, counts.departments


def test_a_table_holds_the_numbers_of_a_plain_scan(index: Index, kernel: str, world: World) -> None:
    random = Random(SEED)
    terms = list(dict.fromkeys(filter(fold, (drawn(world, random) for _ in range(40)))))
    found = tally(index, terms, literal=True, by=By.ISSUE)
    numbers = {item["number"] for item in world.items.values()}
    assert set(found.periods) == numbers and len(numbers) == 5
    for row, term in zip(found.rows, terms, strict=True):
        scanned = world.literal(term)
        times = Counter(world.items[name]["number"] for name, _, _ in scanned)
        assert dict(zip(found.periods, row.counts, strict=True)) == {
            number: times[number] for number in numbers
        }, term
        assert (row.term, row.mentions) == (term, len(scanned))
    assert found.mentions == sum(found.totals) == sum(row.mentions for row in found.rows)
    for by in (By.YEAR, By.QUARTER, By.MONTH):
        other = tally(index, terms, literal=True, by=by)
        assert [row.mentions for row in other.rows] == [row.mentions for row in found.rows]
        assert all(sum(row.counts) == row.mentions for row in other.rows)


PATTERNS = [
    r"[川省]\w通办", r"\d+件", r"\d{4}年\d{1,2}月\d{1,2}日", r"受理(\d+)件", r"办(?:理|结|件)+",
    r"“.{2,6}?”", r"[一-龥]{2,4}(?:厅|局)", r"\D\d\D", r"通辦", r"（[^）]*）", r"\W", r"[^\w，。]+",
    r"^.", r".$", r"川.*办", r"(一|二|三)网?", r"[０-９]+", r"\Qg.\E?办", r"\x{529e}\p{Han}",
    r"a+", r"(?i)VPN|[A-Z]+", r"[\d、]+", r"办\Z", r"[［{(]", r"(?:办|理)(?:办|理)?",
]  # fmt: skip
"""None of them can match the empty text first; the scan's pattern follows where signs differ."""
ELSE = {
    r"通辦": "通办", r"（[^）]*）": r"\([^)]*\)", r"“.{2,6}?”": '".{2,6}?"', r"[０-９]+": "[0-9]+",
    r"\Qg.\E?办": r"g\.?办", r"\x{529e}\p{Han}": "办[\u4e00-\u9fff]", r"(?i)VPN|[A-Z]+": "[a-z]+",
    r"[［{(]": r"\(", r"[^\w，。]+": r"[^\w,。]+",
}  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_python_matches(index: Index, world: World, pattern: str) -> None:
    found = concordance(index, [pattern], regex=True)
    assert not found.fatal
    scanned = world.pattern(ELSE.get(pattern, pattern))
    assert places(found.lines) == scanned
    assert astuple(found.counts) == world.counts(scanned)
    held_together(found, world)


@pytest.mark.parametrize("pattern", [r"（[^）]*）", "“[^”]+”", "VPN|APP", r"\d+件", "[A-Z]+", "辦"])
def test_a_pattern_over_the_text_as_written(index: Index, world: World, pattern: str) -> None:
    found = concordance(index, [pattern], regex=True, as_written=True)
    assert places(found.lines) == world.written(pattern)


def test_random_patterns_match_what_python_matches(index: Index, world: World) -> None:
    """Two pieces that stand near one another, and what may be between."""
    random, some = Random(SEED), 0
    joints = [".{0,9}", ".{0,9}?", "|", r"\d*", "[^。]*", "(?:.|$)", r"\w{1,3}", r"\W?.*?"]
    for _ in range(60):
        text, _offsets = random.choice(list(world.texts.values()))
        start = random.randrange(len(text))
        piece, later = text[start : start + 2], text[start + 2 + random.randint(0, 5) :][:1]
        pattern = re.escape(piece) + random.choice(joints) + re.escape(later or "。")
        scanned = world.pattern(pattern)
        assert places(concordance(index, [pattern], regex=True).lines) == scanned, pattern
        some += bool(scanned)
    assert some > 25
