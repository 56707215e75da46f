"""Bars on a screen: a line for each slot of a series over time, gaps as gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from gettext import ngettext
from itertools import chain

from chabao.search.axis import UNDATED, Slot
from chabao.search.output.screen import Screen, Style
from chabao.search.output.table import table
from chabao.search.output.text import clean, fitted, width
from chabao.search.timeline import By
from chabao.search.trends import Series, Split, Trend

GAP = 2
SHORTEST = 8
"""Columns that bars must have; columns of numbers that are there for interest give way."""
FULL, HALF = "█", "▌"
"""In the fonts of every terminal; they stand last in a line, so that nothing is out of place where
a terminal draws them two columns wide."""


def name_of(series: Series) -> str:
    """What a series is called beside its bars."""
    return clean(series.term) if series.part is None else clean(series.part) or _("(none)")


def label_of(slot: Slot) -> str:
    return _("undated") if slot.label == UNDATED and slot.undated else clean(slot.label)


def runs(slots: Sequence[Slot]) -> Iterator[tuple[int, int]]:
    """Slots as half-open ranges: gaps that follow one another together, all others alone."""
    start = 0
    for at, slot in enumerate(slots):
        last = at + 1 == len(slots)
        if last or not (slot.gap and slots[at + 1].gap and _adjacent(slot, slots[at + 1])):
            yield start, at + 1
            start = at + 1


def _adjacent(slot: Slot, following: Slot) -> bool:
    """Nothing that was not asked for lies between two gaps."""
    if slot.last and following.first:
        return slot.last + timedelta(days=1) == following.first
    return slot.undated == following.undated and slot.last is following.first


def silence(slots: Sequence[Slot]) -> str:
    """What is said of a run of gaps."""
    missing = sum(slot.missing for slot in slots)
    lost = ngettext("{n} issue missing", "{n} issues missing", missing).format(n=missing)
    if missing:
        return lost
    return _("no issue")


def chart(found: Trend, on: Screen, relative: bool = False) -> Iterator[str]:
    """Bars, a line for each slot and series. In a pipe, the rows of the table, parted by tabs."""
    if on.width is None:
        rows = [tuple(row.values()) for row in found.rows()]
        return table(found.columns, rows, on)
    return _bars(found, on, on.width, relative)


def _bars(found: Trend, on: Screen, columns: int, relative: bool) -> Iterator[str]:
    rates = [found.rates(series) for series in found.series]
    drawn = rates if relative else [series.counts for series in found.series]
    most = max((value or 0 for values in drawn for value in values), default=0)
    grid = Grid.of(found, rates, columns)
    yield on.paint(grid.line(*grid.heads), Style.FAINT)
    undated = False
    for start, end in runs(found.slots):
        slot = found.slots[start]
        if found.by is By.ISSUE and slot.undated > undated:
            yield on.paint(_("undated"), Style.FAINT)
            undated = True
        if slot.gap:
            ends = [label_of(found.slots[at]) for at in dict.fromkeys((start, end - 1))]
            said = silence(found.slots[start:end])
            yield on.paint(fitted(f"{'..'.join(ends)}  {said}", columns), Style.FAINT)
            continue
        for at, series in enumerate(found.series):
            first = (label_of(slot), held(slot)) if not at else ("", "")
            value = drawn[at][start] or 0
            cells = (*first, name_of(series), *numbers(series.counts[start], rates[at][start]))
            yield grid.line(*cells, bar(value, most, grid.room))


def held(slot: Slot) -> str:
    """How many issues there are, of how many."""
    count = len(slot.issues)
    return f"{count}/{count + slot.missing}" if slot.missing else str(count)


def numbers(count: int | None, rate: float | None) -> tuple[str, str]:
    return "" if count is None else str(count), "" if rate is None else f"{rate:.2f}"


def bar(value: float, most: float, room: int) -> str:
    """`value` in half columns, `most` filling the room; what is not nothing shows."""
    if not value or not room:
        return ""
    halves = max(1, round(2 * room * value / most))
    return FULL * (halves // 2) + HALF * (halves % 2)


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of a chart: period, issues, name, mentions, rate, each as wide as its widest cell or
    0 where there is none, and the room for bars."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    room: int

    RIGHT = (1, 3, 4)

    @classmethod
    def of(cls, found: Trend, rates: Sequence[Sequence[float | None]], columns: int) -> Grid:
        kinds = {None: _("term"), Split.DEPARTMENT: _("department"), Split.SECTION: _("section")}
        heads = (_("period"), _("issues"), kinds[found.split], _("mentions"), _("per 10,000"))
        here = [slot for slot in found.slots if not slot.gap]
        pairs = [
            numbers(*pair)
            for series, rate in zip(found.series, rates, strict=True)
            for pair in zip(series.counts, rate, strict=True)
        ]
        cells: list[list[str]] = [
            [label_of(slot) for slot in here],
            [held(slot) for slot in here],
            [name_of(series) for series in found.series],
            [count for count, _rate in pairs],
            [rate for _count, rate in pairs],
        ]
        widths = [max(map(width, [head, *own])) for head, own in zip(heads, cells, strict=True)]
        if len(found.series) < 2 and not found.split:
            widths[2] = 0
        widths[0] = min(widths[0], max(12, columns // 3))
        widths[2] = min(widths[2], max(8, columns // 4))
        for spare in (1, 4):
            if cls._room(widths, columns) < SHORTEST:
                widths[spare] = 0
        if cls._room(widths, columns) < SHORTEST:
            widths[3] = max(map(width, [*cells[3], "000"]))
        for text in (2, 0):
            over = SHORTEST - cls._room(widths, columns)
            widths[text] = max(min(widths[text], 6), widths[text] - max(0, over))
        return cls(heads, tuple(widths), max(0, cls._room(widths, columns)))

    @staticmethod
    def _room(widths: Sequence[int], columns: int) -> int:
        return columns - sum(columns + GAP for columns in widths if columns)

    def line(self, *cells: str) -> str:
        """The cells side by side; a last one, beyond the columns, is the bar."""
        parts = []
        for at, (cell, columns) in enumerate(zip(cells, self.widths, strict=False)):
            if columns:
                shown = fitted(cell, columns)
                space = " " * (columns - width(shown))
                parts.append(space + shown if at in self.RIGHT else shown + space)
        return (" " * GAP).join(chain(parts, cells[len(self.widths) :])).rstrip()
