"""The issues of an index: what each is called, what it covers, how much it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chabao.search.backends.whoosh_ import Index

Key = tuple[str, str]
"""Publisher, and number, else date, else source: what the items of one issue share."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. Days are ISO dates, None where unknown; `characters` are those of its items."""

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


def issue_of(item: Mapping[str, Any]) -> Key:
    """The key of the issue that an item stands in."""
    return item["publisher"] or "", item["number"] or item["date"] or item["source"]


def issues(index: Index) -> tuple[Issue, ...]:
    """Every issue, in order of date, then of number; those without a date last."""
    return gathered(index.records())


def gathered(records: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    """The issues that records belong to."""
    firsts: dict[Key, Mapping[str, Any]] = {}
    items: dict[Key, int] = {}
    characters: dict[Key, int] = {}
    for record in records:
        key = issue_of(record)
        firsts.setdefault(key, record)
        items[key] = items.get(key, 0) + 1
        characters[key] = characters.get(key, 0) + len(record["text"])
    found = [
        Issue(
            key=key,
            **{name: record[name] for name in ("title", "number", "serial", "publisher", "date")},
            first=record["period"]["first"],
            last=record["period"]["last"],
            source=record["source"],
            items=items[key],
            characters=characters[key],
        )
        for key, record in firsts.items()
    ]
    return tuple(sorted(found, key=lambda issue: (issue.date or "9999", issue.key)))
