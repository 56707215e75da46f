"""The JSON of schema 1, over HTTP: the answers of the command line, for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chabao.indexer.errors import ChabaoError
from chabao.search import catalogue, engine
from chabao.search.arrangement import Sort as Order
from chabao.search.concordance import Lines, concordance
from chabao.search.engine import Index, Mode, Sort
from chabao.search.errors import UnknownItem
from chabao.search.output import json_
from chabao.search.output.mentions import object_of
from chabao.search.timeline import By
from chabao.search.trends import Split, Trend
from chabao.search.trends import trend as trend_of
from chabao.web import openapi, parameters
from chabao.web.asked import Asked
from chabao.web.parameters import Parameters, Unfit
from chabao.web.rendering import page
from chabao.web.telling import told

Answer = Callable[[Request, Index, dict[str, Any]], Response]


def search(_request: Request, index: Index, asked: dict[str, Any]) -> Response:
    """The answer to a search, as `chabao search --json` prints it."""
    line, filters = asked.pop("q"), parameters.filters(asked)
    asked |= {"mode": Mode(asked["mode"]), "sort": Sort(asked["sort"])}
    return _json(json_.results(engine.search(index, line, filters=filters, **asked)))


def item(request: Request, index: Index, _asked: dict[str, Any]) -> Response:
    """A whole item, by its id or by the address of a passage in it."""
    try:
        shown = catalogue.show(index, request.path_params["address"])
    except UnknownItem as error:
        return failed(404, told(error))
    return _json(json_.encoded(json_.record(shown.item)))


def fields(request: Request, index: Index, _asked: dict[str, Any]) -> Response:
    """What there is to browse, as `chabao fields --json` prints it."""
    return _json(json_.encoded(json_.fields(request.app.state.held.fields(index))))


def trend(_request: Request, index: Index, asked: dict[str, Any]) -> Response:
    """Mentions over time: a row for each slot of the axis and each series."""
    terms, filters = asked.pop("term"), parameters.filters(asked)
    if asked["split"] and len(set(terms)) > 1:
        raise Unfit(_("split takes one term"))
    asked["by"] = By(asked["by"]) if asked["by"] else None
    asked["split"] = Split(asked["split"]) if asked["split"] else None
    return _json(json_.encoded(_series(trend_of(index, terms, filters=filters, **asked))))


def _series(found: Trend) -> Mapping[str, Any]:
    return {
        "schema": json_.SCHEMA,
        "by": found.by,
        "split": found.split,
        "understood": [query.understood for query in found.queries],
        "mentions": found.mentions,
        "notices": [json_.notice(each) for query in found.queries for each in query.diagnostics],
        "rows": list(found.rows()),
    }


def mentions(_request: Request, index: Index, asked: dict[str, Any]) -> Response:
    """Lines of a concordance, as `chabao mentions --json` prints them."""
    terms, filters = asked.pop("term"), parameters.filters(asked)
    limit, asked["sort"] = asked.pop("limit"), Order(asked["sort"])
    found = concordance(index, terms, filters=filters, limit=limit or 1, **asked)
    return _json(json_.encoded(object_of(found if limit else replace(found, lines=Lines(())))))


def described(request: Request) -> Response:
    """The OpenAPI document."""
    return _json(json_.encoded(openapi.document()))


def guide(request: Request) -> Response:
    """The same for people."""
    return page(request, "api.html", {"asked": Asked(), "document": openapi.document()})


def failed(status: int, said: str) -> Response:
    """What went wrong, for programs."""
    return _json(json_.encoded({"error": said}), status)


def _json(data: bytes, status: int = 200) -> Response:
    return Response(data, status, media_type="application/json")


def _reading(takes: Parameters, answer: Answer) -> Callable[[Request], Response]:
    """A route that reads its parameters, and says what is wrong with them."""

    def route(request: Request) -> Response:
        try:
            asked = takes.read(request.query_params)
            return answer(request, request.app.state.held.index(), asked)
        except Unfit as unfit:
            return failed(400, str(unfit))
        except ChabaoError as error:
            return failed(503, told(error))

    return route


ROUTES = (
    Route("/api", guide, name="api"),
    Route("/api/search", _reading(parameters.SEARCH, search), name="api-search"),
    Route("/api/item/{address}", _reading(parameters.NOTHING, item), name="api-item"),
    Route("/api/fields", _reading(parameters.NOTHING, fields), name="api-fields"),
    Route("/api/trend", _reading(parameters.TREND, trend), name="api-trend"),
    Route("/api/mentions", _reading(parameters.MENTIONS, mentions), name="api-mentions"),
    Route("/api/openapi.json", described, name="api-openapi"),
)
