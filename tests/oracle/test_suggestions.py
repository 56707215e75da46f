"""Suggestions against a scan of the texts: what sounds alike, and what begins with the letters."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from oracle.scan import fold

from chabao.search import engine
from chabao.search.backends.slots import Bigrams, standing
from chabao.search.suggestions import Likeness, is_one_slip, rows, suggestions

Records = list[dict[str, Any]]
SEED = 20230208


@pytest.fixture(scope="module")
def texts(records: Records) -> list[str]:
    return [fold(record["text"]) for record in records]


@pytest.fixture(scope="module")
def readings(root: Path) -> dict[str, set[str]]:
    """The syllables of each character."""
    found: dict[str, set[str]] = {}
    lines = (root / "search" / "pinyin.txt").read_text(encoding="utf-8").splitlines()
    for syllable, chars in (line.split(" ") for line in lines if line[0] != "#"):
        for char in chars:
            found.setdefault(char, set()).add(syllable)
    return found


def scanned(texts: list[str], choices: list[set[str]]) -> Counter[str]:
    """Every window of the texts that takes one of the choices at each place; they may overlap."""
    classes = "".join("[" + "".join(map(re.escape, sorted(chars))) + "]" for chars in choices)
    pattern = re.compile(f"(?=({classes}))")
    return Counter(match[1] for text in texts for match in pattern.finditer(text))


def engines(path: Path, folded: str, likeness: Likeness) -> dict[str, int]:
    with engine.open_index(path) as index:
        bigrams = [Bigrams(segment) for segment in index.segments]
        (row,) = rows(folded, likeness)
        return standing(bigrams, row)


@pytest.mark.parametrize("index", ["whole", "parted"])
def test_all_homophones_are_found_with_all_mentions(
    index: str, request: pytest.FixtureRequest, texts: list[str], readings: dict[str, set[str]]
) -> None:
    path: Path = request.getfixturevalue(index)
    random, several = Random(SEED), 0
    known = {char for text in texts for char in text}
    for size in (2, 2, 2, 3, 4, 6) * 40:
        text = random.choice([text for text in texts if len(text) > 9])
        start = random.randrange(len(text) - 7)
        term = text[start : start + size]
        same = [
            {c for c in known if c == char or readings.get(c, set()) & readings.get(char, set())}
            for char in term
        ]
        expected = scanned(texts, same)
        assert engines(path, term, Likeness.SOUND) == expected
        several += len(expected) > 1
    assert several > 20


@pytest.mark.parametrize("index", ["whole", "parted"])
def test_all_texts_of_the_initials_are_found_with_all_mentions(
    index: str, request: pytest.FixtureRequest, texts: list[str], readings: dict[str, set[str]]
) -> None:
    path: Path = request.getfixturevalue(index)
    random, some = Random(SEED), 0
    for size in (2, 3, 4, 5, 7) * 16:
        letters = "".join(random.choices("abcdfghjklmnqrstwxyz", k=size))
        if size > 3:
            text = "".join(char for char in random.choice(texts) if char in readings)[:size]
            letters = "".join(min(readings[char])[0] for char in text)
        if len(letters) < 2:
            continue
        having = {
            letter: {char for char, said in readings.items() if any(s[0] == letter for s in said)}
            for letter in set(letters)
        }
        expected = scanned(texts, [having[letter] for letter in letters])
        assert engines(path, letters, Likeness.INITIALS) == expected
        some += bool(expected)
    assert some > 30


def test_near_spellings_are_all_that_one_edit_makes(whole: Path, texts: list[str]) -> None:
    joined = "\n".join(texts)
    for term in ("川渝能通办", "川通办", "渝川通办", "政务服物", "优化营商还境"):
        with engine.open_index(whole) as index:
            bigrams = [Bigrams(segment) for segment in index.segments]
            found = {
                text
                for row in rows(term, Likeness.SPELLING)
                for text in standing(bigrams, row)
                if text != term
            }
        windows = {
            joined[at : at + size]
            for size in range(len(term) - 1, len(term) + 2)
            for at in range(len(joined))
        }
        near = {w for w in windows if all(c >= "\u4e00" for c in w) and is_one_slip(term, w)}
        edges = {w for w in near if term in w}
        short = {w for w in near if len(term) == 3 and len(w) <= 3 and sorted(w) != sorted(term)}
        assert found == {w for w in near if "\n" not in w} - edges - short


def test_every_suggestion_is_mentioned_as_often_as_it_says(parted: Path, texts: list[str]) -> None:
    random = Random(SEED)
    chars = [char for char in "".join(texts) if char >= "\u4e00"]
    said = 0
    with engine.open_index(parted) as index:
        for _ in range(150):
            text = random.choice([text for text in texts if len(text) > 9])
            start = random.randrange(len(text) - 7)
            term = list(text[start : start + random.randint(2, 6)])
            term[random.randrange(len(term))] = random.choice(chars)
            found = suggestions(index, "".join(term))
            assert len(found) <= 3
            assert found == sorted(found, key=lambda each: (-each.mentions, each.text))
            for each in found:
                said += 1
                pattern = re.compile(f"(?={re.escape(each.text)})")
                assert each.mentions == sum(len(pattern.findall(text)) for text in texts) > 0
    assert said > 30
