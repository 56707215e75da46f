"""Saved searches on the page: what is new to each, and forms that save, mark as seen and remove.

To look changes nothing, and neither does a feed reader: what is new stays new until a form, or
`chabao new`, says that it was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chabao.search.concordance import Line
from chabao.search.engine import Index
from chabao.search.errors import NameTaken, UnknownSaved
from chabao.search.output import news
from chabao.search.output.feed import feed
from chabao.search.output.shelf import Shelf
from chabao.search.saved import Conditions, Entry, Look, Saved, begun, look
from chabao.web import views
from chabao.web.asked import Asked
from chabao.web.rendering import page
from chabao.web.telling import told

NAME = 100
"""Characters of a name."""
LINES = 30
"""New mentions that the page shows of each search."""


@dataclass(frozen=True, slots=True)
class Row:
    """A saved search on the page: what it asks, what is new to it, and where that is read."""

    entry: Entry
    look: Look
    asked: Asked

    @property
    def said(self) -> str:
        """What it asks, as it would be typed."""
        return news.asked(self.entry.saved)

    @property
    def amount(self) -> str:
        """How much is new."""
        return news.amount(self.look)

    @property
    def fatal(self) -> bool:
        return self.look.query.node is None

    @property
    def lines(self) -> Iterator[tuple[str, Line]]:
        """The first of what is new, each with where it is read."""
        for line in self.look.lines[:LINES]:
            yield views.item_link(line.address, self.asked), line

    @property
    def left(self) -> int:
        return max(len(self.look.rows) - LINES, 0)


def saved(request: Request) -> Response:
    """What is new to each saved search."""
    index = request.app.state.held.index()
    rows = [Row(entry, _look(request, index, entry), _asked(entry.saved))
            for entry in _shelf(request).read().values()]  # fmt: skip
    return page(request, "saved.html", {"asked": Asked(), "rows": rows})


def atom(request: Request) -> Response:
    """What was new to a search of late, for feed readers."""
    shelf, name = _shelf(request), request.path_params["name"]
    entry = shelf.read().get(name)
    if entry is None:
        raise HTTPException(404)
    seen = _look(request, request.app.state.held.index(), entry)
    data = feed([seen.after], shelf.index, [name])
    return Response(data, media_type="application/atom+xml")


def change(request: Request) -> Response:
    """What a form asks to be done. It has been let through: see `guard`."""
    form: ImmutableMultiDict[str, str] = request.state.form
    does = ACTIONS.get(form.get("action", ""))
    name = form.get("name", "").strip()
    if does is None or not 0 < len(name) <= NAME:
        raise HTTPException(400, _("a name has from {least} to {most} characters").format(
            least=1, most=NAME
        ))  # fmt: skip
    shelf = _shelf(request)
    try:
        with shelf.held():
            does(shelf, request.app.state.held.index(), name, form)
    except NameTaken as error:
        raise HTTPException(409, told(error)) from error
    except UnknownSaved as error:
        raise HTTPException(404, told(error)) from error
    return RedirectResponse("/saved", 303)


def _save(shelf: Shelf, index: Index, name: str, form: ImmutableMultiDict[str, str]) -> None:
    asked = Asked.of(form)
    if known := shelf.read().get(name):
        raise NameTaken(name=name, query=news.asked(known.saved))
    conditions = Conditions(
        asked.department, asked.section, asked.period, asked.number,
        asked.since or None, asked.until or None,
    )  # fmt: skip
    seen = begun(index, Saved(name, asked.q, asked.literal, conditions=conditions))
    if seen.query.node is None:
        said = [each.message for each in seen.query.diagnostics if each.fatal]
        raise HTTPException(422, "；".join(said) or _("there is nothing to look for"))
    shelf.put([seen.after])


def _see(shelf: Shelf, index: Index, name: str, _form: Mapping[str, str]) -> None:
    """Nothing of it is new any more; what came since is in the feed."""
    shelf.put([look(index, shelf.chosen([name])[0]).after])


def _remove(shelf: Shelf, _index: Index, name: str, _form: Mapping[str, str]) -> None:
    shelf.put((), without=[shelf.chosen([name])[0].saved.name])


ACTIONS: Mapping[str, Callable[[Shelf, Index, str, ImmutableMultiDict[str, str]], None]] = {
    "save": _save,
    "see": _see,
    "remove": _remove,
}


def _look(request: Request, index: Index, entry: Entry) -> Look:
    """What is new, as of the time when the index came to hold it, so that a feed that is asked for
    again says the same."""
    written = max(request.app.state.held.written, datetime.fromisoformat(entry.looked))
    return look(index, entry, now=written, today=date.today())


def _asked(saved: Saved) -> Asked:
    """The address of a saved search."""
    kept = saved.conditions
    return Asked(
        q=saved.query, literal=saved.literal, department=kept.department, section=kept.section,
        period=kept.period, number=kept.number, since=kept.since or "", until=kept.until or "",
    )  # fmt: skip


def _shelf(request: Request) -> Shelf:
    shelf: Shelf | None = request.app.state.shelf
    if shelf is None:
        raise HTTPException(404)
    return shelf


ROUTES = (
    Route("/saved", saved, name="saved"),
    Route("/saved", change, methods=["POST"], name="saved-change"),
    Route("/saved/{name:path}.atom", atom, name="saved-atom"),
)
