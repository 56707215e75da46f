"""The issues of an index: what each is called, what it covers, how much it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Day
from typing import Any
from weakref import WeakKeyDictionary

from chabao.search.backends.parts import Share
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import Everything

Key = tuple[str, str, str]
"""Publisher, title, and number, else date, else source: what the items of one issue share. The
title tells a publisher's weekly from its monthly, which may have the same number."""

NUMBER = re.compile(r"(\d{4})年第(\d+)期")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. Days are ISO dates, None where unknown; `characters` are those of its items, and
    `opening` is the id of the first of them."""

    key: Key
    title: str | None
    number: str | None
    serial: int | None
    publisher: str | None
    date: str | None
    first: str | None
    last: str | None
    source: str
    items: int
    characters: int
    opening: str = ""

    @property
    def covered(self) -> tuple[Day, Day] | None:
        """The first and the last day reported on; where unknown, the date of issue twice."""
        first = self.first or self.last or self.date
        last = self.last or self.first or self.date
        return (Day.fromisoformat(first), Day.fromisoformat(last)) if first and last else None

    @property
    def day(self) -> Day | None:
        """The day at which the issue stands in a series: the middle of the days it covers.

        Of two months it is in the one with more of the days, of two equal ones in the earlier.
        """
        if self.covered is None:
            return None
        first, last = self.covered
        return first + (last - first) // 2

    @property
    def numbered(self) -> tuple[int, int] | None:
        """Year and number within it."""
        match = NUMBER.fullmatch(self.number or "")
        return (int(match[1]), int(match[2])) if match else None


_gathered: WeakKeyDictionary[Index, tuple[Issue, ...]] = WeakKeyDictionary()


def issue_of(item: Mapping[str, Any]) -> Key:
    """The key of the issue that an item stands in."""
    name = item["number"] or item["date"] or item["source"]
    return item["publisher"] or "", item["title"] or "", name


def issues(index: Index) -> tuple[Issue, ...]:
    """Every issue, in order of date, then of number; those without a date last.

    Gathered once for an open index, which does not change: all records are read for it.
    """
    if index not in _gathered:
        _gathered[index] = joined(index.shares(Everything()))
    return _gathered[index]


def gathered(records: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    """The issues that records belong to."""
    return joined((record, 1, len(record["text"])) for record in records)


def joined(shares: Iterable[Share]) -> tuple[Issue, ...]:
    """The issues that items belong to, given in shares of them (see `Index.shares`)."""
    firsts: dict[Key, Mapping[str, Any]] = {}
    openings: dict[Key, tuple[int, str]] = {}
    items: dict[Key, int] = {}
    characters: dict[Key, int] = {}
    for record, count, length in shares:
        key = issue_of(record)
        firsts.setdefault(key, record)
        begun = (record["line"], record["id"])
        openings[key] = min(openings.get(key, begun), begun)
        items[key] = items.get(key, 0) + count
        characters[key] = characters.get(key, 0) + length
    found = [
        Issue(
            key=key,
            **{name: record[name] for name in ("title", "number", "serial", "publisher", "date")},
            first=record["period"]["first"],
            last=record["period"]["last"],
            source=record["source"],
            items=items[key],
            characters=characters[key],
            opening=openings[key][1],
        )
        for key, record in firsts.items()
    ]
    return tuple(sorted(found, key=lambda issue: (issue.date or "9999", issue.key)))
