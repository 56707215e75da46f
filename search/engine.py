"""One search: a line of text in, results out.

What is asked literally is answered literally. Only where no item holds all of it, the search
relaxes to the best match of words and bigrams, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from gettext import gettext as _
from pathlib import Path
from typing import Any

from chabao.indexer.fields import Record, document_order
from chabao.search import filters as filtering
from chabao.search import language
from chabao.search.backends.evaluation import Leaf, leaves
from chabao.search.backends.whoosh_ import (
    Deferred,
    Index,
    Part,
    cost,
    find,
    mentioned,
    score,
    spans,
)
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.order import Sort, first
from chabao.search.query import Diagnostic, Kind, Node, Query, Span
from chabao.search.results import Hit, Results, Snippet
from chabao.search.snippets import snippets

__all__ = ["Filters", "Index", "Mode", "Sort", "export", "open_index", "search"]


COSTLIEST = 20_000_000
"""Postings that a search may read: more would take seconds, and memory by the gigabyte."""


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
    asked: tuple[str, ...] = ()
    """Folded texts that are not mentioned but related: what snippets are cut about."""

    def less(self, had: int) -> Wish:
        """What is still wanted when so many hits are there."""
        return replace(self, limit=None if self.limit is None else max(0, self.limit - had))


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
    costs = [cost(segment, query.node) for segment in index.segments]
    if sum(costs) > COSTLIEST:
        return _nothing(_refused(query), started)
    wish = Wish(sort, limit, snippets, explain)
    wanted = leaves(query.node)
    exact = find(index, query.node, costs)
    if _size(exact):
        score(index, exact, query.node)
    said = sum(_mentions(part, wanted) for part in exact)
    near: list[Part] = []
    if wanted and (mode is Mode.RELATED or (mode is Mode.AUTO and not _size(exact))):
        near, wish = _related(index, query.node, exact, wish)
    hits = hits_of(index, exact, wanted, wish) if _size(exact) else []
    if near:
        hits += hits_of(index, near, (), wish.less(len(hits)), rank=len(hits) + 1)
    notices = query.diagnostics
    if not _size(exact):
        notices += _remarks(index, query, relaxed=bool(_size(near)))
    return Results(
        query=line,
        understood=query.understood,
        exact=bool(_size(exact)) or not wanted or mode is Mode.EXACT,
        total=_size(exact) + _size(near),
        mentions=said,
        seconds=time.perf_counter() - started,
        hits=tuple(hits),
        notices=notices,
        facet=_facet([*exact, *near]) if facets else None,
        files=_files(exact, wanted, near) if files else {},
    )


def _size(parts: Sequence[Part]) -> int:
    return sum(len(part.documents) for part in parts)


def _refused(query: Query) -> Query:
    message = _("this would have to look at too many places of the index")
    hint = _("ask for longer texts, or in several searches")
    whole = Span(0, len(query.line))
    costly = Diagnostic(Kind.TOO_COSTLY, whole, message, hint, fatal=True)
    return replace(query, node=None, diagnostics=(costly, *query.diagnostics))


def _nothing(query: Query, started: float) -> Results:
    seconds = time.perf_counter() - started
    return Results(query.line, query.understood, True, 0, 0, seconds, notices=query.diagnostics)


def _remarks(index: Index, query: Query, relaxed: bool) -> tuple[Diagnostic, ...]:
    from chabao.search.remarks import empty

    return empty(index, query, relaxed)


def _mentions(part: Part, wanted: Sequence[Leaf]) -> int:
    """How many mentions the documents found have, kept beside them."""
    if not wanted or not len(part.documents):
        return 0
    part.mentions = mentioned(part, wanted)
    return int(part.evaluation.kernel.sum(part.mentions))


def _related(
    index: Index, node: Node, exact: Sequence[Part], wish: Wish
) -> tuple[list[Part], Wish]:
    """Related items that are not among the exact ones. Those that are both come as exact ones,
    their words and bigrams added to their score."""
    from chabao.search.backends.related import question, related, shortened

    parts = related(index, node)
    for part, had in zip(parts, exact, strict=True):
        if not len(had.documents):
            continue
        kernel = part.evaluation.kernel
        places = {int(document): at for at, document in enumerate(had.documents)}
        kept = []
        for at, number in enumerate(part.documents):
            place = places.get(int(number))
            if place is None:
                kept.append(at)
            else:
                had.scores[place] += float(part.scores[at])
        part.documents = kernel.picked(part.documents, kept)
        part.scores = kernel.picked(part.scores, kept)
    return parts, replace(wish, asked=tuple(shortened(question(node))))


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
        places = spans(part, wanted, document) if wish.snippets else []
        explanation = None
        score = kernel.at(part.scores, at)
        if wish.explain:
            from chabao.search.explaining import explanation as explained

            explanation = explained(index, parts, part, document, wanted, score)
        found.append(
            Hit(
                rank=rank + len(found),
                score=round(score, 6),
                mentions=0 if part.mentions is None else kernel.at(part.mentions, at),
                item=record,
                snippets=_pieces(record, places, wish),
                line=line_at(record, places[0][0] if places else 0) if wish.snippets else 0,
                explanation=explanation,
            )
        )
    return found


def _pieces(
    record: Mapping[str, Any], places: Sequence[tuple[int, int]], wish: Wish
) -> tuple[Snippet, ...]:
    """Where nothing is mentioned, nothing is marked; a related text is cut where it comes near."""
    if not wish.snippets:
        return ()
    text: str = record["text"]
    if places or not wish.asked:
        return snippets(text, [Span(*place) for place in places], wish.snippets)
    from chabao.search.relevance import focus

    near = snippets(text, focus(text, wish.asked), wish.snippets)
    return tuple(replace(piece, spans=()) for piece in near)


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


def _files(exact: Sequence[Part], wanted: Sequence[Leaf], near: Sequence[Part]) -> dict[str, int]:
    from chabao.search.facets import by_source

    return dict(sorted((by_source(near, ()) | by_source(exact, wanted)).items()))


def export(index: Index) -> Iterator[Record]:
    """Every item, in document order; no more than those of one file are in memory."""
    for records in index.files():
        yield from sorted(records, key=document_order)
