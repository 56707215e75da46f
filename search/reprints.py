"""Reprints: passages that stand, the same or nearly so, in more than one issue.

A passage is a whole item or a whole sentence. What is compared, and when two are nearly the same,
is said in `alike`; passages that hang together through others are one reprint.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from gettext import gettext as _
from typing import Any, NamedTuple

from chabao.indexer.fields import document_order
from chabao.search.addresses import Extract
from chabao.search.alignment import Change, difference, letters, unspaced
from chabao.search.alike import ALIKE, grouped
from chabao.search.backends.parts import Deferred, find
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.issues import Key, issue_of
from chabao.search.mentions import selected
from chabao.search.query import Node, Query
from chabao.search.refusals import LETTERS, TooMuch, unlike
from chabao.search.sentences import sentences

LEAST = 10
"""Letters of the shortest passage: 纪律秩序。总体情况良好。 is one."""
_MARKS = ".,-"
"""What a sentence ends with where a number follows it."""


class Sort(StrEnum):
    """What comes first; ties by first appearance."""

    ISSUES = "issues"
    """What stands in the most issues; of those as many, the longer."""
    FIRST = "first"
    """What appeared first."""
    LENGTH = "length"
    """What is longest."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """One passage wherever it stands: by date of issue, then in document order; where the date is
    unknown, last. `issues` counts issues; `length` the letters of the first appearance.

    `same` where all appearances are, after folding and without layout and punctuation.
    """

    rows: tuple[Extract, ...]
    issues: int
    length: int
    same: bool

    def changes(self, at: int) -> tuple[Change, ...]:
        """What the appearance with a number says (`source`) in place of the one before (`quoted`),
        less layout; punctuation and width count here. Nothing changes in the first."""
        before, now = self.rows[max(0, at - 1)], self.rows[at]
        return difference(unspaced(before.text), unspaced(now.text), numbers=True)


@dataclass(frozen=True, slots=True)
class Reprints:
    """The reprints among `items` items of `issues` issues. `query.node` is None where a filter is
    mistaken."""

    query: Query
    items: int = 0
    issues: int = 0
    rows: tuple[Reprint, ...] = ()


class Passage(NamedTuple):
    """A whole item (`sentence` is None) or the sentence of that number; `item` counts items."""

    item: int
    start: int
    end: int
    sentence: int | None
    letters: str


Group = list[Passage]


@dataclass(slots=True)
class Items:
    """What is kept of the items that are read: no texts, so that memory holds them once."""

    unread: list[Mapping[str, Any]] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    order: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, item: Mapping[str, Any], unread: Mapping[str, Any]) -> int:
        """The number of the item."""
        self.unread.append(unread)
        self.keys.append(issue_of(item))
        self.order.append((item["date"] or "9999", *document_order(item), item["id"]))
        return len(self.keys) - 1

    def issues(self, group: Group) -> int:
        return len({self.keys[passage.item] for passage in group})


def reprints(
    index: Index,
    *,
    least: int = LEAST,
    alike: int = ALIKE,
    sort: Sort = Sort.ISSUES,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Reprints:
    """Every reprint of at least `least` letters among the items that the filters leave.

    `alike` is in per cent, 100 for what is the same. Sentences get no row of their own where they
    are reprinted only with their items; sentences that always follow one another are one passage.
    Where there is too much text to be compared, the query is refused.
    """
    query = selected("", filters, today)
    if query.node is None:
        return Reprints(query)
    items = Items()
    groups: dict[int, Group] = {}
    try:
        found = _read(index, query.node, items, least, LETTERS if alike < 100 else None)
        for first, passage in zip(grouped([p.letters for p in found], alike), found, strict=True):
            groups.setdefault(first, []).append(passage)
    except TooMuch:
        hint = _("choose fewer issues, or longer passages with --min, or --alike 100")
        return Reprints(unlike(query, hint))
    kept = [apart for each in groups.values() if items.issues(apart := _apart(each)) > 1]
    rows = [_row(group, items, sort) for group in _chained(_unexplained(kept))]
    rows.sort(key=lambda row: row[0])
    return Reprints(query, len(items.keys), len(set(items.keys)), tuple(row for _at, row in rows))


def _read(index: Index, node: Node, items: Items, least: int, most: int | None) -> list[Passage]:
    """The passages of the items that a node finds, those of the same letters sharing them. Raises
    TooMuch where different ones have more letters than `most`."""
    known: dict[str, str] = {}
    total = 0
    found: list[Passage] = []
    for part in find(index, node):
        for document in map(int, part.documents):
            item = part.segment.record(document)
            number = items.add(item, Deferred(part.segment, document))
            for passage in passages(item["text"], number):
                letters = passage.letters
                if len(letters) < least:
                    continue
                if letters not in known:
                    known[letters] = letters
                    total += len(letters)
                    if most is not None and total > most:
                        raise TooMuch
                found.append(passage._replace(letters=known[letters]))
    return found


def passages(text: str, item: int = 0) -> Iterator[Passage]:
    """A whole text, and its sentences if it has several."""
    whole = letters(text)
    yield Passage(item, 0, len(text), None, whole.chars)
    found = sentences(text)
    if len(found) < 2:
        return
    first = 0
    for number, (start, end) in enumerate(found):
        last = bisect_left(whole.offsets, end)
        yield Passage(item, start, end, number, whole.chars[first:last].rstrip(_MARKS))
        first = last


def _row(group: Group, items: Items, sort: Sort) -> tuple[tuple[Any, ...], Reprint]:
    """A reprint behind the key of its place."""
    group = sorted(group, key=lambda each: (items.order[each.item], each.start))
    first = group[0]
    row = Reprint(
        rows=tuple(Extract(items.unread[each.item], each.start, each.end) for each in group),
        issues=items.issues(group),
        length=len(first.letters),
        same=len({passage.letters for passage in group}) == 1,
    )
    before = {Sort.ISSUES: (-row.issues, -row.length), Sort.FIRST: (), Sort.LENGTH: (-row.length,)}
    return (*before[sort], items.order[first.item], first.start), row


def _apart(group: Group) -> Group:
    """A group without the sentences of items that are in it themselves."""
    whole = {passage.item for passage in group if passage.sentence is None}
    return [each for each in group if each.sentence is None or each.item not in whole]


def _unexplained(groups: Sequence[Group]) -> list[Group]:
    """Groups less those of sentences whose items are all in one other group."""
    owners = {
        passage.item: number
        for number, group in enumerate(groups)
        for passage in group
        if passage.sentence is None
    }

    def explained(group: Group) -> bool:
        above = {None if each.sentence is None else owners.get(each.item) for each in group}
        return len(above) == 1 and None not in above

    return [group for group in groups if not explained(group)]


def _chained(groups: Sequence[Group]) -> Iterator[Group]:
    """Groups, those of sentences that always stand before one of the same other group joined with
    it: groups of as many, so that each of both has its partner."""
    owners = {
        (passage.item, passage.sentence): number
        for number, group in enumerate(groups)
        for passage in group
    }
    following: dict[int, int] = {}
    for number, group in enumerate(groups):
        after = {
            None if sentence is None else owners.get((item, sentence + 1))
            for item, _, _, sentence, _ in group
        }
        one = after.pop()
        if not after and one not in (None, number) and len(groups[one]) == len(group):
            following[number] = one
    for number in sorted(set(range(len(groups))) - set(following.values())):
        group = groups[number]
        while number in following:
            number = following[number]
            group = _joined(group, groups[number])
        yield group


def _joined(before: Group, behind: Group) -> Group:
    last = {(passage.item, passage.start): passage for passage in behind}
    return [
        each._replace(end=next_.end, letters=each.letters + next_.letters)
        for each in before
        for next_ in [last[each.item, each.end]]
    ]
