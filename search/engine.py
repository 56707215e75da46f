"""One search: a line of text in, results out.

What is asked literally is answered literally. Only where no item holds all of it, the search
relaxes to the best match of words and bigrams, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from chabao.indexer.fields import Record, document_order
from chabao.search import filters as filtering
from chabao.search import language
from chabao.search.backends.evaluation import Leaf, leaves
from chabao.search.backends.whoosh_ import Deferred, Index, Part, find, mentioned, score, spans
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.order import Sort, first
from chabao.search.query import Diagnostic, Node, Query, Span
from chabao.search.results import Hit, Results
from chabao.search.snippets import snippets

__all__ = ["Filters", "Index", "Mode", "Sort", "export", "open_index", "search"]


class Mode(StrEnum):
    """What is answered beside what stands there literally."""

    AUTO = "auto"
    """Related items, if nothing does."""
    EXACT = "exact"
    """Nothing."""
    RELATED = "related"
    """Related items, below."""


def open_index(path: Path) -> Index:
    """An index to search. Raises MissingIndex, DamagedIndex, OldIndex."""
    return Index(path)


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of an answer is wanted, and in what order."""

    sort: Sort = Sort.SCORE
    limit: int | None = 10
    snippets: int = 3
    explain: bool = False


def search(
    index: Index,
    line: str,
    *,
    literal: bool = False,
    mode: Mode = Mode.AUTO,
    filters: Filters = NO_FILTERS,
    sort: Sort = Sort.SCORE,
    limit: int | None = 10,
    facets: bool = False,
    files: bool = False,
    explain: bool = False,
    snippets: int = 3,
    today: date | None = None,
) -> Results:
    """Answers a line of the query language; mistakes in it are among the notices.

    `total` and `mentions` count everything, whatever the limit.
    """
    started = time.perf_counter()
    query = filtering.applied(language.parse(line, today=today, literal=literal), filters, today)
    if query.node is None:
        return _nothing(query, started)
    wish = Wish(sort, limit, snippets, explain)
    wanted = leaves(query.node)
    parts = find(index, query.node)
    total = sum(len(part.documents) for part in parts)
    exact = bool(total) or not wanted or mode is Mode.EXACT
    notices = query.diagnostics
    hits: list[Hit] = []
    if total:
        score(index, parts, query.node)
        hits = hits_of(index, parts, wanted, wish)
    elif wanted:
        notices += _remarks(index, query, relaxed=mode is not Mode.EXACT)
    else:
        notices += _remarks(index, query, relaxed=False)
    said = sum(_mentions(part, wanted) for part in parts)
    if wanted and (mode is Mode.RELATED or not exact):
        parts, total, more = _relax(index, query.node, parts, wish, hits)
        hits += more
    return Results(
        query=line,
        understood=query.understood,
        exact=exact,
        total=total,
        mentions=said,
        seconds=time.perf_counter() - started,
        hits=tuple(hits),
        notices=notices,
        facet=_facet(parts) if facets else None,
        files=_files(parts, wanted if exact else ()) if files else {},
    )


def _nothing(query: Query, started: float) -> Results:
    seconds = time.perf_counter() - started
    return Results(query.line, query.understood, True, 0, 0, seconds, notices=query.diagnostics)


def _remarks(index: Index, query: Query, relaxed: bool) -> tuple[Diagnostic, ...]:
    from chabao.search.remarks import empty

    return empty(index, query, relaxed)


def _mentions(part: Part, wanted: Sequence[Leaf]) -> int:
    if not wanted or not len(part.documents):
        return 0
    return int(part.evaluation.kernel.sum(mentioned(part, wanted)))


def _relax(
    index: Index, node: Node, exact: Sequence[Part], wish: Wish, above: Sequence[Hit]
) -> tuple[list[Part], int, list[Hit]]:
    """Related items that are not among the exact ones; how many there are of both."""
    from chabao.search.backends.related import related

    parts = related(index, node)
    total = 0
    for part, had in zip(parts, exact, strict=True):
        kernel = part.evaluation.kernel
        known = {int(document) for document in had.documents}
        kept = [at for at, number in enumerate(part.documents) if int(number) not in known]
        if known:
            part.documents = kernel.picked(part.documents, kept)
            part.scores = kernel.picked(part.scores, kept)
        total += len(part.documents) + len(known)
    left = None if wish.limit is None else max(0, wish.limit - len(above))
    fewer = Wish(wish.sort, left, wish.snippets, wish.explain)
    return parts, total, hits_of(index, parts, (), fewer, rank=len(above) + 1)


def hits_of(
    index: Index, parts: Sequence[Part], wanted: Sequence[Leaf], wish: Wish, rank: int = 1
) -> list[Hit]:
    """The best hits with their snippets; `rank` is the first one's."""
    found: list[Hit] = []
    for number, at in first(parts, wish.sort, wish.limit):
        part = parts[number]
        kernel = part.evaluation.kernel
        document = kernel.at(part.documents, at)
        record = Deferred(part.segment, document)
        places = [Span(*span) for span in spans(part, wanted, document)]
        explanation = None
        if wish.explain and wanted:
            from chabao.search.explaining import explanation as explained

            explanation = explained(index, parts, part, document, wanted)
        found.append(
            Hit(
                rank=rank + len(found),
                score=round(kernel.at(part.scores, at), 6),
                mentions=len(places),
                item=record,
                snippets=snippets(record["text"], places, wish.snippets) if wish.snippets else (),
                line=line_at(record, places[0].start if places else 0) if wish.snippets else 0,
                explanation=explanation,
            )
        )
    return found


def line_at(record: Mapping[str, Any], offset: int) -> int:
    """The line of the source where an offset of the text stands."""
    line: int = record["line"]
    for start, number in record["lines"]:
        if start > offset:
            break
        line = number
    return line


def _facet(parts: Sequence[Part]) -> Any:
    from chabao.search.facets import by_department

    return by_department(parts)


def _files(parts: Sequence[Part], wanted: Sequence[Leaf]) -> dict[str, int]:
    from chabao.search.facets import by_source

    return by_source(parts, wanted)


def export(index: Index) -> Iterator[Record]:
    """Every item, in document order."""
    yield from sorted(index.records(), key=document_order)
