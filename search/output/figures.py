"""The last step of `figures`: the numbers as a table for people, or as a sheet for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from gettext import gettext as _
from gettext import ngettext
from itertools import groupby
from pathlib import Path
from typing import Any

from chabao.search.amounts import written
from chabao.search.figures import Figure, Figures
from chabao.search.issues import issue_of
from chabao.search.output.answer import answered, remarked
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.screen import Screen, Style
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
from chabao.search.output.text import clean, fitted, width
from chabao.search.statements import Basis

COLUMNS = (
    "title", "number", "serial", "date", "first", "last", "section", "item", "department",
    "subject", "measure", "of", "value", "upto", "unit", "qualifier", "basis", "text", "sentence",
    "address", "source",
)  # fmt: skip
"""`first` and `last` are the days that the issue covers; `upto` the upper end of a range."""
_RIGHT = 2
"""Of a row's cells, the one that stands to the right: the value."""
_GAP = "  "


def figures(
    found: Figures,
    as_json: bool,
    form: str | None,
    into: Path | None,
    color: str,
    limit: int | None = None,
) -> int:
    """The counts, then at most `limit` figures; the exit code."""
    remarked(found.query, color)
    if found.failed:
        return FAILED
    rows = found.rows[:limit]
    answered(
        lambda: _object(found, rows),
        lambda: sheet(rows),
        lambda on: table(rows, on),
        [summary(found.rows, len(rows))],
        as_json, form, into, color,
    )  # fmt: skip
    return FOUND if found.rows else NOT_FOUND


def summary(rows: Sequence[Figure], shown: int) -> str:
    """How much was found, and how much of it is shown."""
    items = len({row.item["id"] for row in rows})
    issues = len({issue_of(row.item) for row in rows})
    parts = (
        ngettext("{n} figure", "{n} figures", len(rows)).format(n=len(rows)),
        ngettext("{n} item", "{n} items", items).format(n=items),
        ngettext("{n} issue", "{n} issues", issues).format(n=issues),
    )
    said = _(", ").join(parts)
    if shown < len(rows):
        said += _("; the first {shown} are shown (--all for every one)").format(shown=shown)
    return said


def table(rows: Sequence[Figure], on: Screen) -> Iterator[str]:
    """A heading for each item, its figures below; in a pipe a line a figure, parted by tabs."""
    if on.width is None:
        yield "\t".join(COLUMNS)
        for row in rows:
            yield "\t".join(clean("" if cell is None else str(cell)) for cell in cells(row))
        return
    lines = [_line(row) for row in rows]
    widths = _widths(lines, on.width - len(_GAP))
    shown = iter(lines)
    for number, (_id, group) in enumerate(groupby(rows, key=lambda row: row.item["id"])):
        members = list(group)
        if number:
            yield ""
        yield on.paint(_title(members[0], on.width), Style.FAINT)
        for _member, line in zip(members, shown, strict=False):
            yield _GAP + _joined(line, widths)


def _title(row: Figure, columns: int) -> str:
    """The issue, the section and the id; the section gives way."""
    item = row.item
    issue = item["number"] or item["date"] or item["source"]
    period = "..".join(filter(None, (item["period"]["first"], item["period"]["last"])))
    head = clean(_GAP.join(filter(None, (issue, period))))
    section = clean(" \u203a ".join(item["section"]))
    room = columns - width(head) - width(item["id"]) - 2 * len(_GAP)
    return _GAP.join((head, fitted(section, max(room, 8)), item["id"]))


def _line(row: Figure) -> tuple[str, ...]:
    number = written(row.value) + (f"–{written(row.upto)}" if row.upto is not None else "")
    names = {Basis.CUMULATIVE: _("cumulative"), Basis.PERIOD: _("of the period"), Basis.UNSAID: ""}
    unit = f"{row.unit} {row.qualifier}".strip()
    parts = (row.subject, row.measure, number, unit, names[row.basis], f"@{row.start}")
    return tuple(map(clean, parts))


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int]:
    """Columns for each cell; subject and measure share what the others leave."""
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    if not widths:
        return []
    free = max(room - sum(widths[2:]) - len(_GAP) * (len(widths) - 1), 16)
    subject, measure = widths[:2]
    if subject + measure > free:
        subject = min(subject, max(free // 2, free - measure))
        widths[:2] = [subject, min(measure, free - subject)]
    return widths


def _joined(line: Sequence[str], widths: Sequence[int]) -> str:
    parts = []
    for at, (cell, columns) in enumerate(zip(line, widths, strict=True)):
        shown = fitted(cell, columns)
        space = " " * (columns - width(shown))
        parts.append(space + shown if at == _RIGHT else shown + space)
    return _GAP.join(parts).rstrip()


def sheet(rows: Sequence[Figure]) -> Sheet:
    """A row a figure; values are numbers."""
    return Sheet("figures", COLUMNS, map(cells, rows), map(_record, rows))


def cells(row: Figure) -> tuple[Any, ...]:
    """Lists are joined, headings as they are shown."""
    record = _record(row)
    record["section"] = " \u203a ".join(record["section"])
    record["department"] = "、".join(record["department"])
    return tuple(record.values())


def _record(row: Figure) -> dict[str, Any]:
    item = row.item
    answer = {name: item[name] for name in ("title", "number", "serial", "date")}
    answer |= {"first": item["period"]["first"], "last": item["period"]["last"]}
    return answer | {
        "section": item["section"],
        "item": item["item"],
        "department": row.departments,
        "subject": row.subject,
        "measure": row.measure,
        "of": row.of or None,
        "value": number(row.value),
        "upto": None if row.upto is None else number(row.upto),
        "unit": row.unit,
        "qualifier": row.qualifier or None,
        "basis": row.basis.value or None,
        "text": row.text,
        "sentence": row.sentence,
        "address": row.address,
        "source": item["source"],
    }


def number(value: Decimal) -> int | float:
    """A number for JSON and spreadsheets. Up to 15 digits it is exact; `text` always is."""
    return int(value) if value == value.to_integral_value() else float(value)


def _object(found: Figures, rows: Sequence[Figure]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "understood": found.query.understood,
        "total": len(found.rows),
        "notices": [notice(remark) for remark in found.query.diagnostics],
        "figures": map(_record, rows),
    }
