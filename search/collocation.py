"""Collocates: the words that stand beside the mentions of a query, and how strongly they do so.

What is counted are word places. Those that a mention overlaps, be it by one character, are part of
it and are counted nowhere. A window is so many places on either side, within the item; a place in
several windows counts once. Of the words of all items that meet the query's conditions (Evert 2008,
Corpora and collocations, section 4: surface co-occurrence), a table for each word:

                    in a window    elsewhere
    the word        count          frequency - count
    other words     near - count   the rest
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, count

from chabao.search.association import Contingency, log_dice
from chabao.search.backends.related import conditions
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.issues import issue_of
from chabao.search.mentions import Mention, mentions
from chabao.search.query import Query, Span
from chabao.search.words import Cut, Word, counted, items, says_something, words

WINDOW = 5
"""Words on either side of a mention."""


class Sort(StrEnum):
    """What comes first; ties by count, then by word."""

    G2 = "g2"
    """What is surest to go with the mentions; last what shuns them."""
    LOG_DICE = "logdice"
    """What goes with them and little else."""
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word beside mentions, folded: `count` times, where `expected` were to be expected of a word
    that comes `frequency` times outside mentions. For `g2` and `log_dice` see `association`.

    `example` is the mention that it stands nearest to, the first of such, `place` where it stands
    there in the item.
    """

    word: str
    count: int
    frequency: int
    expected: float
    attracted: bool
    g2: float
    log_dice: float
    example: Mention
    place: Span


@dataclass(frozen=True, slots=True)
class Collocates:
    """The collocates of a query, sorted.

    `words` places are there outside mentions, `near` of them in a window; `kinds` words stood there
    before rare and empty ones were left out. `query.node` is None where a mistake is fatal.
    """

    query: Query
    window: int
    mentions: int = 0
    items: int = 0
    issues: int = 0
    words: int = 0
    near: int = 0
    kinds: int = 0
    rows: tuple[Collocate, ...] = ()


def collocates(
    index: Index,
    line: str,
    cut: Cut,
    *,
    window: int = WINDOW,
    least: int = 1,
    all_words: bool = False,
    sort: Sort = Sort.G2,
    literal: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Collocates:
    """The words within `window` words of what a line of the query language mentions.

    Words that stand there fewer than `least` times, numbers and stop words (unless `all_words`) get
    no row; all of them are counted.
    """
    found = mentions(index, line, literal=literal, filters=filters, today=today)
    if found.query.node is None or not found.rows:
        from chabao.search.remarks import unmentioned

        return Collocates(unmentioned(index, found.query), window)
    whole = counted(items(index, conditions(found.query.node)), cut)
    near, inside, examples = _beside(found.rows, cut, window)
    outside, total = whole.words - inside, whole.total - inside.total()
    rows = [
        _row(word, count, outside[word], near.total(), total, len(found.rows), *examples[word])
        for word, count in near.items()
        if count >= least and (all_words or says_something(word))
    ]
    return Collocates(
        query=found.query,
        window=window,
        mentions=len(found.rows),
        items=len({id(row.item) for row in found.rows}),
        issues=len({issue_of(row.item) for row in found.rows}),
        words=total,
        near=near.total(),
        kinds=len(near),
        rows=tuple(sorted(rows, key=lambda row: (-_weight(row, sort), -row.count, row.word))),
    )


def _row(
    word: str, count: int, frequency: int, near: int, total: int, said: int,
    example: Mention, place: Span,
) -> Collocate:  # fmt: skip
    table = Contingency(count, near, frequency, total)
    return Collocate(
        word, count, frequency, table.expected, table.attracted, table.g2,
        log_dice(count, said, frequency), example, place,
    )  # fmt: skip


def _weight(row: Collocate, sort: Sort) -> float:
    signed = row.g2 if row.attracted else -row.g2
    return {Sort.G2: signed, Sort.LOG_DICE: row.log_dice, Sort.COUNT: row.count}[sort]


Tally = Counter[str]


def _beside(
    rows: Iterable[Mention], cut: Cut, window: int
) -> tuple[Tally, Tally, dict[str, tuple[Mention, Span]]]:
    """How often each word stands in a window, and how often in a mention; an example of each."""
    near: Tally = Counter()
    inside: Tally = Counter()
    examples: dict[str, tuple[int, Mention, Span]] = {}
    for own in _by_item(rows):
        known = words(own[0].item["text"], cut)
        nodes, beside = around(known, [(row.start, row.end) for row in own], window)
        inside.update(known[at].text for at in nodes)
        near.update(known[at].text for at in beside)
        for at, number in sorted(beside.items()):
            word, row = known[at], own[number]
            gap = max(row.start - word.end, word.start - row.end)
            if word.text not in examples or gap < examples[word.text][0]:
                examples[word.text] = gap, row, Span(word.start, word.end)
    return near, inside, {word: found[1:] for word, found in examples.items()}


def _by_item(rows: Iterable[Mention]) -> Iterable[list[Mention]]:
    found: dict[int, list[Mention]] = {}
    for row in rows:
        found.setdefault(id(row.item), []).append(row)
    return found.values()


def around(
    known: Sequence[Word], spans: Sequence[tuple[int, int]], window: int
) -> tuple[set[int], dict[int, int]]:
    """The numbers of the words that any of the spans overlaps; and of those at most `window` words
    before or behind one, each with the number of the span that it is fewest words from."""
    starts, ends = [word.start for word in known], [word.end for word in known]
    nodes: set[int] = set()
    nearest: dict[int, tuple[int, int]] = {}
    for number, (start, end) in enumerate(spans):
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        nodes.update(range(first, last))
        before = zip(range(first - 1, max(-1, first - 1 - window), -1), count(1))
        behind = zip(range(last, min(len(known), last + window)), count(1))
        for at, distance in chain(before, behind):
            nearest[at] = min(nearest.get(at, (distance, number)), (distance, number))
    return nodes, {at: number for at, (_, number) in nearest.items() if at not in nodes}
