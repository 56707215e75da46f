"""The query tree: what is asked, apart from how it was written.

Nodes are frozen and compare by meaning; `at`, the place in the line that was typed, does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as member
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Literal:
    """A string to be mentioned, as it stands in the query; folding is the backend's."""

    text: str
    at: Span | None = member(default=None, compare=False)


@dataclass(frozen=True)
class Gap:
    """Between `least` and `most` characters of any kind, inside one item."""

    least: int
    most: int


@dataclass(frozen=True)
class Pattern:
    """Strings with gaps between: 省?通办, 川*办. Begins and ends with a string.

    A mention of it is the shortest stretch from each place where one begins.
    """

    parts: tuple[str | Gap, ...]
    at: Span | None = member(default=None, compare=False)


@dataclass(frozen=True)
class Numeric:
    """A string with numbers in it, each of which may be written otherwise: 28件 is 二十八件."""

    text: str
    at: Span | None = member(default=None, compare=False)


@dataclass(frozen=True)
class And:
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    child: Node


@dataclass(frozen=True)
class Near:
    """Both in one item, in either order, at most `distance` characters between them.

    `distance` None asks only for the same item. Sides are Literal, Pattern, Numeric, or Or of
    those.
    """

    left: Node
    right: Node
    distance: int | None


class Keyword(StrEnum):
    """Fields that are matched by name or part of a name."""

    DEPARTMENT = "department"
    SECTION = "section"
    NUMBER = "number"
    TITLE = "title"
    PUBLISHER = "publisher"
    SOURCE = "source"


@dataclass(frozen=True)
class Named:
    """Items whose `field` has `value`: a department by any of its names, else a part of the name.

    `number` takes 第39期, 2023年第39期, 39, or a serial: 总459期, 459.
    """

    field: Keyword
    value: str
    at: Span | None = member(default=None, compare=False)


class Calendar(StrEnum):
    ISSUED = "date"
    """The date of issue."""
    COVERED = "period"
    """The period covered; any overlap counts."""


class Reading(StrEnum):
    """How a text is read that is looked for."""

    VALUE = "value"
    """Its numbers by their value."""


@dataclass(frozen=True)
class Between:
    """Items of issues dated, or covering days, from `first` to `last`; None is open."""

    field: Calendar
    first: date | None
    last: date | None
    at: Span | None = member(default=None, compare=False)


@dataclass(frozen=True)
class Everything:
    """Every item."""


Node = Literal | Pattern | Numeric | And | Or | Not | Near | Named | Between | Everything


class Kind(StrEnum):
    """What a diagnostic is about: for code; its message is for people."""

    EMPTY = "empty"
    UNCLOSED_QUOTE = "unclosed-quote"
    UNCLOSED_BRACKET = "unclosed-bracket"
    STRAY_BRACKET = "stray-bracket"
    MISSING_OPERAND = "missing-operand"
    BAD_DATE = "bad-date"
    BAD_NEAR = "bad-near"
    BAD_PATTERN = "bad-pattern"
    BARE_WILDCARD = "bare-wildcard"
    TOO_LONG = "too-long"
    TOO_DEEP = "too-deep"
    TOO_MANY_TERMS = "too-many-terms"
    TOO_COSTLY = "too-costly"
    DATE_RANGE = "date-range"
    RELAXED = "relaxed"
    HEADING_ONLY = "heading-only"
    EMPTY_INDEX = "empty-index"
    EMPTIED_BY_FILTER = "emptied-by-filter"
    NEAREST = "nearest"
    SUGGESTION = "suggestion"
    SYNONYMS = "synonyms"
    BUNDLED = "bundled"
    NO_TEXT = "no-text"
    IGNORED = "ignored"
    OVERLAP = "overlap"


@dataclass(frozen=True)
class Diagnostic:
    """A mistake or a remark about a query. `fatal` means that there is nothing to answer."""

    kind: Kind
    span: Span
    message: str
    hint: str = ""
    fatal: bool = False


@dataclass(frozen=True)
class Query:
    """A line understood. `node` is None where a diagnostic is fatal; `understood` says it back."""

    line: str
    node: Node | None
    understood: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
