"""What may be written where the cursor stands in the search box, as JSON."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from chabao.search.backends.whoosh_ import Index
from chabao.search.completion import Names, completion, names
from chabao.search.output import json_
from chabao.search.output.text import clean
from chabao.web.keeping import kept

LONGEST = 2_000
"""Characters of a query that are looked at."""


@kept
def names_of(index: Index) -> Names:
    """The names that may be chosen, read once."""
    return names(index)


def complete(request: Request) -> Response:
    """Choices for `q` with the cursor after `at` characters: {start, end, choices}."""
    line = request.query_params.get("q", "")[:LONGEST]
    at = request.query_params.get("at", "")
    place = int(at) if at.isascii() and at.isdecimal() and len(at) < 5 else len(line)
    found = completion(line, place, names_of(request.app.state.held.index()))
    choices = [asdict(choice) | {"name": clean(choice.name)} for choice in found.choices]
    data = json_.encoded({"start": found.at.start, "end": found.at.end, "choices": choices})
    return Response(data, media_type="application/json", headers={"cache-control": "no-store"})
