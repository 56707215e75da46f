"""Items that say the most of a question, found and scored by the cluster (see `backends.related`).

The cluster sums what words, bigrams and characters give, and hands over the best; these are scored
again here, by the code that scores an index on this disk, with the cluster's counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.fields import TEXT, WORDS
from chabao.search.backends.cluster import counting, ranking
from chabao.search.backends.cluster.snapshot import PAGE, Snapshot
from chabao.search.backends.cluster.structure import above, every, phrase, some
from chabao.search.backends.related import (
    ENOUGH,
    LONGEST,
    is_character,
    likeliest,
    terms_of,
)
from chabao.search.ranking import K1, RELATED, Statistics, idf

Body = dict[str, Any]
Term = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Near:
    """What was found: the hits, how many there are in all, and what their scores are made of."""

    hits: Sequence[Any]
    total: int
    cuts: Mapping[str, Sequence[str]]
    having: Mapping[Term, int]


def near(
    snapshot: Snapshot,
    statistics: Statistics,
    texts: Sequence[str],
    conditions: Body,
    best: int | None,
    by_date: bool,
    most: int,
) -> Near:
    """The best `best` items that meet some conditions, or all; of more than `most`, only a few."""
    words = round(statistics.average[WORDS] * statistics.items)
    cuts = _cut(snapshot, texts, words)
    terms = terms_of(texts, cuts)
    having = _having(snapshot, list(terms))
    weights = {
        key: times * idf(statistics.items, having[key]) for key, times in terms.items()
        if having[key]
    }  # fmt: skip
    rest = {key: weight for key, weight in weights.items() if not is_character(*key)}
    if not rest:
        return Near((), 0, cuts, having)
    clauses = [_clause(*key, weight, statistics) for key, weight in weights.items()]
    filters = every((conditions, some(_asked(*key) for key in rest)))
    query = ranking.scored(filters, clauses)
    first = snapshot.ask({"size": 1, "query": query, "track_total_hits": False, "_source": False})
    top = [hit["_score"] for hit in first["hits"]["hits"]]
    whole = sum(rest.values()) * (K1 + 1)
    if not top or top[0] < ENOUGH * whole:
        return Near((), 0, cuts, having)
    least = RELATED * top[0] * (1 - ranking.TOLERANCE)
    sort = ranking.BY_DATE if by_date else ranking.BY_SCORE
    fields = [mapping.RECORD, mapping.WORDS]
    size = PAGE if best is None else min(best + ranking.SPARE, PAGE)
    asked = {"query": query, "min_score": least, "sort": sort, "_source": fields, "size": size}
    asked |= {"track_total_hits": True, "track_scores": True}
    found = snapshot.ask(asked)["hits"]
    hits, total = list(found["hits"]), int(found["total"]["value"])
    left = total if best is None else best + ranking.SPARE
    if len(hits) == PAGE and min(left, total) <= most:
        after = hits[-1]["sort"]
        hits += snapshot.pages(query, fields, sort, left - PAGE, after=after, least=least)
    if by_date and all(hit["_score"] < top[0] for hit in hits):  # the best says how near is near
        hits += islice(snapshot.pages(query, fields, ranking.BY_SCORE, 1), 1)
    return Near(hits, total, cuts, having)


def _cut(snapshot: Snapshot, texts: Sequence[str], words: int) -> dict[str, list[str]]:
    """The likeliest words of texts, by how often the index has each string that may be one."""
    strings = sorted({
        text[start:end]
        for text in texts
        for start in range(len(text))
        for end in range(start + 1, min(start + LONGEST, len(text)) + 1)
    })  # fmt: skip
    bodies = [{"size": 0, "query": {"term": {mapping.WORDS: word}}, "aggs": counting.SAID,
               "track_total_hits": False} for word in strings]  # fmt: skip
    said = (
        answer["aggregations"]["said"]["value"] for answer in counting.together(snapshot, bodies)
    )
    frequency = {word: round(value) for word, value in zip(strings, said, strict=True)}
    return {text: likeliest(text, words, frequency.__getitem__) for text in texts}


def _having(snapshot: Snapshot, terms: Sequence[Term]) -> dict[Term, int]:
    """How many items have each term, in their text or above it."""
    bodies = [counting.items(_asked(*key)) for key in terms]
    return dict(zip(terms, map(counting.total, counting.together(snapshot, bodies)), strict=True))


def _asked(field: str, term: bytes) -> Body:
    """The items that have a term; bigrams and characters are looked for in texts alone."""
    text = term.decode("utf-8", "surrogatepass")
    if field == TEXT:
        return phrase(text)
    return some(({"term": {mapping.WORDS: text}}, above(text)))


def _clause(field: str, term: bytes, weight: float, statistics: Statistics) -> Body:
    text = term.decode("utf-8", "surrogatepass")
    if field == TEXT:
        length, average = mapping.LENGTH, statistics.average[TEXT]
        return ranking.share(phrase(text), None, 1, weight, length, average)
    word = {"term": {mapping.WORDS: text}}
    length, average = mapping.WORD_LENGTH, statistics.average[WORDS]
    return ranking.share(word, above(text), 1, weight, length, average)
