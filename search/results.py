"""What a search returns: plain data, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chabao.search.query import Diagnostic, Span


@dataclass(frozen=True)
class Snippet:
    """A piece of an item's text; `spans` are the mentions in it, in order, merged where they touch
    one another's characters. `offset` is where the piece begins in the item's text."""

    text: str
    spans: tuple[Span, ...]
    offset: int = 0
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True)
class Explanation:
    """A number and what it is the sum of."""

    value: float
    label: str
    parts: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One item found. `item` is the stored record (the fields of schema 1, `text` and `lines`);
    `line` is that of the first mention, 0 where no snippets were asked for: the record is then not
    read until it is looked at."""

    rank: int
    score: float
    mentions: int
    item: Mapping[str, object]
    snippets: tuple[Snippet, ...] = ()
    line: int = 1
    explanation: Explanation | None = None
    stands_for: int | None = None
    """How many items it is shown for, itself among them, where those alike are shown once."""


@dataclass(frozen=True)
class Facet:
    """Counts of items by department and year of issue; `cells[department, year]`.

    `dated` counts by year alone ("" for what has no date), `numbers` by the issue's number, and
    `sections` by the first heading without its number: each the total of the same search filtered
    by it. The most items come first, years and numbers in their order.
    """

    departments: tuple[str, ...]
    years: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    dated: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    sections: Mapping[str, int] = field(default_factory=dict)

    @property
    def by_department(self) -> Mapping[str, int]:
        """Items that name each department, whatever the year."""
        totals = dict.fromkeys(self.departments, 0)
        for (department, _year), count in self.cells.items():
            totals[department] += count
        return totals


@dataclass(frozen=True)
class Results:
    """A search's answer. `total` and `mentions` count everything, whatever the limit."""

    query: str
    understood: str
    exact: bool
    total: int
    mentions: int
    seconds: float
    hits: tuple[Hit, ...] = ()
    notices: tuple[Diagnostic, ...] = ()
    facet: Facet | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    """Mentions (or items, where there are none) by source, in order; filled when asked for."""
    different: int | None = None
    """Hits that there are, whatever the limit, where those alike are shown once."""
