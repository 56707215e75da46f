"""One whole item for people, between its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import Any

from chabao.search.output.hits import issue, paragraph, place
from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean
from chabao.search.snippets import snippets

Record = Mapping[str, Any]


def item(
    before: Record | None, shown: Record, after: Record | None, screen: Screen
) -> Iterator[str]:
    """The item in full, where it stands, and the opening of the one before and the one after."""
    yield from paragraph(issue(shown), screen, 0, Style.TITLE)
    for text in (place(shown), clean(_facts(shown))):
        yield from paragraph(text, screen, 0, Style.FAINT)
    if before:
        yield ""
        yield from _neighbour(_("before"), before, screen)
    yield ""
    yield from paragraph(clean(shown["text"]), screen, 0)
    if after:
        yield ""
        yield from _neighbour(_("after"), after, screen)


def _facts(shown: Record) -> str:
    page = _("page {page}").format(page=shown["page"]) if shown["page"] else ""
    dates = "、".join(days["first"] for days in shown["dates"])
    where = f"{shown['source']}:{shown['line']}"
    facts = ("、".join(shown["department"]), dates, where, page, f"id {shown['id']}")
    return "  ".join(filter(None, facts))


def _neighbour(name: str, neighbour: Record, screen: Screen) -> Iterator[str]:
    head = f"{name}  {place(neighbour)}  id {neighbour['id']}"
    yield from paragraph(clean(head), screen, 0, Style.FAINT)
    for opening in snippets(neighbour["text"], (), limit=1, width=60):
        text = clean(opening.text) + ("…" if opening.cut_after else "")
        yield from paragraph(text, screen, 0, Style.FAINT)
