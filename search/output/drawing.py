"""Where everything of a plot stands, before any library draws it: plain numbers and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from chabao.search.axis import Slot
from chabao.search.output.chart import label_of, name_of, runs, silence
from chabao.search.output.text import clean, fitted
from chabao.search.timeline import By
from chabao.search.trends import Trend

LABELS = 16
"""Labels on the axis, at most."""
FEW = 6
"""Labels that may have two lines, at most."""
LONGEST_GAP = 3.0
"""Slots that a run of missing issues takes where the axis counts issues and not days."""
NAMES = 3
"""Terms that a title names, at most."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the axis of which nothing is known, or with `partial`, not everything."""

    start: float
    end: float
    label: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """A series: mentions, and mentions per 10,000 characters, at the places that have values."""

    name: str
    counts: tuple[float, ...]
    rates: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`places` are where the values of the curves stand, a unit for each slot; `stretches` are
    half-open ranges of them between which no line is drawn."""

    title: str
    note: str
    places: tuple[float, ...]
    stretches: tuple[tuple[int, int], ...]
    ticks: tuple[tuple[float, str], ...]
    bands: tuple[Band, ...]
    curves: tuple[Curve, ...]
    end: float

    @property
    def texts(self) -> str:
        """Every character that is to be lettered."""
        names = [curve.name for curve in self.curves]
        labels = [label for _place, label in self.ticks] + [band.label for band in self.bands]
        return "".join([self.title, self.note, *names, *labels])


def drawing(found: Trend) -> Drawing:
    """The plan of a plot."""
    places: dict[int, float] = {}
    bands: list[Band] = []
    stretches: list[tuple[int, int]] = []
    at, open_ = 0.0, False
    for start, end in runs(found.slots):
        slot = found.slots[start]
        if slot.undated and start and not found.slots[start - 1].undated:
            at, open_ = at + max(0.5, at * 0.02), False
        if slot.gap:
            taken = float(end - start)
            taken = min(taken, LONGEST_GAP) if found.by is By.ISSUE else taken
            bands.append(Band(at - 0.5, at + taken - 0.5, silence(found.slots[start:end])))
            places |= {each: at + each - start for each in range(start, end)}
            at, open_ = at + taken, False
            continue
        number = sum(last - first for first, last in stretches)
        if open_:
            stretches[-1] = (stretches[-1][0], number + 1)
        else:
            stretches.append((number, number + 1))
        places[start] = at
        if slot.missing:
            bands.append(Band(at - 0.5, at + 0.5, partial=True))
        at, open_ = at + 1, not slot.undated
    known = [number for number, slot in enumerate(found.slots) if not slot.gap]
    return Drawing(
        title=_title(found),
        note=_note(found),
        places=tuple(places[number] for number in known),
        stretches=tuple(stretches),
        ticks=tuple(_ticks(found, places)),
        bands=tuple(bands),
        curves=tuple(_curves(found, known)),
        end=at - 0.5,
    )


def _curves(found: Trend, known: Sequence[int]) -> Iterator[Curve]:
    for series in found.series:
        rates = found.rates(series)
        counts = tuple(float(series.counts[number] or 0) for number in known)
        yield Curve(name_of(series), counts, tuple(rates[number] or 0.0 for number in known))


def _ticks(found: Trend, places: Mapping[int, float]) -> Iterator[tuple[float, str]]:
    """The labels: of issues those that are there, of the calendar at even steps, as far as there
    is room; of several undated issues only the first."""
    slots = found.slots
    dated = [number for number, slot in enumerate(slots) if not slot.undated]
    undated = next((number for number, slot in enumerate(slots) if slot.undated), None)
    if found.by is By.ISSUE:
        dated = [number for number in dated if not slots[number].gap]
        dated = dated[:: -(-len(dated) // LABELS) or 1]
    else:
        steps = (1, 2, 3, 6, 12, 24, 60, 120) if found.by is By.MONTH else (1, 2, 4, 8, 20, 40, 100)
        even = next((step for step in steps if len(dated) <= step * LABELS), 1000)
        dated = dated[::even]
    for number in dated:
        yield places[number], _tick(found.by, slots[number], len(dated))
    if undated is not None:
        yield places[undated], _("undated")


def _tick(by: By, slot: Slot, labels: int) -> str:
    """An issue by its name and the days it reports on; where many are named, by the first day."""
    if by is not By.ISSUE or slot.first is None or slot.last is None:
        return label_of(slot)
    if labels > FEW:
        return slot.first.isoformat()
    return f"{label_of(slot)}\n{slot.first}..{slot.last:%m-%d}"


def _title(found: Trend) -> str:
    terms = [fitted(clean(query.line), 30) for query in found.queries]
    named = _(", ").join(terms[:NAMES]) + ("…" if len(terms) > NAMES else "")
    steps = {
        By.MONTH: _("Mentions by month"), By.QUARTER: _("Mentions by quarter"),
        By.YEAR: _("Mentions by year"), By.ISSUE: _("Mentions by issue"),
    }  # fmt: skip
    return _("{what}: {terms}").format(what=steps[found.by], terms=named)


def _note(found: Trend) -> str:
    count = len(found.issues)
    held = ngettext("{n} issue", "{n} issues", count).format(n=count)
    days = [day for issue in found.issues for day in issue.covered or ()]
    said = [held]
    if days:
        between = _("reporting on {first} to {last}")
        said.append(between.format(first=min(days), last=max(days)))
    if any(slot.gap for slot in found.slots):
        said.append(_("grey: nothing in the index"))
    if any(slot.missing and not slot.gap for slot in found.slots):
        said.append(_("hatched: not all issues"))
    return "  ·  ".join(said)
