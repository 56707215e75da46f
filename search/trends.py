"""Mentions over time: by month, quarter, year or issue; raw, and per 10,000 characters.

An issue counts whole, at one place of the axis: the middle day of the period that it covers, or
where no period is known, its date of issue; where neither is, in a slot of its own, `undated`.
What is not in the index is a gap (None) and never a zero: months without an issue, and issues known
to be missing by the numbers of those around them.

The rate of a slot is mentions × 10,000 ÷ characters, where characters are all those of all items of
the slot's issues, whatever they say: the filters on issues (period, date, number) hold for them,
the query, departments and sections do not. So rates of several terms, departments or sections have
one denominator, and compare.

For a data frame: `pandas.DataFrame(trend(index, ["川渝通办"]).rows())`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from enum import StrEnum
from itertools import groupby
from typing import Any

from chabao.indexer.folding import fold
from chabao.search import filters as filtering
from chabao.search import language
from chabao.search.axis import UNDATED, Asked, Slot, slots, step
from chabao.search.backends.whoosh_ import Index
from chabao.search.calendar import days as days_meant
from chabao.search.facets import unnumbered
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.gaps import Gaps, gaps
from chabao.search.issues import Issue, Key, issue_of, issues, joined
from chabao.search.mentions import Mention, mentions, places
from chabao.search.query import Query
from chabao.search.timeline import By, interval

__all__ = ["PER", "UNDATED", "By", "Filters", "Series", "Slot", "Split", "Trend", "trend"]

PER = 10_000
"""Characters that a rate is given for."""


class Split(StrEnum):
    """What one term's mentions are told apart by."""

    DEPARTMENT = "department"
    """Each authority that the item names: an item that names two counts under both."""
    SECTION = "section"
    """The heading nearest above the item, without its number."""


@dataclass(frozen=True, slots=True)
class Series:
    """Mentions slot by slot, None in gaps. `part` is the department or section, "" for items that
    have none; None where nothing is split."""

    term: str
    part: str | None
    counts: tuple[int | None, ...]

    @property
    def total(self) -> int:
        return sum(count or 0 for count in self.counts)


@dataclass(frozen=True, slots=True)
class Trend:
    """Series over the same slots, in the order of the axis; what has no date stands last.

    `queries` are the terms as they were understood; where one has a fatal diagnostic there are no
    slots. `mentions` counts each place once, however often a split shows it. `doubtful` are pairs
    of issues whose numbers do not fit their days.
    """

    by: By
    split: Split | None
    queries: tuple[Query, ...]
    mentions: int = 0
    slots: tuple[Slot, ...] = ()
    series: tuple[Series, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()

    @property
    def fatal(self) -> bool:
        return any(remark.fatal for query in self.queries for remark in query.diagnostics)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every issue that is counted."""
        return tuple(issue for slot in self.slots for issue in slot.issues)

    @property
    def crossing(self) -> int:
        """Issues that cover days of two slots or more, and are counted in one."""
        if self.by is By.ISSUE:
            return 0
        ends = [issue.covered for issue in self.issues if issue.covered]
        return sum(interval(first, self.by) != interval(last, self.by) for first, last in ends)

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of `rows`."""
        part = (self.split.value,) if self.split else ()
        counted = ("mentions", "per_10000", "characters", "issues", "missing")
        return ("period", "first", "last", "term", *part, *counted)

    def rates(self, series: Series) -> tuple[float | None, ...]:
        """Mentions per 10,000 characters, slot by slot; None in gaps."""
        return tuple(
            count * PER / slot.characters if count is not None and slot.characters else None
            for count, slot in zip(series.counts, self.slots, strict=True)
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each slot and series: counts are integers, rates rounded to 4 places, days ISO
        dates, unknown None."""
        rates = [self.rates(series) for series in self.series]
        for at, slot in enumerate(self.slots):
            for series, rate in zip(self.series, rates, strict=True):
                here = rate[at]
                cells = (
                    slot.label,
                    slot.first.isoformat() if slot.first else None,
                    slot.last.isoformat() if slot.last else None,
                    series.term,
                    *((series.part,) if self.split else ()),
                    series.counts[at],
                    None if here is None else round(here, 4),
                    slot.characters,
                    len(slot.issues),
                    slot.missing,
                )
                yield dict(zip(self.columns, cells, strict=True))


def trend(
    index: Index,
    terms: Sequence[str],
    *,
    by: By | None = None,
    split: Split | None = None,
    literal: bool = False,
    filters: Filters = NO_FILTERS,
    today: Day | None = None,
    kept: bool = False,
) -> Trend:
    """How often each term, a line of the query language, is mentioned in the course of time.

    Without `by`, the step that suits the days covered. With `split` there is a series for each
    department or section with a mention, most mentions first. Mentions are those of
    `chabao.search.mentions`: the places that a plain scan of the items finds. `kept` is for an
    index that stays open: without `split` no items are read, and what they say is held in memory.
    """
    terms = tuple(dict.fromkeys(terms))
    count = _kept if kept and split is None and not index.remote else _read
    tables = [count(index, term, literal, filters, today) for term in terms]
    queries = tuple(_remarked(index, table) for table in tables)
    answer = Trend(by or By.ISSUE, split, queries)
    if answer.fatal:
        return answer
    held = issues(index)
    chosen = _chosen(index, held, filters, today)
    by = by or step(chosen)
    lacking = _lacking(held, filters)
    axis = slots(chosen, held, lacking.missing, by, _asked(filters, today))
    place = {issue.key: at for at, slot in enumerate(axis) for issue in slot.issues}
    series = []
    for term, table in zip(terms, tables, strict=True):
        for part, counts in _counted(table, place, split):
            values = [None if slot.gap else counts[at] for at, slot in enumerate(axis)]
            series.append(Series(term, part, tuple(values)))
    said = sum(table.counts.total() for table in tables)
    return replace(
        answer, by=by, mentions=said, slots=axis, series=tuple(series), doubtful=lacking.doubtful
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """How often each issue mentions a term, and where, if that was read."""

    query: Query
    counts: Counter[Key]
    rows: tuple[Mention, ...] = ()


def _read(index: Index, term: str, literal: bool, filters: Filters, today: Day | None) -> _Table:
    found = mentions(index, term, literal=literal, filters=filters, today=today)
    counts: Counter[Key] = Counter()
    for _item, group in groupby(found.rows, key=lambda row: id(row.item)):
        here = list(group)
        counts[issue_of(here[0].item)] += len(here)
    return _Table(found.query, counts, found.rows)


def _kept(index: Index, term: str, literal: bool, filters: Filters, today: Day | None) -> _Table:
    from chabao.search.backends import foremost

    query, found = places(index, term, literal, filters, today)
    return _Table(query, foremost.by_issue(index, found) if found else Counter())


def _remarked(index: Index, table: _Table) -> Query:
    """The query, with why it is mentioned nowhere, if so."""
    if table.counts:
        return table.query
    from chabao.search.remarks import unmentioned

    return unmentioned(index, table.query)


def _chosen(
    index: Index, held: tuple[Issue, ...], filters: Filters, today: Day | None
) -> tuple[Issue, ...]:
    """The issues that the filters on issues let through, with all their items."""
    own = replace(filters, department=(), section=())
    node = filtering.applied(language.parse("", today=today), own, today).node
    if node is None:
        return held
    return joined(index.shares(node))


def _lacking(held: Sequence[Issue], filters: Filters) -> Gaps:
    """Issues asked for by number are no series; what has no day is in no period."""
    if filters.number:
        return Gaps()
    found = gaps(held)
    if filters.period or filters.since or filters.until:
        return replace(found, missing=tuple(each for each in found.missing if each.day))
    return found


def _asked(filters: Filters, today: Day | None) -> Asked:
    meant = [days_meant(value, today or Day.today()) for value in filters.period]

    def asked(first: Day, last: Day) -> bool:
        overlapping = any(
            (days.first or Day.min) <= last and first <= (days.last or Day.max)
            for days in meant
            if days
        )
        return not filters.number and (overlapping or not meant)

    return asked


def _counted(
    table: _Table, place: Mapping[Key, int], split: Split | None
) -> list[tuple[str | None, Counter[int]]]:
    """How many mentions stand at each place: of all, or of each part, most first."""
    if split is None:
        whole: Counter[int] = Counter()
        for key, count in table.counts.items():
            whole[place[key]] += count
        return [(None, whole)]
    parts: dict[str, Counter[int]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    for _item, group in groupby(table.rows, key=lambda row: id(row.item)):
        here = list(group)
        at = place[issue_of(here[0].item)]
        for name in _parts(here[0].item, split):
            shown.setdefault(fold(name), name)
            parts[fold(name)][at] += len(here)
    order = sorted(parts, key=lambda name: (-parts[name].total(), name))
    return [(shown[name], parts[name]) for name in order]


def _parts(item: Mapping[str, Any], split: Split) -> Sequence[str]:
    match split:
        case Split.DEPARTMENT:
            return item["department"] or [""]
        case Split.SECTION:
            return [unnumbered(item["section"][-1]) if item["section"] else ""]
