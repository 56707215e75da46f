"""One search: a line of text in, results out.

What is asked literally is answered literally. Only where no item holds all of it, the search
relaxes to the best match of words, bigrams and characters, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chabao.indexer.fields import Record, document_order
from chabao.search import filters as filtering
from chabao.search import language, refusals
from chabao.search.backends.evaluation import Leaf, leaves
from chabao.search.backends.parts import Deferred, Part, find, mention, score, spans
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.order import Sort, first
from chabao.search.query import Diagnostic, Node, Query, Span
from chabao.search.results import Facet, Hit, Results, Snippet
from chabao.search.snippets import snippets

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Location

__all__ = ["Filters", "Index", "Mode", "Sort", "export", "open_index", "search"]


Place = tuple[int, int, int | None]
"""The number of a part, where in its documents, and how many hits this one is shown for."""

COSTLIEST = 3_000_000
"""Postings that a search may read: each takes up to 60 bytes, and more would take seconds. The most
frequent character of 111 million has 2.2 million."""


class Mode(StrEnum):
    """What is answered beside what stands there literally."""

    AUTO = "auto"
    """Related items, if nothing does."""
    EXACT = "exact"
    """Nothing."""
    RELATED = "related"
    """Related items, ranked together with them."""


def open_index(place: Path | Location) -> Index:
    """An index to search, in a folder or on a cluster. Raises MissingIndex, DamagedIndex, OldIndex,
    and for a cluster what stands in the way to it (`indexer.cluster.connection`)."""
    if isinstance(place, Path):
        return Index(place)
    from chabao.search.backends.cluster.index import ClusterIndex

    return ClusterIndex(place)


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of an answer is wanted, and in what order."""

    sort: Sort = Sort.SCORE
    limit: int | None = 10
    snippets: int = 3
    explain: bool = False
    collapse: bool = False
    asked: tuple[str, ...] = ()
    """Folded texts that are not mentioned but related: what snippets are cut about."""


class Shown(NamedTuple):
    """Where hits are; the texts looked for in place of the query's, and what is said of them."""

    view: Index
    parts: Sequence[Part]
    asked: tuple[str, ...] = ()
    renamed: tuple[Diagnostic, ...] = ()


def search(
    index: Index,
    line: str,
    *,
    literal: bool = False,
    numbers: bool = False,
    mode: Mode = Mode.AUTO,
    filters: Filters = NO_FILTERS,
    sort: Sort = Sort.SCORE,
    limit: int | None = 10,
    facets: bool = False,
    files: bool = False,
    explain: bool = False,
    collapse: bool = False,
    snippets: int = 3,
    today: date | None = None,
    synonyms: Sequence[Path] | None = (),
) -> Results:
    """Answers a line of the query language; mistakes in it are among the notices.

    `total` and `mentions` count everything, whatever the limit. `collapse` shows one of the items
    that say nearly the same, the first in the order asked for (see `alike`).
    `synonyms` are files of them beside the package's own; None is none at all.
    """
    started = time.perf_counter()
    query = language.parse(line, today=today, literal=literal, numbers=numbers)
    query = filtering.applied(query, filters, today)
    if query.node is None:
        return _nothing(query, started)
    best = None if collapse or (files and mode is Mode.RELATED) else limit
    view = index.around(query.node, scored=True, best=best, by_date=sort is Sort.DATE)
    costs = view.costs(query.node)
    if sum(costs) > COSTLIEST:
        return _nothing(refusals.costly(query), started)
    wanted = leaves(query.node)
    shown = Shown(view, exact := find(view, query.node, costs))
    literally, said = _literally(view, exact, query.node)
    if wanted and (mode is Mode.RELATED or (mode is Mode.AUTO and not literally)):
        known = None if literal or mode is Mode.RELATED else synonyms
        few = None if facets or files else best, sort is Sort.DATE
        shown = _relaxed(index, query, bool(literally), known, *few)
    total = literally if shown.parts is exact else _size(*shown[:2])
    if collapse and total > refusals.COMPARED:
        return _nothing(refusals.incomparable(query, total), started)
    wish = Wish(sort, limit, snippets, explain, collapse, shown.asked)
    try:
        ranked = _ranked(shown.parts, wish)
    except refusals.TooMuch:
        return _nothing(refusals.unlike(query, refusals.narrower()), started)
    remarks = () if literally else shown.renamed or _remarks(index, query, relaxed=bool(total))
    return Results(
        query=line,
        understood=query.understood,
        exact=bool(literally) or not wanted or mode is Mode.EXACT,
        total=total,
        mentions=said,
        seconds=time.perf_counter() - started,
        hits=tuple(hits_of(*shown[:2], wanted, wish, ranked[:limit])),
        notices=query.diagnostics + remarks,
        facet=_facet(index, query.node, shown) if facets else None,
        files=_files(index, query.node, exact, shown) if files else {},
        different=len(ranked) if collapse else None,
    )


def _size(view: Index, parts: Sequence[Part]) -> int:
    return view.cut[0] if view.cut else sum(len(part.documents) for part in parts)


def _literally(view: Index, exact: Sequence[Part], node: Node) -> tuple[int, int]:
    """Scores what was found; how many items, and mentions, there are."""
    if not any(len(part.documents) for part in exact):
        return view.cut or (0, 0)
    score(view, exact, node)
    said = sum(mention(part, leaves(node)) for part in exact)
    return view.cut or (_size(view, exact), said)


def _nothing(query: Query, started: float) -> Results:
    seconds = time.perf_counter() - started
    return Results(query.line, query.understood, True, 0, 0, seconds, notices=query.diagnostics)


def _remarks(index: Index, query: Query, relaxed: bool) -> tuple[Diagnostic, ...]:
    from chabao.search.remarks import empty

    return empty(index, query, relaxed)


def _relaxed(
    index: Index, query: Query, literally: bool, synonyms: Sequence[Path] | None,
    best: int | None, by_date: bool,
) -> Shown:  # fmt: skip
    """Items by other names of what is asked, with what is said of that; else related items, the
    literal ones among them."""
    assert query.node is not None
    if synonyms is not None:
        from chabao.search.renaming import by_other_names

        if renamed := by_other_names(index, query, synonyms, COSTLIEST):
            return Shown(index, *renamed)
    from chabao.search.backends.related import question, related, shortened

    asked = tuple(shortened(question(query.node)))
    return Shown(*related(index, query.node, literally, best=best, by_date=by_date), asked)


def _ranked(parts: Sequence[Part], wish: Wish) -> list[Place]:
    """The best hits; all of them, one of those alike, where the wish is to collapse them."""
    if (wish.limit == 0 and not wish.collapse) or not any(len(part.documents) for part in parts):
        return []
    if not wish.collapse:
        return [(*place, None) for place in first(parts, wish.sort, wish.limit)]
    from chabao.search.alike import representatives

    places = first(parts, wish.sort, None)
    texts: dict[tuple[int, int], str] = {}
    for number, at in sorted(places):  # neighbours on the disk are read together
        part = parts[number]
        document = part.evaluation.kernel.at(part.documents, at)
        texts[number, at] = part.segment.record(document)["text"]
    kept = representatives([texts[place] for place in places])
    return [(*places[rank], count) for rank, count in kept.items()]


def hits_of(
    index: Index,
    parts: Sequence[Part],
    wanted: Sequence[Leaf],
    wish: Wish,
    ranked: Sequence[Place],
) -> list[Hit]:
    """The hits at some places, in their order, with their snippets."""
    found: list[Hit] = []
    for number, at, stands_for in ranked:
        part = parts[number]
        kernel = part.evaluation.kernel
        document = kernel.at(part.documents, at)
        record = Deferred(part.segment, document)
        mentions = 0 if part.mentions is None else kernel.at(part.mentions, at)
        places = spans(part, wanted, document) if wish.snippets and mentions else []
        explanation = None
        score = kernel.at(part.scores, at)
        if wish.explain:
            from chabao.search.explaining import explanation as explained

            texts = () if wish.asked else wanted
            explanation = explained(index, parts, part, document, texts, score)
        found.append(
            Hit(
                rank=len(found) + 1,
                score=round(score, 6),
                mentions=mentions,
                item=record,
                snippets=_pieces(record, places, wish),
                line=line_at(record, places[0][0] if places else 0) if wish.snippets else 0,
                explanation=explanation,
                stands_for=stands_for,
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


def _facet(index: Index, node: Node, shown: Shown) -> Facet:
    from chabao.search.backends.tally import tallied
    from chabao.search.facets import facet

    return facet(index.tally(node) if shown.view.cut else tallied(shown.parts))


def _files(index: Index, node: Node, exact: Sequence[Part], shown: Shown) -> dict[str, int]:
    from chabao.search.backends.tally import by_source

    if shown.view.cut:
        found = index.by_source(node)
    else:
        found = by_source(shown.parts, ()) | by_source(exact, leaves(node))
    return dict(sorted(found.items()))


def export(index: Index) -> Iterator[Record]:
    """Every item, in document order; no more than those of one file are in memory."""
    for records in index.files():
        yield from sorted(records, key=document_order)
