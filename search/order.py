"""Which of the documents found come first: by score or by date, ties by date and then in document
order, the same whatever the segments."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from chabao.indexer.fields import document_order
from chabao.search.backends.parts import Part


class Sort(StrEnum):
    """What decides the order of hits."""

    SCORE = "score"
    DATE = "date"


Place = tuple[float, float, int, int]
"""The two keys, then the number of the part and where the document stands in it."""


def first(parts: Sequence[Part], sort: Sort, limit: int | None) -> list[tuple[int, int]]:
    """The `limit` best (all if None) as pairs: the number of the part, where in its documents."""
    places: list[Place] = []
    for number, part in enumerate(parts):
        places += _places(number, part, sort, limit)
    places.sort(key=lambda place: (-place[0], -place[1], place[2], place[3]))
    ordered: list[tuple[int, int]] = []
    for _, tied in groupby(places, key=itemgetter(0, 1)):
        ordered += _in_document_order(parts, [(number, at) for *_, number, at in tied])
        if limit is not None and len(ordered) >= limit:
            return ordered[:limit]
    return ordered


def _places(number: int, part: Part, sort: Sort, limit: int | None) -> list[Place]:
    kernel = part.evaluation.kernel
    by = part.scores if sort is Sort.SCORE else kernel.days("date", part.documents)
    kept = kernel.best(part.documents, by, limit)
    scores = list(map(float, kernel.picked(part.scores, kept)))
    days = list(map(float, kernel.days("date", kernel.picked(part.documents, kept))))
    keys = (scores, days) if sort is Sort.SCORE else (days, scores)
    return [(first, second, number, at) for first, second, at in zip(*keys, kept, strict=True)]


def _in_document_order(parts: Sequence[Part], tied: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(tied) < 2:
        return tied
    return sorted(tied, key=lambda place: document_key(parts[place[0]], place[1]))


def document_key(part: Part, at: int) -> tuple[Any, ...]:
    """File by file, from top to bottom."""
    document = part.evaluation.kernel.at(part.documents, at)
    return (*document_order(part.segment.record(document)), document)
