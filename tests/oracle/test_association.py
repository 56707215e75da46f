"""Collocates and keywords equal a slow count that knows nothing of the engine: over the bulletins
and over texts made at random, cut as the segmenter cuts and in any other way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer.folding import fold, fold_text
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.indexer.tokens import cut as segmented
from chabao.search import engine
from chabao.search.collocation import collocates
from chabao.search.filters import Filters
from chabao.search.keyness import keywords

Records = list[dict[str, Any]]
Cut = Callable[[str], Sequence[str]]
Spot = tuple[int, int]
"""An item's number and a word's number in it."""


def threes(text: str) -> list[str]:
    """A segmenter of no sense: cuts every three characters, so that mentions straddle words."""
    return [text[at : at + 3] for at in range(0, len(text), 3)]


def loglikelihood(a: int, b: int, c: int, d: int) -> float:
    """As a textbook writes it: the four cells against what independence expects of each."""
    n = a + b + c + d
    total = 0.0
    for cell, row, column in ((a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c),
                              (d, c + d, b + d)):  # fmt: skip
        if cell:
            total += cell * (math.log(cell) - math.log(row * column / n))
    return 2 * total


class Texts:
    """Folded texts as lists of (word, first character, last character), punctuation left out."""

    def __init__(self, records: Records, cut: Cut) -> None:
        self.texts = [fold_text(record["text"]) for record in records]
        self.words: list[list[tuple[str, int, int]]] = []
        for text in self.texts:
            at, found = 0, []
            for token in cut(text):
                if any(char.isalnum() for char in token):
                    found.append((token, at, at + len(token) - 1))
                at += len(token)
            assert at == len(text)
            self.words.append(found)

    def mentions(self, term: str) -> list[tuple[int, int, int]]:
        return [
            (number, at, at + len(term) - 1)
            for number, text in enumerate(self.texts)
            for at in range(len(text))
            if text[at : at + len(term)] == term
        ]

    def spots(self) -> set[Spot]:
        return {(n, at) for n, words in enumerate(self.words) for at in range(len(words))}

    def inside(self, term: str) -> set[Spot]:
        return {
            (number, at)
            for number, first, last in self.mentions(term)
            for at, (_, begin, end) in enumerate(self.words[number])
            if begin <= last and end >= first
        }

    def windows(self, term: str, size: int) -> set[Spot]:
        found: set[Spot] = set()
        for number, first, last in self.mentions(term):
            words = self.words[number]
            before = [at for at, word in enumerate(words) if word[2] < first]
            behind = [at for at, word in enumerate(words) if word[1] > last]
            found |= {(number, at) for at in [*before[-size:], *behind[:size]]}
        return found - self.inside(term)

    def word(self, spot: Spot) -> str:
        return self.words[spot[0]][spot[1]][0]


def slow_collocates(texts: Texts, term: str, size: int) -> dict[str, tuple[float, ...]]:
    near, outside = texts.windows(term, size), texts.spots() - texts.inside(term)
    said, found = len(texts.mentions(term)), {}
    for word in {texts.word(spot) for spot in near}:
        both = sum(texts.word(spot) == word for spot in near)
        frequency = sum(texts.word(spot) == word for spot in outside)
        cells = (both, len(near) - both, frequency - both,
                 len(outside) - len(near) - frequency + both)  # fmt: skip
        expected = len(near) * frequency / len(outside)
        dice = 14 + math.log2(2 * both / (said + frequency))
        found[word] = (both, frequency, expected, loglikelihood(*cells), dice)
    return found


def held(index: engine.Index, texts: Texts, term: str, cut: Cut, size: int) -> int:
    """Compares one term's collocates, all of them; how many there are."""
    found = collocates(index, term, cut, window=size, all_words=True, literal=True)
    slow = slow_collocates(texts, fold(term), size)
    assert {row.word for row in found.rows} == set(slow)
    assert len(found.rows) == len(slow) == found.kinds
    assert found.mentions == len(texts.mentions(fold(term)))
    if found.mentions:
        assert found.near == len(texts.windows(fold(term), size))
        assert found.words == len(texts.spots() - texts.inside(fold(term)))
    for row in found.rows:
        got = (row.count, row.frequency, row.expected, row.g2, row.log_dice)
        assert got == pytest.approx(slow[row.word], rel=1e-9, abs=1e-6), row.word
    return len(slow)


@pytest.mark.parametrize("place", ["whole", "parted"])
@pytest.mark.parametrize("cut", [segmented, threes])
def test_collocates_of_the_bulletins(
    place: str, cut: Cut, records: Records, request: pytest.FixtureRequest
) -> None:
    texts = Texts(records, cut)
    with engine.open_index(request.getfixturevalue(place)) as index:
        for term, size in [("川渝通办", 5), ("通办", 2), ("办", 1), ("营商环境", 9), ("）", 3)]:
            assert held(index, texts, term, cut, size) > 5


def made(random: Random) -> Records:
    """Short texts of few signs, so that mentions overlap, touch the ends and one another."""
    days = ["2023-01-10", "2023-02-10", "2023-03-10", None]
    found = []
    for number in range(12):
        text = "".join(random.choices("甲乙丙1a，。 ", k=random.randint(1, 60))).strip() or "甲"
        day = random.choice(days)
        found.append({
            "schema": 1, "id": f"made{number}", "title": "月报", "number": None, "serial": None,
            "date": day, "period": {"first": day, "last": day}, "publisher": "", "section": [],
            "item": "", "department": [], "dates": [], "text": text,
            "source": f"{number % 5}.txt", "line": number + 1, "page": None, "inferred": [],
            "lines": [[0, number + 1]],
        })  # fmt: skip
    return found


@pytest.fixture(params=range(4))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Records, Path, Random]:
    random = Random(request.param)
    records = made(random)
    for part in (records[:5], records[5:]):
        with WhooshSink(tmp_path) as sink:
            sink.add(part)
            sink.commit()
    return records, tmp_path, random


def test_collocates_of_made_texts(world: tuple[Records, Path, Random], kernel: str) -> None:
    records, path, random = world
    with engine.open_index(path) as index:
        for cut in (segmented, threes, list):
            texts = Texts(records, cut)
            for _ in range(10):
                term = "".join(random.choices("甲乙丙1，", k=random.randint(1, 3)))
                held(index, texts, term, cut, random.randint(1, 6))


def slow_keywords(ours: Texts, theirs: Texts) -> dict[str, tuple[float, ...]]:
    own = [ours.word(spot) for spot in ours.spots()]
    other = [theirs.word(spot) for spot in theirs.spots()]
    found = {}
    for word in {*own, *other}:
        a, b = own.count(word), other.count(word)
        g2 = loglikelihood(a, len(own) - a, b, len(other) - b)
        here, there = a / len(own), b / len(other)
        ratio = math.log2((a or 0.5) / len(own) * len(other) / (b or 0.5))
        found[word] = (
            a,
            b,
            g2,
            ratio,
            0 if math.isclose(here, there) else 1 if here > there else -1,
        )
    return found


def compared(index: engine.Index, ours: Records, theirs: Records, cut: Cut, **asked: Any) -> int:
    found = keywords(index, cut, all_words=True, **asked)
    one, other = Texts(ours, cut), Texts(theirs, cut)
    assert found.focus and found.against
    assert (found.focus.items, found.against.items) == (len(ours), len(theirs))
    assert (found.focus.words, found.against.words) == (len(one.spots()), len(other.spots()))
    slow = slow_keywords(one, other)
    assert {row.word for row in found.rows} == set(slow)
    for row in found.rows:
        got = (row.count, row.other_count, row.g2, row.log_ratio, row.more)
        assert got == pytest.approx(slow[row.word], rel=1e-9, abs=1e-6), row.word
        assert row.items == sum(row.word in [word[0] for word in words] for words in one.words)
        assert row.other_items == sum(
            row.word in [word[0] for word in words] for words in other.words
        )
    return len(slow)


@pytest.mark.parametrize("place", ["whole", "parted"])
def test_keywords_of_the_bulletins(
    place: str, records: Records, request: pytest.FixtureRequest
) -> None:
    with engine.open_index(request.getfixturevalue(place)) as index:
        spring = [each for each in records if "2023-01" <= each["date"] <= "2023-06"]
        autumn = [each for each in records if "2023-07" <= each["date"] <= "2023-12"]
        rest = [each for each in records if each not in spring]
        chosen = Filters(period=("2023-01..2023-02-01",))
        covering = [each for each in records if each["period"]["first"] <= "2023-02-01"
                    and each["period"]["last"] >= "2023-01-01"]  # fmt: skip
        late = [each for each in records if each["period"]["last"] >= "2023-06-01"]
        dated = Filters(since=date(2023, 1, 1), until=date(2023, 6, 30))
        many = compared(index, spring, autumn, segmented, filters=dated, against="2023年下半年")
        assert many > 500
        if place == "whole":
            return
        assert compared(index, spring, rest, segmented, filters=dated) > 500
        assert compared(index, covering, late, threes, filters=chosen, against="2023-06..") > 500


def test_keywords_of_made_texts(world: tuple[Records, Path, Random]) -> None:
    records, path, _ = world
    ours = [each for each in records if each["date"] == "2023-02-10"]
    rest = [each for each in records if each not in ours]
    with engine.open_index(path) as index:
        chosen = Filters(period=("2023-02",))
        assert compared(index, ours, rest, segmented, filters=chosen) > 3
