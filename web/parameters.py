"""The parameters of the API: what each may be, said once for who asks and for who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from gettext import gettext as _
from typing import Any

from starlette.datastructures import QueryParams

from chabao.search.arrangement import Sort as Order
from chabao.search.calendar import days
from chabao.search.concordance import CONTEXT
from chabao.search.engine import Filters, Mode, Sort
from chabao.search.timeline import By
from chabao.search.trends import Split

LONGEST = 2_000
"""Characters of a value."""
SEVERAL = 16
"""Values of a parameter that may be given more than once."""


class Unfit(ValueError):
    """A request that the API does not take; what it says is for people."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query string: `schema` is a JSON schema of a string, an integer or a
    boolean, or of an array of strings, for which the parameter is given several times."""

    name: str
    about: str
    schema: Mapping[str, Any]
    required: bool = False

    def read(self, values: Sequence[str]) -> Any:
        """The value, of the type that the schema says. Raises Unfit."""
        if not values:
            if self.required:
                raise Unfit(_("{name} is missing").format(name=self.name))
            return self.schema.get("default", () if self.schema["type"] == "array" else None)
        if self.schema["type"] != "array":
            if len(values) > 1:
                raise Unfit(_("{name} is given more than once").format(name=self.name))
            return self._one(values[0], self.schema)
        if len(values) > SEVERAL:
            said = _("{name} is given more than {most} times")
            raise Unfit(said.format(name=self.name, most=SEVERAL))
        return tuple(self._one(value, self.schema["items"]) for value in values)

    def _one(self, value: str, schema: Mapping[str, Any]) -> Any:
        match schema:
            case {"enum": [*known]}:
                if value not in known:
                    said = _("{name} is one of {known}")
                    raise Unfit(said.format(name=self.name, known=", ".join(known)))
            case {"type": "boolean"}:
                if value not in ("true", "false"):
                    raise Unfit(_("{name} is true or false").format(name=self.name))
                return value == "true"
            case {"type": "integer", "minimum": least, "maximum": most}:
                if not (value.isascii() and value.isdigit() and len(value) <= len(str(most))):
                    value = "-1"
                if not least <= int(value) <= most:
                    said = _("{name} is a number from {least} to {most}")
                    raise Unfit(said.format(name=self.name, least=least, most=most))
                return int(value)
            case {"format": "days"}:
                if days(value, date.today()) is None:
                    said = _("{name} is a date: 2023, 2023-02, 2023-02-08, 2023Q1 or 近三个月")
                    raise Unfit(said.format(name=self.name))
            case _ if not schema.get("minLength", 0) <= len(value) <= LONGEST:
                said = _("{name} has from {least} to {most} characters")
                least = schema.get("minLength", 0)
                raise Unfit(said.format(name=self.name, least=least, most=LONGEST))
        return value


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that one address of the API takes."""

    known: tuple[Parameter, ...] = field(default=())

    def read(self, given: QueryParams) -> dict[str, Any]:
        """Their values by name. Raises Unfit, for names that are not known too."""
        names = [each.name for each in self.known]
        for name in given:
            if name not in names:
                raise Unfit(_("there is no parameter {name}").format(name=name[:40]))
        return {each.name: each.read(given.getlist(each.name)) for each in self.known}


def _text(least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": LONGEST}


def _several(least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": _text(least), "maxItems": SEVERAL}


def _choice(known: Any, default: str | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "enum": [str(each) for each in known]}
    return schema | ({"default": default} if default else {})


def _number(least: int, most: int, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


_FLAG = {"type": "boolean", "default": False}
_DAY = {"type": "string", "format": "days", "maxLength": LONGEST}
FILTERS = (
    Parameter("department", "items that name this department, by any of its names", _several()),
    Parameter("section", "items under a heading with these words", _several()),
    Parameter("period", "issues that cover any of these days", _several()),
    Parameter("since", "issues dated on this day or later", _DAY),
    Parameter("until", "issues dated on this day or earlier", _DAY),
    Parameter("number", "issues of this number", _several()),
)
LITERAL = Parameter("literal", "take what is asked as one string, without operators", _FLAG)
NUMBERS = Parameter("numbers", "find numbers by their value", _FLAG)
TERMS = Parameter(
    "term", "a line of the query language; several are series or alternatives",
    _several() | {"minItems": 1}, True,
)  # fmt: skip
SEARCH = Parameters((
    Parameter("q", "a line of the query language", _text(), True),
    LITERAL, NUMBERS, *FILTERS,
    Parameter("mode", "what is answered beside what stands there literally",
              _choice(Mode, "auto")),
    Parameter("sort", "best first, or newest first", _choice(Sort, "score")),
    Parameter("limit", "hits to give; the totals count all", _number(0, 1000, 10)),
    Parameter("facets", "count the items by department and year too", _FLAG),
))  # fmt: skip
TREND = Parameters((
    TERMS, LITERAL, *FILTERS,
    Parameter("by", "what a point stands for; else what suits the days covered", _choice(By)),
    Parameter("split", "one term, told apart by department or section", _choice(Split)),
))  # fmt: skip
MENTIONS = Parameters((
    TERMS, LITERAL, NUMBERS, *FILTERS,
    Parameter("sort", "the order of the lines", _choice(Order, "date")),
    Parameter("context", "characters of context on each side", _number(0, 200, CONTEXT)),
    Parameter("limit", "lines to give; the totals count all", _number(0, 1000, 100)),
))  # fmt: skip
NOTHING = Parameters()


def filters(values: dict[str, Any]) -> Filters:
    """The filters, taken out of what was read."""
    found = {each.name: values.pop(each.name) for each in FILTERS}
    for at, name in enumerate(("since", "until")):
        meant = days(found[name], date.today()) if found[name] else None
        found[name] = meant[at] if meant else None
    return Filters(**found)
