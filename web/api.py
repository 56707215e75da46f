"""The JSON of schema 1, over HTTP."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chabao.indexer.errors import UnknownItem
from chabao.search import catalogue, engine
from chabao.search.output import json_
from chabao.web.asked import PER_PAGE, Asked


def search(request: Request) -> Response:
    """The answer to a search, as `chabao search --json` prints it."""
    asked = Asked.of(request.query_params)
    index = request.app.state.held.index()
    found = engine.search(index, asked.q, limit=PER_PAGE * asked.page, **asked.options)
    return _json(json_.results(found))


def item(request: Request) -> Response:
    """A whole item."""
    try:
        shown = catalogue.show(request.app.state.held.index(), request.path_params["address"])
    except UnknownItem as error:
        return _json(json_.encoded({"error": str(error)}), 404)
    return _json(json_.encoded(json_.record(shown.item)))


def _json(data: bytes, status: int = 200) -> Response:
    return Response(data, status, media_type="application/json; charset=utf-8")
