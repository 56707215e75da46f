"""Reprints against all pairs of passages, compared one by one with the textbook's LCS."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import alike as nearness
from chabao.search import engine, reprints
from chabao.search.alignment import letters
from chabao.search.sentences import sentences

Stretch = tuple[str, int, int]
Record = dict[str, Any]


def common(one: str, other: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        corner = 0
        for at, sign in enumerate(other, 1):
            corner, row[at] = row[at], corner + 1 if char == sign else max(row[at], row[at - 1])
    return row[-1]


@cache
def trigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def alike(one: str, other: str, share: int) -> bool:
    if one == other:
        return True
    ours, theirs = trigrams(one), trigrams(other)
    if not ours | theirs or 2 * len(ours & theirs) < max(len(ours), len(theirs)):
        return False
    return 200 * common(one, other) >= share * (len(one) + len(other))


def components(texts: Sequence[str], share: int) -> list[set[int]]:
    """All pairs, then whatever can be reached."""
    beside: list[set[int]] = [set() for _ in texts]
    for one, other in combinations(range(len(texts)), 2):
        if alike(texts[one], texts[other], share):
            beside[one].add(other)
            beside[other].add(one)
    found, left = [], set(range(len(texts)))
    while left:
        reached: set[int] = set()
        waiting = [min(left)]
        while waiting:
            at = waiting.pop()
            if at not in reached:
                reached.add(at)
                waiting += beside[at]
        found.append(reached)
        left -= reached
    return found


def edited(text: str, signs: str, chance: random.Random) -> str:
    """A text with up to a fifth of its characters replaced, left out or put in."""
    chars = list(text)
    for _ in range(chance.randrange(1 + len(text) // 5)):
        at = chance.randrange(len(chars))
        end = at + chance.choice([0, 1, 1, 4])
        chars[at:end] = chance.choices(signs, k=chance.choice([0, 1, 1, 3]))
        if not chars:
            return text
    return "".join(chars)


def made(records: Sequence[Record], seed: int) -> list[Record]:
    """The bulletins and issues made of their items and sentences, with edits."""
    chance = random.Random(seed)
    signs = "".join(record["text"] for record in records)
    found = list(records)
    for issue in range(6):
        for line in range(12):
            record = chance.choice(records)
            parts = [record["text"][a:b] for a, b in sentences(record["text"])]
            if chance.random() < 0.6:
                other = chance.choice(records)["text"]
                begin = chance.randrange(len(parts))
                parts = [other[: other.find("。") + 1], *parts[begin : begin + 2]]
            text = "".join(part if chance.random() < 0.5 else edited(part, signs, chance)
                           for part in parts)  # fmt: skip
            found.append(record | {
                "id": f"{seed}m{issue}m{line}", "text": text or "无", "source": f"made{issue}.txt",
                "line": line, "lines": [[0, line]], "number": f"2024年第{issue}期",
                "date": f"2024-0{issue + 1}-01",
            })  # fmt: skip
    return found


def passages(record: Record) -> Iterator[tuple[Stretch, str]]:
    text = record["text"]
    places = [(0, len(text)), *sentences(text)]
    for start, end in dict.fromkeys(places):
        yield (record["id"], start, end), letters(text[start:end]).chars


def holds(outer: Stretch, inner: Stretch) -> bool:
    return outer[0] == inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2]


def expected(records: Sequence[Record], least: int, share: int) -> list[list[Stretch]]:
    """What hangs together across issues, without the sentences of items that do in whole."""
    known = [each for record in records for each in passages(record) if len(each[1]) >= least]
    issues = {record["id"]: (record["number"], record["source"]) for record in records}
    found = []
    for group in components([chars for _, chars in known], share):
        places = [known[at][0] for at in sorted(group)]
        kept = [p for p in places if not any(q != p and holds(q, p) for q in places)]
        if len({issues[place[0]] for place in kept}) > 1:
            found.append(kept)
    return found


@pytest.mark.parametrize(("seed", "share", "few"), [
    (0, 80, 0), (1, 80, 1 << 30), (2, 90, 0), (3, 70, 0), (4, 100, 0),
])  # fmt: skip
def test_every_pair_that_is_alike_stands_in_one_reprint(
    records: list[Record], seed: int, share: int, few: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(nearness, "FEW", few)
    written = made(records, seed) if seed else list(records)
    with WhooshSink(tmp_path) as sink:
        sink.add(written)
        sink.commit()
    with engine.open_index(tmp_path) as index:
        found = reprints.reprints(index, alike=share)
        rows = [[(row.item["id"], row.start, row.end) for row in each.rows] for each in found.rows]
    wanted = expected(written, reprints.LEAST, share)
    assert len(wanted) > (7 if not seed else 20)
    # what is expected is shown, all of a group in one reprint
    for group in wanted:
        assert any(all(any(holds(o, p) for o in row) for p in group) for row in rows), group
    # what is shown is expected: a group, or several of sentences that follow one another
    for row in rows:
        chain = [g for g in wanted if len(g) == len(row) and all(
            sum(holds(o, p) for p in g) == 1 for o in row
        )]  # fmt: skip
        assert {(p[0], p[1]) for p in row} <= {(p[0], p[1]) for g in chain for p in g}, row
        assert {(p[0], p[2]) for p in row} <= {(p[0], p[2]) for g in chain for p in g}, row
    # and nothing twice
    for row, other in permutations(rows, 2):
        assert not all(any(holds(o, p) for o in other) for p in row), row
