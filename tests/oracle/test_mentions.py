"""What is cut from the bulletins is found there, and everywhere else that it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from oracle.scan import Found, fold, folded, standing

from chabao.indexer.bulletin import Issue, Item
from chabao.search import engine
from chabao.search.backends.parts import find, spans
from chabao.search.query import Kind, Literal

SEED = 20231020
MANY, SOME = 10_000, 1_500
Bulletins = list[tuple[str, Issue]]
Records = list[dict[str, Any]]


def cuts(bulletins: Bulletins, random: Random, wanted: int) -> Iterator[tuple[str, str]]:
    """Strings of one to eight characters as they stand in a file, and the text they are part of.

    Where the printer put furniture between, it is left out, and the line break stays. What begins
    outside an item, crosses its end or folds to nothing is left out and counted.
    """
    left_out: Counter[str] = Counter()
    places = [(source, owners(issue.items)) for source, issue in bulletins]
    sizes = [len(source) for source, _ in places]
    tested = 0
    while tested < wanted:
        ((source, known),) = random.choices(places, sizes)
        start, length = random.randrange(len(source)), random.randint(1, 8)
        if start not in known:
            left_out["begins in no item"] += 1
            continue
        item, at = known[start]
        if at + length > len(item.text):
            left_out["crosses items"] += 1
            continue
        string = cut(source, item, at, length)
        if not fold(string):
            left_out["folds to nothing"] += 1
            continue
        left_out["crosses lines"] += "\n" in string
        tested += 1
        yield string, item.text.chars
    print(f"seed {SEED}, {tested} strings;", dict(left_out))
    assert left_out["crosses lines"] > wanted // 50


def owners(items: tuple[Item, ...]) -> dict[int, tuple[Item, int]]:
    """Each source offset that is a character of an item: the item, and where in its text."""
    return {offset: (item, at) for item in items for at, offset in enumerate(item.text.offsets)}


def cut(source: str, item: Item, at: int, length: int) -> str:
    piece = item.text.cut(at, at + length)
    string = source[piece.offsets[0] : piece.offsets[-1] + 1]
    if fold(string) == fold(piece.chars):
        return string
    after = [*piece.offsets[1:], piece.offsets[-1] + 1]
    return "".join(
        char + ("\n" if "\n" in source[offset:end] else "")
        for char, offset, end in zip(piece.chars, piece.offsets, after, strict=True)
    )


class World:
    """The plain scan, with every text folded once."""

    def __init__(self, records: Records) -> None:
        self.texts = [(record["id"], *folded(record["text"])) for record in records]

    def scan(self, string: str) -> Found:
        wanted, found = fold(string), {}
        for name, text, offsets in self.texts:
            if wanted in text:
                places = standing(text, Literal(string))
                found[name] = frozenset((offsets[a], offsets[b - 1] + 1) for a, b in places)
        return found


def places(index: engine.Index, string: str) -> Found:
    """What the engine finds, without cutting snippets."""
    leaf, found = Literal(string), {}
    for part in find(index, leaf):
        for document in part.documents:
            name = part.segment.record(int(document))["id"]
            found[name] = frozenset(spans(part, [leaf], int(document)))
    return found


@pytest.mark.parametrize(
    ("index", "kernel", "wanted"),
    [
        ("whole", "plain", MANY),
        ("whole", "numeric", SOME),
        ("parted", "plain", SOME),
        ("parted", "numeric", SOME),
    ],
    indirect=["kernel"],
)
def test_no_mention_is_missed_and_none_invented(
    index: str,
    kernel: str,
    wanted: int,
    bulletins: Bulletins,
    records: Records,
    request: pytest.FixtureRequest,
) -> None:
    world, opened = World(records), engine.open_index(request.getfixturevalue(index))
    assert (len(opened.segments) > 1) is (index == "parted")
    assert all(bool(segment.deleted) is (index == "parted") for segment in opened.segments)
    for string, text in cuts(bulletins, Random(SEED), wanted):
        expected = world.scan(string)
        assert fold(string) in fold(text), string
        assert places(opened, string) == expected, string
        results = engine.search(
            opened, string, literal=True, limit=None, snippets=0, mode=engine.Mode.EXACT
        )
        assert results.exact
        assert (results.total, results.mentions) == (
            len(expected), sum(map(len, expected.values())),
        ), string  # fmt: skip
        assert {hit.item["id"]: hit.mentions for hit in results.hits} == {
            name: len(found) for name, found in expected.items()
        }, string


def test_nothing_is_found_that_stands_nowhere(kernel: str, records: Records, parted: Path) -> None:
    """Strings of the bulletins' own characters, which now and then stand there by chance."""
    world, opened, random = World(records), engine.open_index(parted), Random(SEED)
    chars = "".join(record["text"] for record in records)
    nowhere = 0
    for _ in range(1_000):
        string = "".join(random.choices(chars, k=random.randint(2, 4)))
        expected = world.scan(string) if fold(string) else {}
        results = engine.search(
            opened, string, literal=True, limit=None, snippets=0, mode=engine.Mode.EXACT
        )
        assert {hit.item["id"] for hit in results.hits} == set(expected)
        if not expected and fold(string):
            nowhere += 1
            assert results.total == results.mentions == 0
            assert {remark.kind for remark in results.notices} <= {
                Kind.NEAREST, Kind.SUGGESTION, Kind.HEADING_ONLY,
            }  # fmt: skip
    assert nowhere > 500


def test_the_term_that_is_broken_across_a_line(
    kernel: str, bulletins: Bulletins, whole: Path
) -> None:
    opened = engine.open_index(whole)
    results = engine.search(opened, "川渝通办", mode=engine.Mode.EXACT)
    assert (results.total, results.mentions) == (4, 5)
    assert len({hit.item["source"] for hit in results.hits}) == 3
    assert sum(source.count("川渝通办") for source, _ in bulletins) == 4
