"""Many terms counted over time: a row for each term, a column for each period.

    found = tally(index, ["川渝通办", "一网通办"], by=By.QUARTER)
    found.periods, found.rows[0].counts, found.totals

An issue counts whole in the period of its day, as in `trends`: the middle of the days it covers,
else its date of issue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chabao.search.alternatives import tables
from chabao.search.axis import slots
from chabao.search.backends.whoosh_ import Index
from chabao.search.concordance import counted
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.issues import issue_of, joined
from chabao.search.mentions import selected
from chabao.search.query import Query
from chabao.search.timeline import By

__all__ = ["By", "Tally", "TermRow", "listed", "tally"]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term: its mentions in each period, and altogether, with the items and issues that have
    some."""

    term: str
    counts: tuple[int, ...]
    mentions: int
    items: int
    issues: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`periods` are those that have issues among what the filters leave, in order: 2023, 2023Q1,
    2023-02 or 2023年第3期; `undated` is the last one. `totals` are the sums of the columns, so that
    a place where two terms stand counts for both."""

    by: By
    periods: tuple[str, ...]
    rows: tuple[TermRow, ...]
    totals: tuple[int, ...]
    queries: tuple[Query, ...]

    @property
    def mentions(self) -> int:
        """The sum of all."""
        return sum(self.totals)

    @property
    def fatal(self) -> bool:
        """Whether a term could not be read, and so nothing was counted."""
        return any(query.node is None for query in self.queries)


def tally(
    index: Index,
    terms: Sequence[str],
    *,
    by: By = By.YEAR,
    literal: bool = False,
    numbers: bool = False,
    regex: bool = False,
    as_written: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Tally:
    """Mentions of each term in each period; the arguments are those of `concordance`."""
    everything = selected("", filters, today).node
    chosen = joined(index.shares(everything)) if everything else ()
    axis = slots(chosen, chosen, (), by, lambda _first, _last: False)
    place = {issue.key: at for at, slot in enumerate(axis) for issue in slot.issues}
    rows, queries = [], []
    for term, table in tables(
        index, terms, literal=literal, numbers=numbers, regex=regex, as_written=as_written,
        filters=filters, today=today,
    ):  # fmt: skip
        times = Counter(place[issue_of(row.item)] for row in table.rows)
        whole = counted(table.rows)
        counts = tuple(times[at] for at in range(len(axis)))
        rows.append(TermRow(term, counts, whole.mentions, whole.items, whole.issues))
        queries.append(table.query)
    if any(query.node is None for query in queries):
        return Tally(by, (), (), (), tuple(queries))
    totals = tuple(map(sum, zip(*(row.counts for row in rows), strict=True)))
    return Tally(by, tuple(slot.label for slot in axis), tuple(rows), totals, tuple(queries))


def listed(text: str) -> tuple[str, ...]:
    """The terms of a list, a line each: what stands behind # is a comment, each term counts once.

    A # within a term is its own: only one at the start or behind white space begins a comment.
    """
    lines = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))
