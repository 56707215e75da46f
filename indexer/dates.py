"""Days in text, and the arithmetic of periods.

All functions take cleaned text (no white space between a number and its unit). A date that is
written without its year or month takes them from the issue: see `Anchor`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from chabao.indexer.bulletin import Days
from chabao.indexer.numerals import HAN, value

YEAR = rf"(?:\d{{4}}|[{HAN}]{{4}})"
UNIT = rf"(?:\d{{1,2}}|[{HAN}]{{1,3}})"
TO = r"(?:至|到|[-\u2010-\u2015\u2212\uff0d~\uff5e\u301c]+)"

FULL = re.compile(
    rf"(?P<y>{YEAR})年(?P<m>{UNIT})月(?P<d>{UNIT})[日号]"
    r"|(?<!\d)(?P<y2>\d{4})[-./](?P<m2>\d{1,2})[-./](?P<d2>\d{1,2})(?!\d)"
)
DAY = rf"(?:(?P<?y>{YEAR})年)?(?:(?P<?m>{UNIT})月)?(?P<?d>{UNIT})"
DOTTED = r"(?:(?P<?y>\d{4})\.)?(?P<?m>\d{1,2})\.(?P<?d>\d{1,2})"
A_DAY, B_DAY = DAY.replace("?P<?", "?P<a"), DAY.replace("?P<?", "?P<b")
P_DAY, Q_DAY = DOTTED.replace("?P<?", "?P<p"), DOTTED.replace("?P<?", "?P<q")
RANGE = re.compile(
    rf"(?<![\d.]){A_DAY}日?{TO}{B_DAY}日(?!内)"
    rf"|(?<![\d.]){P_DAY}{TO}{Q_DAY}(?![\d.])"
)
OPENING = re.compile(rf"(?:今年|本月|{A_DAY}日?{TO})?{B_DAY}日")
NEXT = re.compile(rf"[、和及与](?:{A_DAY}日?{TO})?{B_DAY}日")
NOT_A_DAY = re.compile("[内游间均历程常益产志租薪用]")
"""After 3日: a length of time or another word, where no month says that it is a day."""
MONTHS = re.compile(
    rf"(?:(?P<y>{YEAR})年)?(?P<a>{UNIT})(?:月份?)?(?:{TO}(?P<b>{UNIT}))?月(?!{UNIT}日)"
)
QUARTER = re.compile(rf"(?:(?P<y>{YEAR})年)?第?(?P<q>[一二三四1-4])季度")
HALF = re.compile(rf"(?:(?P<y>{YEAR})年)?(?P<h>[上下])半年")


def month(year: int, first: int, last: int | None = None) -> Days:
    """The days of a month, or of the months from `first` to `last`. Raises ValueError."""
    last = last or first
    return Days(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def quarter(year: int, number: int) -> Days:
    """The days of a quarter, 1 to 4. Raises ValueError."""
    return month(year, 3 * number - 2, 3 * number)


def half(year: int, number: int) -> Days:
    """The days of the first or second half of a year. Raises ValueError."""
    return month(year, 6 * number - 5, 6 * number)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an issue says of its own time, from which bare dates take year and month.

    A bulletin tells what has happened: days long after its date of issue are hardly ever meant.
    """

    issued: date | None = None
    period: Days | None = None

    @property
    def known(self) -> Days | None:
        return self.period or (Days(self.issued, self.issued) if self.issued else None)

    def nearest(self, candidates: Iterable[Days]) -> Days | None:
        """The candidate that fits best; of several as near, the shortest: 30日至31日 is two."""
        known = self.known
        if known is None:
            return None
        told = max(self.issued or known.last, known.last)
        return min(
            candidates,
            key=lambda days: (
                _gap(days, known) + 8 * max(0, (days.last - told).days - 7),
                days.last - days.first,
            ),
            default=None,
        )


def _gap(days: Days, other: Days) -> int:
    """How many days lie between two ranges; 0 where they overlap."""
    return max((other.first - days.last).days, (days.first - other.last).days, 0)


def full_date(text: str) -> tuple[date, int, int] | None:
    """The first date written in full, and where it stands in the text."""
    for match in FULL.finditer(text):
        parts = [match[name] or match[name + "2"] for name in ("y", "m", "d")]
        year, month, day = (value(part) or 0 for part in parts)
        if found := _date(year, month, day):
            return found, match.start(), match.end()
    return None


def period(text: str, anchor: Anchor) -> Days | None:
    """The range of days that a heading line names: 12月26日—1月6日, 2023.1.16-1.20."""
    match = RANGE.search(text)
    return _meant(match, anchor) if match else None


def months(text: str, issued: date | None, year: int | None = None) -> Days | None:
    """The month, months, quarter or half year that a heading names: 2025年2月, 1—2月, 一季度."""
    for pattern, name, length, span in (
        (QUARTER, "q", 4, quarter), (HALF, "h", 2, half), (MONTHS, "a", 12, month)
    ):  # fmt: skip
        match = pattern.search(text)
        if match is None:
            continue
        number = {"上": 1, "下": 2}.get(match[name]) or value(match[name]) or 0
        if not 1 <= number <= length:
            continue
        said = value(match["y"] or "") or year or _latest(span(2000, number), issued)
        if not said:
            continue
        first = span(said, number)
        last = value(match["b"]) if name == "a" and match["b"] else None
        if last and number < last <= 12:
            return Days(first.first, month(first.first.year, last).last)
        return first
    return None


def _latest(days: Days, issued: date | None) -> int | None:
    """The year in which a part of the year was last begun when the issue came out."""
    if issued is None:
        return None
    return issued.year - (days.first.month > issued.month)


def opening(text: str, anchor: Anchor) -> tuple[Days, ...]:
    """The day or range of days with which a text opens; several where it lists several.

    6月20日至28日 is one range; 10日至12日 takes month and year from the issue. A month alone, a
    length of time and an impossible date are none.
    """
    match = OPENING.match(text)
    if match is None or (match["bm"] is None and NOT_A_DAY.match(text, match.end())):
        return ()
    first = _meant(match, anchor)
    if first is None:
        return ()
    found = [first]
    end = match.end()
    while following := NEXT.match(text, end):
        # What it does not say, it takes from the day before it.
        near = anchor if following["bm"] or following["am"] else Anchor(period=found[-1])
        days = _meant(following, near)
        if days is None:
            break
        found.append(days)
        end = following.end()
    return tuple(found)


def _meant(match: re.Match[str], anchor: Anchor) -> Days | None:
    """The days of a match of RANGE, OPENING or NEXT; None where there are no such days.

    Groups `a` and `b` (`p` and `q` where dots stand for 年 and 月) are the first and the last day;
    `b` alone is one day.
    """
    groups = match.groupdict()
    a, b = ("p", "q") if groups.get("pd") else ("a", "b")
    start = Written(*(_number(groups[a + part]) for part in "ymd"))
    end = Written(*(_number(groups[b + part]) for part in "ymd"))
    if start.day is None:
        start, end = end, Written(None, None, None)
    candidates = [
        Days(first, last)
        for first in start.days(anchor.known, end)
        if (last := end.after(first))
    ]  # fmt: skip
    return candidates[0] if len(candidates) == 1 else anchor.nearest(candidates)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: what it does not say is None."""

    year: int | None
    month: int | None
    day: int | None

    def days(self, known: Days | None, end: Written) -> Iterator[date]:
        """The days that may be meant, as the beginning of a range that ends with `end`."""
        years: Iterable[int] = ()
        if self.year:
            years = (self.year,)
        elif end.year:
            years = (end.year, end.year - 1)
        elif known:
            years = range(known.first.year - 1, known.last.year + 2)
        for year in years:
            for month in [self.month] if self.month else range(1, 13):
                if day := _date(year, month, self.day):
                    yield day

    def after(self, first: date) -> date | None:
        """The end of a range: the first such day from `first` on, within a year."""
        if self.day is None:
            return first
        if self.month:
            years = [self.year] if self.year else [first.year, first.year + 1]
            days = [_date(year, self.month, self.day) for year in years]
        else:
            year, month = divmod(12 * first.year + first.month, 12)
            days = [
                _date(first.year, first.month, self.day),
                _date(year, month + 1, self.day),
            ]
        found = next((day for day in days if day and day >= first), None)
        return found if found and (found - first).days < 366 else None


def _number(text: str | None) -> int | None:
    return value(text) if text else None


def _date(year: int, month: int, day: int | None) -> date | None:
    try:
        return date(year, month, day or 0)
    except ValueError:
        return None
