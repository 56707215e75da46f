"""What an address asks: every state of the page is in it, so that a colleague opens the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

from chabao.search.calendar import days
from chabao.search.engine import Filters, Mode, Sort

PER_PAGE = 20
LAST_PAGE = 500
VIEWS = ("hits", "lines", "trend")


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
    by: str = ""
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
        pairs: list[tuple[str, str]] = []
        for one in fields(changed):
            value = getattr(changed, one.name)
            if value == one.default:
                continue
            many = value if isinstance(value, tuple) else (value,)
            pairs += [(one.name, "1" if each is True else str(each)) for each in many]
        return "?" + urlencode(pairs)

    def toggled(self, name: str, value: str) -> str:
        """The link that adds a value to a filter, or takes it away again."""
        had: tuple[str, ...] = getattr(self, name)
        kept = tuple(one for one in had if one != value)
        return self.link(**{name: kept if value in had else (*had, value)})

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
    match name:
        case "department" | "section" | "period" | "number":
            return tuple(dict.fromkeys(values[:16]))
        case "sort":
            return values[-1] if values[-1] in set(Sort) else None
        case "mode":
            return values[-1] if values[-1] in set(Mode) else None
        case "view":
            return values[-1] if values[-1] in VIEWS else None
        case "literal":
            return values[-1] == "1" or None
        case "page":
            number = int(values[-1]) if values[-1].isdecimal() and len(values[-1]) < 5 else 0
            return min(number, LAST_PAGE) or None
        case "since" | "until":
            return values[-1] if _day(values[-1], last=False) else None
    return values[-1]


def _day(text: str, last: bool) -> date | None:
    meant = days(text, date.today()) if text else None
    return (meant[1] if last else meant[0]) if meant else None
