"""Results for line tools: source:line:id:snippet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from chabao.search.output.hits import coloured
from chabao.search.output.screen import Screen
from chabao.search.output.text import clean
from chabao.search.results import Hit, Results, Snippet


def plain(results: Results, screen: Screen) -> Iterator[str]:
    """One line a snippet: its text as it stands, marked only where there is colour."""
    for hit in results.hits:
        for snippet in hit.snippets:
            text = clean(snippet.text)
            shown = coloured(text, snippet.spans, 0, len(text), screen)
            source, identity = (clean(str(hit.item[name])) for name in ("source", "id"))
            yield f"{source}:{line(hit, snippet)}:{identity}:{shown}"


def line(hit: Hit, snippet: Snippet) -> int:
    """The line of the file where the snippet's first mention stands, or where it begins."""
    places: Any = hit.item.get("lines") or [[0, hit.line]]
    offset = snippet.offset + (snippet.spans[0].start if snippet.spans else 0)
    at = bisect_right(places, offset, key=lambda place: place[0]) - 1
    return int(places[max(at, 0)][1])
