"""The pages: an address in, HTML out. They call `search`, as the command line does."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chabao.indexer.errors import ChabaoError
from chabao.search import quotes, reading
from chabao.search.citation import reference
from chabao.search.errors import GoneItem, UnknownItem
from chabao.search.issues import issue_of
from chabao.search.output.citation import Form, gbt
from chabao.search.output.item import remark
from chabao.web import issue, lessons, views
from chabao.web.asked import Asked
from chabao.web.contents import contents
from chabao.web.rendering import page
from chabao.web.telling import advised, told

LONGEST = 2_000
"""Characters of a query."""


def search(request: Request) -> Response:
    """The answer to what is asked, else what there is to ask for; a part of the page, where a
    script asks while someone types."""
    asked = Asked.of(request.query_params)
    if len(asked.q) > LONGEST:
        return _too_long(request, asked)
    index = request.app.state.held.index()
    part = request.headers.get("hx-request") == "true"
    shown: dict[str, object] = {"asked": asked, "answer": None, "contents": None}
    if asked.anything:
        shown["answer"] = views.answer(index, asked)
    else:
        shown["contents"] = contents(index)
    return page(request, "part.html" if part else "search.html", shown)


def _too_long(request: Request, asked: Asked) -> Response:
    """A page as any other, with as much of the query as is taken."""
    said = _("a query has {most} characters at most, and this one has {length}")
    shown = {
        "asked": replace(asked, q=asked.q[:LONGEST]),
        "said": said.format(most=LONGEST, length=len(asked.q)),
    }
    return page(request, "gone.html", shown)


def item(request: Request) -> Response:
    """An item in its whole issue, with the passage that its address names in view."""
    address, asked = request.path_params["address"], Asked.of(request.query_params)
    index = request.app.state.held.index()
    try:
        found = reading.reading(index, address, asked.q, literal=asked.literal)
        quoted = quotes.quotations(index, address).rows[0]
    except (UnknownItem, GoneItem) as error:
        return _failed(request, 404, told(error))
    before, after = contents(index).beside(issue_of(found.shown.item))
    shown = {
        "asked": asked,
        "reading": found,
        "entries": issue.entries(found),
        "remark": remark(found.shown),
        "cited": quoted,
        "citation": gbt(reference(found.shown.item), Form.SERIAL),
        "issues": (before, after),
        "link": lambda address: views.item_link(address, asked),
    }
    return page(request, "item.html", shown)


def help_(request: Request) -> Response:
    """How queries are written, each way with an example that can be followed."""
    return page(request, "help.html", {"asked": Asked(), "lessons": lessons.lessons()})


def failed(request: Request, error: Exception) -> Response:
    """What went wrong, in a sentence: an address that is none, an index that cannot be read."""
    if isinstance(error, HTTPException):
        said = {
            404: _("there is no such page"),
            405: _("this address is only for reading"),
        }.get(error.status_code, error.detail)
        return _failed(request, error.status_code, said, error.headers)
    assert isinstance(error, ChabaoError)
    return _failed(request, 503, advised(error))


def _failed(request: Request, status: int, said: str, headers: object = None) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": said}, status)
    answered = page(request, "gone.html", {"asked": Asked(), "said": said}, status)
    if isinstance(headers, dict):
        answered.headers.update(headers)
    return answered


ROUTES = (
    Route("/", search, name="search"),
    Route("/item/{address}", item, name="item"),
    Route("/help", help_, name="help"),
)
