"""The application: routes, templates, and what stands guard before them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chabao.indexer.errors import ChabaoError
from chabao.search.output.shelf import Shelf
from chabao.web import api, complete, exports, pages, shelves
from chabao.web.access import Access
from chabao.web.forms import Forms
from chabao.web.guard import Guard
from chabao.web.held import Held

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place

STATIC = Path(__file__).parent / "static"


def application(
    index: Place, hosts: frozenset[str], shelf: Shelf | None = None, access: Access | None = None,
    debug: bool = False,
) -> Starlette:  # fmt: skip
    """The page of an index, for requests to `hosts` (name and port), with the searches of a shelf.

    Raises MissingIndex, DamagedIndex, OldIndex.
    """
    guard = Middleware(
        Guard, hosts=hosts, access=access or Access(), forms=Forms(), say=_say, debug=debug
    )
    app = Starlette(
        routes=[
            *pages.ROUTES,
            *exports.ROUTES,
            Route("/complete", complete.complete, name="complete"),
            *api.ROUTES,
            *shelves.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[guard],
        exception_handlers={HTTPException: pages.failed, ChabaoError: pages.failed},
    )
    # a redirect would be made of what a request says its address is
    app.router.redirect_slashes = False
    app.state.held, app.state.shelf = Held(index), shelf
    return app


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
