"""One whole item for people, between its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import Any

from chabao.search.output.hits import flowed, issue, paragraph, place
from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean
from chabao.search.snippets import snippets

Record = Mapping[str, Any]


def item(
    before: Record | None, shown: Record, after: Record | None, screen: Screen
) -> Iterator[str]:
    """The item in full, where it stands, and the opening of the one before and the one after."""
    yield from flowed(issue(shown), screen, 0, Style.TITLE)
    yield from paragraph(place(shown), screen, 0, Style.FAINT)
    yield from flowed(_facts(shown), screen, 0, Style.FAINT)
    if before:
        yield ""
        yield from _neighbour(_("before"), before, screen)
    yield ""
    yield from paragraph(clean(shown["text"]), screen, 0)
    if after:
        yield ""
        yield from _neighbour(_("after"), after, screen)


def _facts(shown: Record) -> list[str]:
    page = _("page {page}").format(page=shown["page"]) if shown["page"] else ""
    dates = "、".join(days["first"] for days in shown["dates"])
    where = f"{shown['source']}:{shown['line']}"
    facts = ("、".join(shown["department"]), dates, where, page, f"id {shown['id']}")
    return [clean(fact) for fact in facts if fact]


def _neighbour(name: str, neighbour: Record, screen: Screen) -> Iterator[str]:
    head = (name, place(neighbour), clean(f"id {neighbour['id']}"))
    yield from flowed([fact for fact in head if fact], screen, 0, Style.FAINT)
    for opening in snippets(neighbour["text"], (), limit=1, width=60):
        text = clean(opening.text) + ("…" if opening.cut_after else "")
        yield from paragraph(text, screen, 0, Style.FAINT)
