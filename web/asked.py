"""What an address asks: every state of the page is in it, so that a colleague opens the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

from chabao.search import arrangement
from chabao.search.calendar import days
from chabao.search.engine import Filters, Mode, Sort
from chabao.search.timeline import By

PER_PAGE = 20
LAST_PAGE = 25
"""Pages stand below one another; who wants more hits than these is better served by a table."""
VIEWS = ("hits", "lines", "trend")
NAMED = ("department", "section", "period", "number")
"""Filters of which there may be several."""
MOST = 16
"""Values of such a filter."""
CHOICES = {
    "sort": tuple(Sort),
    "mode": tuple(Mode),
    "view": VIEWS,
    "order": tuple(arrangement.Sort),
    "by": tuple(By),
}
"""What each choice is between."""


class Parameters(Protocol):
    """The parameters of a query string."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as an address has it; what is left out has its default and is not in the address."""

    q: str = ""
    department: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    sort: str = "score"
    mode: str = "auto"
    literal: bool = False
    view: str = "hits"
    order: str = "date"
    by: str = ""
    relative: bool = False
    page: int = 1

    @classmethod
    def of(cls, parameters: Parameters) -> Asked:
        """Reads parameters; what makes no sense is left out."""
        found: dict[str, object] = {}
        for one in fields(cls):
            values = [value for value in parameters.getlist(one.name) if value]
            if values:
                found[one.name] = _read(one.name, values)
        return cls(**{name: value for name, value in found.items() if value is not None})  # type: ignore[arg-type]

    def link(self, **changes: object) -> str:
        """The query string of this search, changed; a change starts again from the first page."""
        changed = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        return "?" + urlencode(changed.pairs(), errors="replace")

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Names and values of all that is asked, for addresses and forms; some may be left out."""
        found: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default and one.name not in without:
                many = value if isinstance(value, tuple) else (value,)
                found += [(one.name, "1" if each is True else str(each)) for each in many]
        return found

    def toggled(self, name: str, value: str) -> str:
        """The link that adds a value to a filter, or takes it away again."""
        had: tuple[str, ...] = getattr(self, name)
        kept = tuple(one for one in had if one != value)
        return self.link(**{name: kept if value in had else (*had, value)})

    @property
    def anything(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.q.strip()) or self.filtered

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in (*NAMED, "since", "until"))

    @property
    def filters(self) -> Filters:
        return Filters(
            self.department, self.section, self.period, self.number,
            _day(self.since, last=False), _day(self.until, last=True),
        )  # fmt: skip

    @property
    def options(self) -> Mapping[str, Any]:
        """The engine's arguments."""
        return {
            "literal": self.literal,
            "mode": Mode(self.mode),
            "sort": Sort(self.sort),
            "filters": self.filters,
        }


def _read(name: str, values: Sequence[str]) -> object:
    last = values[-1]
    match name:
        case "department" | "section" | "period" | "number":
            return tuple(dict.fromkeys(values))[:MOST]
        case "sort" | "mode" | "view" | "order" | "by":
            return last if last in CHOICES[name] else None
        case "literal" | "relative":
            return last == "1" or None
        case "page":
            number = int(last) if last.isdecimal() and len(last) < 5 else 0
            return min(number, LAST_PAGE) or None
        case "since" | "until":
            return last if _day(last, last=False) or _day(last, last=True) else None
    return last


def _day(text: str, last: bool) -> date | None:
    meant = days(text, date.today()) if text else None
    return (meant[1] if last else meant[0]) if meant else None
