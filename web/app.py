"""The application: routes, templates, and what stands guard before them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chabao.web import api, complete, pages
from chabao.web.guard import Guard
from chabao.web.held import Held

STATIC = Path(__file__).parent / "static"


def application(index: Path, hosts: frozenset[str], token: str = "") -> Starlette:
    """The page of an index, for requests to `hosts` (name and port); with a token if there is one.

    Raises MissingIndex, DamagedIndex, OldIndex.
    """
    app = Starlette(
        routes=[
            Route("/", pages.search, name="search"),
            Route("/item/{address}", pages.item, name="item"),
            Route("/complete", complete.complete, name="complete"),
            Route("/api/search", api.search, name="api-search"),
            Route("/api/item/{address}", api.item, name="api-item"),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[Middleware(Guard, hosts=hosts, token=token)],
    )
    app.state.held = Held(index)
    return app
