"""The axis of a series over time: which issues stand at which place, and where there are none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day

from chabao.search.gaps import Missing
from chabao.search.issues import Issue
from chabao.search.timeline import By, Interval, fitting, interval, intervals

UNDATED = "undated"
"""The label of the slot for what has neither period nor date."""

Asked = Callable[[Day, Day], bool]
"""Whether any of the days from the first to the last were asked for."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on the axis.

    `first` and `last` are the days it stands for: of the calendar, or those the issue covers; None
    where unknown. `issues` are those counted here, `missing` how many more there must have been.
    """

    label: str
    first: Day | None = None
    last: Day | None = None
    issues: tuple[Issue, ...] = ()
    missing: int = 0
    undated: bool = False

    @property
    def gap(self) -> bool:
        """There is no issue of it, so that nothing is known of it."""
        return not self.issues

    @property
    def characters(self) -> int | None:
        """Of all items of its issues; None in a gap."""
        return sum(issue.characters for issue in self.issues) if self.issues else None


def step(chosen: Iterable[Issue]) -> By:
    """The step that suits the days of the issues; by issue where no day is known."""
    known = [issue.day for issue in chosen if issue.day]
    return fitting(min(known), max(known)) if known else By.ISSUE


def slots(
    chosen: Sequence[Issue], held: Sequence[Issue], missing: Sequence[Missing], by: By, asked: Asked
) -> tuple[Slot, ...]:
    """The slots from the first to the last of the issues chosen, undated ones behind them.

    `held` are all issues of the index: where it has some that were not chosen, there is neither a
    value nor a gap, and so no slot.
    """
    known = [issue.day for issue in chosen if issue.day]
    first, last = min(known, default=Day.max), max(known, default=Day.min)
    lacking = [
        each
        for each in missing
        if each.day is None or (first <= each.day <= last and asked(each.day, each.day))
    ]
    if by is By.ISSUE:
        return _by_issue(chosen, lacking)
    found: list[Slot] = []
    if known:
        lost = Counter(interval(each.day, by) for each in lacking if each.day)
        here = _shared_out(chosen, by)
        elsewhere = _shared_out(held, by)
        for at in intervals(first, last, by):
            if at in here or (at not in elsewhere and asked(at.first, at.last)):
                own = tuple(here.get(at, ()))
                found.append(Slot(at.label, at.first, at.last, own, lost[at]))
    undated = tuple(issue for issue in chosen if issue.day is None)
    unplaced = sum(each.day is None for each in lacking)
    if undated or unplaced:
        found.append(Slot(UNDATED, issues=undated, missing=unplaced, undated=True))
    return tuple(found)


def _shared_out(issues: Iterable[Issue], by: By) -> Mapping[Interval, list[Issue]]:
    found: dict[Interval, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.day:
            found[interval(issue.day, by)].append(issue)
    return dict(found)


def _by_issue(chosen: Sequence[Issue], missing: Sequence[Missing]) -> tuple[Slot, ...]:
    names = _names(chosen)
    placed = []
    for issue in chosen:
        first, last = issue.covered or (None, None)
        slot = Slot(names[issue.key], first, last, (issue,), undated=issue.day is None)
        placed.append((issue.day or Day.max, 0, issue.serial or 0, slot))
    for each in missing:
        slot = Slot(each.label, missing=1, undated=each.day is None)
        placed.append((each.day or Day.max, 1, each.serial or 0, slot))
    return tuple(slot for *_, slot in sorted(placed, key=lambda entry: entry[:3]))


def _names(issues: Sequence[Issue]) -> dict[tuple[str, ...], str]:
    """What each issue is called on an axis: as little as tells it from the others."""
    found: dict[tuple[str, ...], str] = {}
    left = list(issues)
    for name in (_short, _titled, _full):
        names = {issue.key: name(issue) for issue in left}
        times = Counter(names.values())
        found |= {key: said for key, said in names.items() if times[said] == 1}
        left = [issue for issue in left if times[names[issue.key]] > 1]
    return found | {issue.key: f"{_full(issue)} {issue.source}" for issue in left}


def _short(issue: Issue) -> str:
    serial = None if issue.serial is None else f"总{issue.serial}期"
    return issue.number or serial or issue.date or issue.source


def _titled(issue: Issue) -> str:
    return f"{issue.title} {_short(issue)}" if issue.title else _short(issue)


def _full(issue: Issue) -> str:
    return f"{issue.publisher} {_titled(issue)}" if issue.publisher else _titled(issue)
