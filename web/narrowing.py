"""What an answer can be narrowed by, with counts, and what it is narrowed to: each a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from gettext import gettext as _

from chabao.search.results import Facet
from chabao.web.asked import Asked

SHOWN = 8
"""Values of a facet that are seen at once; the others can be opened."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an answer can be narrowed by, or is narrowed by; no link where it cannot be."""

    name: str
    count: int | None
    link: str | None
    on: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: the values that are seen, and those behind them."""

    name: str
    values: tuple[Value, ...]
    more: tuple[Value, ...] = ()


def groups(facet: Facet, asked: Asked) -> Iterator[Group]:
    """The facets of an answer, those that have any value."""
    departments = [
        Value(name, count, asked.toggled("department", name), name in asked.department)
        for name, count in facet.by_department.items()
    ]
    sections = [
        Value(name, count, asked.toggled("section", name), name in asked.section)
        for name, count in facet.sections.items()
    ]
    years = [
        Value(year or _("undated"), count, _year(year, asked), _on(year, asked))
        for year, count in facet.dated.items()
    ]
    numbers = [
        Value(name, count, asked.toggled("number", name), name in asked.number)
        for name, count in facet.numbers.items()
    ]
    for title, values in (
        (_("Year"), years), (_("Department"), departments), (_("Section"), sections),
        (_("Issue"), numbers),
    ):  # fmt: skip
        if values:
            last = max((at for at, value in enumerate(values, 1) if value.on), default=0)
            seen = max(SHOWN, last)
            yield Group(title, tuple(values[:seen]), tuple(values[seen:]))


def _on(year: str, asked: Asked) -> bool:
    return bool(year) and asked.since == asked.until == year


def _year(year: str, asked: Asked) -> str | None:
    """Issues dated in a year; what has no date cannot be asked for."""
    if not year:
        return None
    days = "" if _on(year, asked) else year
    return asked.link(since=days, until=days)


def chosen(asked: Asked) -> Iterator[Value]:
    """The filters that are set, each with the address without it."""
    for name in ("department", "section", "number", "period"):
        for value in getattr(asked, name):
            yield Value(value, None, asked.toggled(name, value), on=True)
    if asked.since and asked.since == asked.until:
        yield Value(asked.since, None, asked.link(since="", until=""), on=True)
        return
    for name in ("since", "until"):
        if day := getattr(asked, name):
            told = _("from {day}") if name == "since" else _("until {day}")
            yield Value(told.format(day=day), None, asked.link(**{name: ""}), on=True)
