"""Series over time for people and for programs: bars on a screen, rows in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search.output.answer import answered, remarked
from chabao.search.output.chart import chart
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
from chabao.search.output.text import clean
from chabao.search.timeline import By
from chabao.search.trends import Split, Trend


@dataclass(frozen=True, slots=True)
class Wish:
    """How a trend is to be shown: as one JSON object, as a table in a format, into a file, as a
    plot, as a chart.

    `relative` draws mentions per 10,000 characters; `top` is how many series people are shown.
    """

    as_json: bool = False
    form: str | None = None
    into: Path | None = None
    plot: Path | None = None
    relative: bool = False
    top: int = 6
    color: str = "auto"


def show(found: Trend, wish: Wish) -> int:
    """The chart, the table or the plot; what is to be known of the numbers goes to standard
    error. The exit code."""
    for query in found.queries:
        remarked(query, wish.color)
    if found.fatal:
        return FAILED
    shown = replace(found, series=found.series[: wish.top])
    if wish.plot and found.slots:
        from chabao.search.output.plot import draw

        draw(shown, wish.plot)
    whole = wish.form or wish.into
    if whole or wish.as_json or not wish.plot:
        answered(
            lambda: document(found),
            lambda: sheet(found),
            lambda on: chart(shown, on, wish.relative) if found.slots else (),
            map(clean, remarks(found, len((found if whole else shown).series))),
            wish.as_json, wish.form, wish.into, wish.color,
        )  # fmt: skip
    else:
        for line in remarks(found, len(shown.series)):
            print(clean(f"chabao: {line}"), file=sys.stderr)
    return FOUND if found.mentions else NOT_FOUND


def document(found: Trend) -> dict[str, Any]:
    """The one object of --json; gaps are null."""
    return {
        "schema": SCHEMA,
        "by": found.by.value,
        "split": found.split and found.split.value,
        "mentions": found.mentions,
        "issues": len(found.issues),
        "queries": [
            {
                "query": query.line,
                "understood": query.understood,
                "notices": [notice(remark) for remark in query.diagnostics],
            }
            for query in found.queries
        ],
        "rows": list(found.rows()),
    }


def sheet(found: Trend) -> Sheet:
    """A row for each slot and series, gaps as empty cells."""
    rows = (tuple(row.values()) for row in found.rows())
    return Sheet("trend", found.columns, rows)


def remarks(found: Trend, shown: int) -> Iterator[str]:
    """What was counted, and how issues were put in their places."""
    said = ngettext("{n} mention", "{n} mentions", found.mentions).format(n=found.mentions)
    count = len(found.issues)
    held = ngettext("{n} issue", "{n} issues", count).format(n=count)
    steps = {
        By.MONTH: _("by month"), By.QUARTER: _("by quarter"), By.YEAR: _("by year"),
        By.ISSUE: _("by issue"),
    }  # fmt: skip
    yield _("{mentions} in {issues}, {step}").format(
        mentions=said, issues=held, step=steps[found.by]
    )
    if not found.slots:
        yield _("there is no issue to count in")
    if part := next((slot for slot in found.slots if slot.missing and slot.issues), None):
        n = len(part.issues)
        yield _("{n}/{all} issues: {n} of {all} are there, by the numbers of those around").format(
            n=n, all=n + part.missing
        )
    if n := found.crossing:
        yield ngettext(
            "{n} issue runs over a boundary; it counts where the middle of its days is",
            "{n} issues run over a boundary; each counts where the middle of its days is", n,
        ).format(n=n)  # fmt: skip
    if n := sum(not (issue.first or issue.last) and bool(issue.date) for issue in found.issues):
        yield ngettext(
            "{n} issue does not say what days it covers; it counts at its date of issue",
            "{n} issues do not say what days they cover; they count at their date of issue", n,
        ).format(n=n)  # fmt: skip
    if n := sum(issue.day is None for issue in found.issues):
        yield ngettext("{n} issue is undated", "{n} issues are undated", n).format(n=n)
    for before, after in found.doubtful[:3]:
        yield _(
            "{before} and {after} do not fit their dates; nothing between them is taken for missing"
        ).format(before=before, after=after)
    if found.split is Split.DEPARTMENT and found.series:
        yield _("an item that names several departments counts under each")
    if shown < len(found.series):
        yield _("{shown} of {all} are shown; --top {all} shows all").format(
            shown=shown, all=len(found.series)
        )
