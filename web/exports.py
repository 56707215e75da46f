"""Answers as files: the whole of what is asked, in a format for other programs."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from chabao.indexer.errors import ChabaoError
from chabao.search import engine
from chabao.search.arrangement import Sort
from chabao.search.concordance import concordance
from chabao.search.engine import Index
from chabao.search.output import exports as tables
from chabao.search.output import mentions, trend
from chabao.search.output.sheets import Sheet, write
from chabao.search.timeline import By
from chabao.search.trends import trend as series
from chabao.web.asked import Asked
from chabao.web.telling import told

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
LONGEST = 40
"""Characters of the query in the name of a file."""


def export(request: Request) -> Response:
    """All hits, lines or points of what an address asks, as a file to be kept.

    It is written whole before the answer begins, so that what fails is said and not cut short.
    """
    asked, form = Asked.of(request.query_params), request.query_params.get("format", "")
    if form not in TYPES or not asked.anything:
        raise HTTPException(404)
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    path = Path(folder.name) / f"table.{form}"
    try:
        write(sheet(request.app.state.held.index(), asked), form, path)
    except ChabaoError as error:
        folder.cleanup()
        raise HTTPException(422, told(error)) from error
    return FileResponse(
        path, media_type=TYPES[form], filename=f"{name(asked)}.{form}",
        background=BackgroundTask(folder.cleanup),
    )  # fmt: skip


def sheet(index: Index, asked: Asked) -> Sheet:
    """The table of a view: what the command of that name exports."""
    how: Any = {"literal": asked.literal, "filters": asked.filters}
    if asked.view == "lines":
        found = concordance(index, [asked.q], sort=Sort(asked.order), **how)
        return mentions.sheet_of(found.lines)
    if asked.view == "trend":
        by = By(asked.by) if asked.by else None
        table: Sheet = trend.sheet(series(index, [asked.q], by=by, **how))
        return table
    return tables.results(engine.search(index, asked.q, limit=None, **asked.options))


def name(asked: Asked) -> str:
    """What the file is called: letters, digits and Chinese of the query, and nothing else."""
    words = re.sub(r"[^\w]+", "-", asked.q[:LONGEST]).strip("-_")
    return "-".join(filter(None, ("chabao", asked.view, words)))


ROUTES = (Route("/export", export, name="export"),)
