"""Months, quarters and years as stretches of days, for series over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chabao.indexer.dates import month, quarter


class By(StrEnum):
    """What a point of a series stands for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Days from `first` to `last`, both in it; `label` is 2023-02, 2023Q1 or 2023."""

    first: date
    last: date
    label: str


def interval(day: date, by: By) -> Interval:
    """The month, quarter or year that a day lies in. Raises ValueError for `By.ISSUE`."""
    match by:
        case By.MONTH:
            days, label = month(day.year, day.month), f"{day.year:04}-{day.month:02}"
        case By.QUARTER:
            number = (day.month + 2) // 3
            days, label = quarter(day.year, number), f"{day.year:04}Q{number}"
        case By.YEAR:
            days, label = month(day.year, 1, 12), f"{day.year:04}"
        case _:
            raise ValueError(f"an {by} is no stretch of the calendar")
    return Interval(days.first, days.last, label)


def intervals(first: date, last: date, by: By) -> Iterator[Interval]:
    """All from the one of `first` to the one of `last`, in order, none left out."""
    at = interval(first, by)
    while True:
        yield at
        if at.last >= last:
            return
        at = interval(at.last + timedelta(days=1), by)


def fitting(first: date, last: date) -> By:
    """The step that shows a stretch of days in a few dozen points: issues up to a quarter of a
    year, months up to three years, quarters up to twelve, then years."""
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months <= 3:
        return By.ISSUE
    return By.MONTH if months <= 36 else By.QUARTER if months <= 144 else By.YEAR
