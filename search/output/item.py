"""One whole item for people, between its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from chabao.search.addresses import Place, State, address
from chabao.search.output.hits import flowed, issue, marked, paragraph, place
from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean
from chabao.search.query import Span
from chabao.search.results import Snippet
from chabao.search.snippets import snippets

if TYPE_CHECKING:
    from chabao.search.catalogue import Shown

Record = Mapping[str, Any]


def item(
    before: Record | None,
    shown: Record,
    after: Record | None,
    screen: Screen,
    passage: Place | None = None,
) -> Iterator[str]:
    """The item in full, where it stands, and the opening of the one before and the one after.

    A passage is marked, unless the text has changed: then nothing in it is what was meant.
    """
    yield from flowed(issue(shown), screen, 0, Style.TITLE)
    yield from paragraph(place(shown), screen, 0, Style.FAINT)
    yield from flowed(_facts(shown), screen, 0, Style.FAINT)
    if before:
        yield ""
        yield from _neighbour(_("before"), before, screen)
    yield ""
    if passage and passage.state is not State.CHANGED and passage.start < passage.end:
        spans = (Span(passage.start, passage.end),)
        yield from marked(Snippet(shown["text"], spans), screen, 0)
    else:
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


def passage(shown: Shown) -> dict[str, Any]:
    """The passage of an address for programs: its place now, what became of it, and its address
    now; empty where no address was given."""
    place = shown.passage
    if place is None:
        return {}
    text = shown.item["text"]
    found = {"offset": place.start, "length": place.end - place.start, "state": str(place.state)}
    return found | {"address": str(address(shown.item["id"], text, place.start, place.end))}


def is_changed(shown: Shown) -> bool:
    """Whether the passage that was asked for stands nowhere any more."""
    return shown.passage is not None and shown.passage.state is State.CHANGED


def remark(shown: Shown) -> str:
    """What is to be said of a passage that was asked for by its address; "" for nothing."""
    if shown.passage is None or shown.wanted is None:
        return ""
    match shown.passage.state:
        case State.MOVED:
            said = _("the passage has moved since {wanted} was made; it stands at {now}")
        case State.CHANGED if shown.wanted.check is None:
            said = _("{wanted} lies beyond the end of the item")
        case State.CHANGED:
            said = _("the text at {wanted} has changed since; this is what the item says now")
        case _:
            return ""
    return clean(said.format(wanted=shown.wanted, now=passage(shown)["address"]))
