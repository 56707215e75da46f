"""Reprints for people and for programs: each passage, where it stands, and what changed.

Changes are marked as in `checking`: [-what the appearance before said-] {+what this one says+}.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search.alignment import Change, unspaced
from chabao.search.engine import line_at
from chabao.search.output.answer import answered, remarked
from chabao.search.output.checking import CONTEXT, difference, marked
from chabao.search.output.hits import flowed, issue, paragraph, place
from chabao.search.output.json_ import SCHEMA, notice
from chabao.search.output.screen import Screen, Style
from chabao.search.output.sheets import Sheet
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND
from chabao.search.output.text import clean
from chabao.search.reprints import Reprint, Reprints

COLUMNS = (
    "reprint", "issues", "appearance", "address", "title", "issue", "date", "section", "item",
    "source", "line", "text", "changed", "difference",
)  # fmt: skip
"""A row for each appearance; `reprint` and `appearance` count from 1, `issues` those of the whole
reprint. `changed` since the appearance before, marked in `difference`; empty in the first."""
APPEARANCES = 10
"""Of one reprint on a page, the first of them."""


def reprints(
    found: Reprints,
    limit: int | None,
    as_json: bool,
    form: str | None,
    into: Path | None,
    color: str,
) -> int:
    """Reprints in the form asked for; the exit code. `limit` None is all, with every appearance."""
    if not remarked(found.query, color):
        return FAILED
    rows = found.rows[:limit]
    answered(
        lambda: document(found, rows),
        lambda: sheet(rows),
        lambda on: page(rows, on, APPEARANCES if limit else None),
        summary(found, rows),
        as_json, form, into, color,
    )  # fmt: skip
    return FOUND if found.rows else NOT_FOUND


def sheet(rows: Sequence[Reprint]) -> Sheet:
    """Reprints as a table, a row each appearance."""
    numbered = [row for at, each in enumerate(rows, 1) for row in objects(at, each)]
    return Sheet("reprints", COLUMNS, map(cells, numbered), numbered)


def summary(found: Reprints, rows: Sequence[Reprint]) -> Iterator[str]:
    """How many there are, among how much, and how changes are marked, if any are shown."""
    said = _("{reprints} among {items} of {issues}").format(
        reprints=ngettext("{n} reprint", "{n} reprints", len(found.rows)).format(n=len(found.rows)),
        items=ngettext("{n} item", "{n} items", found.items).format(n=found.items),
        issues=ngettext("{n} issue", "{n} issues", found.issues).format(n=found.issues),
    )
    if len(rows) < len(found.rows):
        said += _("; the first {n} are shown (--all shows every one)").format(n=len(rows))
    yield said
    if not all(row.same for row in rows):
        yield _("[-only in the appearance before-] {+only in this one+}")


def page(rows: Sequence[Reprint], on: Screen, most: int | None = None) -> Iterator[str]:
    """Each reprint: how often it stands, what it says first, and its appearances, `most` of them
    with what changed."""
    margin = len(str(len(rows))) + 2
    for at, row in enumerate(rows, 1):
        if at > 1:
            yield ""
        head, *rest = flowed(_facts(row), on, margin, Style.TITLE)
        rest += paragraph(clean(unspaced(row.rows[0].text)), on, margin)
        for number in range(len(row.rows[:most])):
            rest += _appearance(row, number, on, margin)
        left = len(row.rows) - len(row.rows[:most])
        if left:
            more = ngettext("and {n} more appearance", "and {n} more appearances", left)
            rest += paragraph(more.format(n=left), on, margin, Style.FAINT)
        yield on.paint(f"{at}.".ljust(margin), Style.FAINT) + head
        yield from (" " * margin + line for line in rest)


def _facts(row: Reprint) -> list[str]:
    issues = ngettext("in {n} issue", "in {n} issues", row.issues).format(n=row.issues)
    times = ngettext("{n} time", "{n} times", len(row.rows)).format(n=len(row.rows))
    length = ngettext("{n} character", "{n} characters", row.length).format(n=row.length)
    return [issues, times, length, _("the same") if row.same else _("with changes")]


def _appearance(row: Reprint, at: int, on: Screen, margin: int) -> Iterator[str]:
    item, changes = row.rows[at].item, row.changes(at)
    changed = any(not change.same for change in changes)
    facts = issue(item) + ([_("unchanged")] if at and not changed and not row.same else [])
    first, *rest = flowed(facts, on, margin + 2, Style.FAINT)
    where = f"{item['source']}:{line_at(item, row.rows[at].start)}"
    places = (place(item), clean(where), str(row.rows[at].address))
    rest += flowed([fact for fact in places if fact], on, margin + 2, Style.FAINT)
    if changed:
        rest += marked(difference([changes], CONTEXT), on, margin + 2)
    yield ("- " if at else "* ") + first
    yield from ("  " + line for line in rest)


def objects(number: int, row: Reprint) -> Iterator[dict[str, Any]]:
    """The appearances of a reprint for programs. `changes` are pairs: what the appearance before
    says and what this one says, the same or not, less layout; none in the first."""
    for at, each in enumerate(row.rows):
        item, changes = each.item, row.changes(at) if at else ()
        yield {
            "reprint": number,
            "issues": row.issues,
            "appearance": at + 1,
            "address": str(each.address),
            "title": item["title"],
            "issue": item["number"],
            "date": item["date"],
            "section": item["section"],
            "item": item["item"],
            "source": item["source"],
            "line": line_at(item, each.start),
            "text": each.text,
            "changed": any(not change.same for change in changes),
            "changes": [[change.quoted, change.source] for change in changes],
        }


def cells(told: dict[str, Any]) -> tuple[Any, ...]:
    """An appearance as `COLUMNS` has it."""
    changes = told["changes"] if told["changed"] else ()
    told = told | {
        "section": " \u203a ".join(told["section"]),
        "difference": difference([[Change(*pair) for pair in changes]]),
    }
    return tuple(told[name] for name in COLUMNS)


def document(found: Reprints, rows: Sequence[Reprint]) -> dict[str, Any]:
    """The one object of --json."""
    outer = ("reprint", "issues")
    return {
        "schema": SCHEMA,
        "understood": found.query.understood,
        "items": found.items,
        "issues": found.issues,
        "total": len(found.rows),
        "notices": [notice(remark) for remark in found.query.diagnostics],
        "reprints": [
            {
                "issues": row.issues,
                "letters": row.length,
                "same": row.same,
                "appearances": [
                    {key: value for key, value in each.items() if key not in outer}
                    for each in objects(at, row)
                ],
            }
            for at, row in enumerate(rows, 1)
        ],
    }
