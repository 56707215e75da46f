"""The bars of a trend: how long each is, and the hits that it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from itertools import groupby

from chabao.search.timeline import By
from chabao.search.trends import UNDATED, Slot, Trend
from chabao.web.asked import Asked

WIDTH = 100.0
"""Of the longest bar, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A place on the axis of a trend: `value` is None in a gap, `length` a part of `WIDTH`."""

    label: str
    value: int | float | None
    length: float
    missing: int
    issues: int
    link: str | None


def bars(found: Trend, asked: Asked) -> Iterator[Bar]:
    """The bars of one series, each a link to the hits of its time; gaps side by side are one."""
    if not found.series:
        return
    series = found.series[0]
    values: Sequence[int | float | None] = series.counts
    if asked.relative:
        values = [None if rate is None else round(rate, 2) for rate in found.rates(series)]
    most = max((value for value in values if value), default=0) or 1
    pairs = zip(found.slots, values, strict=True)
    for gap, run in groupby(pairs, key=lambda pair: pair[0].gap and not pair[0].undated):
        if gap:
            slots = [slot for slot, _value in run]
            ends = dict.fromkeys((slots[0].label, slots[-1].label))
            yield Bar("—".join(ends), None, 0.0, sum(slot.missing for slot in slots), 0, None)
            continue
        for slot, value in run:
            yield Bar(
                label=_("undated") if slot.undated and slot.label == UNDATED else slot.label,
                value=value,
                length=WIDTH * (value or 0) / most,
                missing=slot.missing,
                issues=len(slot.issues),
                link=_narrowed(slot, found.by, asked) if slot.issues else None,
            )


def _narrowed(slot: Slot, by: By, asked: Asked) -> str | None:
    """The hits of the time that a bar stands for; an issue goes by its number, if it has one."""
    hits = replace(asked, view="hits", by="", order="date", relative=False)
    if by is By.ISSUE and slot.issues[0].number:
        return hits.link(number=(slot.issues[0].number,))
    if slot.first is None or slot.last is None:
        return None
    first, last = slot.first.isoformat(), slot.last.isoformat()
    return hits.link(period=(first if first == last else f"{first}..{last}",))
