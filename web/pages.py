"""The pages: an address in, HTML out. They call `search`, as the command line does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from chabao.indexer.errors import ChabaoError
from chabao.search import catalogue, engine
from chabao.search.engine import Index
from chabao.web.asked import PER_PAGE, Asked
from chabao.web.marks import marked

TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
TEMPLATES.env.trim_blocks = TEMPLATES.env.lstrip_blocks = True
TEMPLATES.env.filters["marked"] = marked


def search(request: Request) -> Response:
    """The search page; only its answer, where a script asks while someone types."""
    asked = Asked.of(request.query_params)
    index = request.app.state.held.index()
    part = request.headers.get("hx-request") == "true"
    shown = {"asked": asked, "found": _found(index, asked) if asked.q else None}
    shown["fields"] = catalogue.fields(index)
    return TEMPLATES.TemplateResponse(request, "answer.html" if part else "search.html", shown)


def _found(index: Index, asked: Asked) -> Any:
    return engine.search(index, asked.q, limit=PER_PAGE * asked.page, facets=True, **asked.options)


def item(request: Request) -> Response:
    """A whole item, between its neighbours."""
    try:
        shown = catalogue.show(request.app.state.held.index(), request.path_params["address"])
    except ChabaoError as error:
        return TEMPLATES.TemplateResponse(request, "gone.html", {"said": str(error)}, 404)
    return TEMPLATES.TemplateResponse(request, "item.html", {"shown": shown})
