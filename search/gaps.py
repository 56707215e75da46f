"""Issues that an index lacks, known by the serials or numbers of those that it has.

A series is what one publisher calls by one title. Total serials (总第423期) count all its issues;
where it has none, numbers count within each year. Only what lies between two issues that are there
is missing: of what was before the first and came after the last, nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from itertools import pairwise

from chabao.search.issues import Issue


@dataclass(frozen=True, slots=True)
class Missing:
    """One issue that is not there, and about when: in even steps between the two around it, None
    where their days are unknown. `label` is 总424期 or 2023年第4期."""

    label: str
    serial: int | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing, series by series in order; and the pairs of issues whose numbers do not fit
    their days (misread, or counted anew), between which nothing is taken for missing."""

    missing: tuple[Missing, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Point:
    """An issue by its number. `covered` are the days reported on, or with `issued`, the date of
    issue in their place."""

    number: int
    day: Day | None
    covered: tuple[Day, Day] | None
    issued: bool

    @classmethod
    def of(cls, number: int, issue: Issue) -> _Point:
        return cls(number, issue.day, issue.covered, not (issue.first or issue.last))


UNKNOWN = 366
"""Issues that two may have between them where their days are unknown: a year of a daily."""
LATE = 62
"""Days by which a date of issue may come after the days reported on, for which it stands in."""


def gaps(issues: Iterable[Issue]) -> Gaps:
    """What the issues of an index show to be missing among them."""
    missing: list[Missing] = []
    doubtful: list[tuple[str, str]] = []
    for series in _series(issues):
        serials = _serials(series)
        runs = [("总{}期", serials)] if serials else list(_years(series))
        for form, points in runs:
            for before, after in pairwise(points):
                if after.number - before.number < 2:
                    continue
                if _credible(before, after):
                    missing += _between(before, after, form, bool(serials))
                else:
                    doubtful.append((form.format(before.number), form.format(after.number)))
    return Gaps(tuple(missing), tuple(doubtful))


def _series(issues: Iterable[Issue]) -> Iterator[list[Issue]]:
    """Issues by publisher and title. One without a title belongs to the title of the same
    publisher that has the nearest serial; what has neither name is no series."""
    known: dict[str, dict[str, list[Issue]]] = defaultdict(lambda: defaultdict(list))
    for issue in issues:
        if issue.title or issue.publisher:
            known[issue.publisher or ""][issue.title or ""].append(issue)
    for titles in known.values():
        untitled = titles.pop("", [])
        serials = [(i.serial, title) for title in titles for i in titles[title] if i.serial]
        for issue in untitled:
            at = issue.serial
            near = min(serials, key=lambda s: abs(s[0] - at), default=None) if at else None
            titles[near[1] if near else ""].append(issue)
        yield from titles.values()


def _serials(series: Sequence[Issue]) -> list[_Point]:
    """Serials in order. An issue that has only its number in the year takes its serial from one of
    the same year that has both."""
    both = [(*i.numbered, i.serial) for i in series if i.serial and i.numbered]
    found = []
    for issue in series:
        serial = issue.serial
        if serial is None and issue.numbered:
            year, number = issue.numbered
            same = [(abs(n - number), s - n) for y, n, s in both if y == year]
            serial = number + min(same)[1] if same else None
        if serial is not None:
            found.append(_Point.of(serial, issue))
    return sorted(found, key=_order) if any(issue.serial for issue in series) else []


def _years(series: Sequence[Issue]) -> Iterator[tuple[str, list[_Point]]]:
    """Numbers by year. A year with an earlier one before it is known to begin with number 1."""
    years: dict[int, list[_Point]] = defaultdict(list)
    for issue in series:
        if issue.numbered:
            year, number = issue.numbered
            years[year].append(_Point.of(number, issue))
    for at, year in enumerate(sorted(years)):
        points = sorted(years[year], key=_order)
        if at and 1 < points[0].number <= UNKNOWN:
            points.insert(0, _begin(year, points[0]))
        yield f"{year:04}年第{{}}期", points


def _begin(year: int, first: _Point) -> _Point:
    """A year's number 0, as if it had come out on New Year's Day, or earlier: a day an issue."""
    if first.day is None:
        return replace(first, number=0)
    earliest = first.day.toordinal() - first.number
    day = Day.fromordinal(max(1, min(earliest, Day(max(year, 1), 1, 1).toordinal())))
    return replace(first, number=0, day=day, covered=(day, day))


def _order(point: _Point) -> tuple[int, Day]:
    return point.number, point.day or Day.max


def _credible(before: _Point, after: _Point) -> bool:
    """At most an issue a day lies between, from the first day of one to the last of the other."""
    between = after.number - before.number - 1
    if before.covered is None or after.covered is None:
        return between <= UNKNOWN
    apart = (after.covered[1] - before.covered[0]).days
    return between <= apart + (LATE if before.issued else 0)


def _between(before: _Point, after: _Point, form: str, serial: bool) -> Iterator[Missing]:
    steps = after.number - before.number
    for step in range(1, steps):
        day = None
        if before.day is not None and after.day is not None:
            day = before.day + (after.day - before.day) * step // steps
        number = before.number + step
        yield Missing(form.format(number), number if serial else None, day)
