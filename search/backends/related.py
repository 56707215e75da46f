"""The best match of words and bigrams, where nothing holds all that was asked.

The words of a question are cut with the index's own vocabulary for a dictionary: no segmenter is
loaded, and answers do not depend on whether one is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import Any

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT, WORDS
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import Evaluation, encoded
from chabao.search.backends.whoosh_ import Index, Part, find, under
from chabao.search.query import (
    And,
    Everything,
    Literal,
    Near,
    Node,
    Or,
    Pattern,
)
from chabao.search.ranking import HEADING, K1, RELATED, B, idf

LONGEST = 8
"""Characters of the longest word looked for in a question."""
ENOUGH = 0.05
"""The best related item has at least this share of what all terms of the question could give."""
UNSEEN = 0.5
"""How often a character that is no word of the index is taken to have come."""
MOST = 1_000
"""Characters of a question that are looked at: the first of each of its texts, if it is longer."""


def question(node: Node) -> list[str]:
    """The folded positive texts of a query."""
    match node:
        case Literal(text):
            return [folded] if (folded := fold(text)) else []
        case Pattern(parts):
            return [fold(part) for part in parts if isinstance(part, str)]
        case Near(left, right):
            return question(left) + question(right)
        case And(children) | Or(children):
            return [text for child in children for text in question(child)]
        case _:
            return []


def shortened(texts: Sequence[str]) -> list[str]:
    """The texts cut to the same length, if need be, so that together they are at most `MOST`."""
    if sum(map(len, texts)) <= MOST:
        return list(texts)
    each = max(2, MOST // len(texts))
    return [text[:each] for text in texts[: MOST // 2]]


def conditions(node: Node) -> Node:
    """What a query asks apart from its texts: fields, days, exclusions."""
    match node:
        case Literal() | Pattern() | Near():
            return Everything()
        case And(children):
            return And(tuple(map(conditions, children)))
        case Or(children):
            return Or(tuple(map(conditions, children)))
        case _:
            return node


def related(index: Index, node: Node) -> list[Part]:
    """Items by how much they say of what the query says, scored; its conditions hold."""
    texts = shortened(question(node))
    parts = find(index, conditions(node))
    terms = _terms(index.segments, texts)
    size = sum(_weight(segment, terms) for segment in index.segments)
    sums = []
    for number, part in enumerate(parts):
        kernel = index.kernel(number, max(size, len(part.documents)))
        if type(kernel) is not type(part.evaluation.kernel):
            part.evaluation = Evaluation(part.segment, kernel)
            part.documents = part.evaluation.documents(conditions(node))
        sums.append(kernel.sums())
    whole = sum(
        _add(index, parts, sums, field, term, times) for (field, term), times in terms.items()
    )
    _keep(parts, sums, ENOUGH * whole)
    return parts


def _keep(parts: Sequence[Part], sums: Sequence[Any], least: float) -> None:
    """Leaves the documents that meet the conditions and come near enough to the best one; none, if
    even that has too little of the question."""
    found, best = [], 0.0
    for part, summed in zip(parts, sums, strict=True):
        kernel = part.evaluation.kernel
        documents, scores = kernel.summed(summed)
        kept = kernel.both(documents, part.documents)
        scores = kernel.selected(documents, scores, kept)
        best = max(best, kernel.greatest(scores))
        found.append((kept, scores))
    for part, (documents, scores) in zip(parts, found, strict=True):
        kernel = part.evaluation.kernel
        near = kernel.at_least(scores, RELATED * best if best >= least else best + 1)
        part.documents, part.scores = kernel.picked(documents, near), kernel.picked(scores, near)


def _terms(segments: Sequence[Segment], texts: Sequence[str]) -> dict[tuple[str, bytes], int]:
    """Bigrams and words of the question, with how often each stands in it."""
    found: dict[tuple[str, bytes], int] = {}
    for text in texts:
        pairs = (text[at : at + 2] for at in range(len(text) - 1))
        terms = [(TEXT, pair) for pair in pairs if pair[0].isalnum() and pair[1].isalnum()]
        terms += [(WORDS, word) for word in cut(segments, text)]
        for field, term in terms:
            key = (field, encoded(term))
            found[key] = found.get(key, 0) + 1
    return found


def cut(segments: Sequence[Segment], text: str) -> list[str]:
    """The likeliest words of a text: a path through the words of the index's own vocabulary, each
    as likely as it is frequent there (the unigram model of jieba, with the index as dictionary)."""
    total = log(sum(segment.words for segment in segments) or 1)
    best = [(0.0, len(text))] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        choices = []
        for end in range(start + 1, min(start + LONGEST, len(text)) + 1):
            count = _count(segments, encoded(text[start:end]))
            if count or end == start + 1:
                choices.append((log(count or UNSEEN) - total + best[end][0], end))
        best[start] = max(choices)
    words, start = [], 0
    while start < len(text):
        end = best[start][1]
        words.append(text[start:end])
        start = end
    return words


def _count(segments: Iterable[Segment], term: bytes) -> int:
    found = (segment.terms(WORDS).get(term) for segment in segments)
    return sum(len(posting) for posting in found if posting)


def _weight(segment: Segment, terms: Iterable[tuple[str, bytes]]) -> int:
    lists = (segment.terms(field).get(term) for field, term in terms)
    return sum(len(posting) for posting in lists if posting)


def _add(
    index: Index, parts: Sequence[Part], sums: Sequence[Any], field: str, term: bytes, times: int
) -> float:
    """Adds one term's BM25F to the sums of all documents that have it, or have it above them.

    Returns what a document would get at most.
    """
    found = [_having(part, field, term) for part in parts]
    having = sum(len(documents) for documents, _, _ in found)
    weight = times * idf(index.statistics.items, having)
    average = index.statistics.average.get(field, 1.0)
    for part, summed, (documents, counts, above) in zip(parts, sums, found, strict=True):
        if not len(documents):
            continue
        kernel = part.evaluation.kernel
        frequencies = kernel.weighed(counts, kernel.lengths(field, documents), B, average)
        if len(above):
            frequencies = kernel.raised(frequencies, kernel.marks(above, documents), HEADING)
        zeros = kernel.zeros(documents)
        kernel.add(summed, documents, kernel.saturated(zeros, weight, K1, frequencies))
    return weight * (K1 + 1)


def _having(part: Part, field: str, term: bytes) -> tuple[Any, Any, Any]:
    """The documents that have a term, in the text or above it; how often each has it in the text;
    and those that have it above. Bigrams are looked for in texts alone: above, words will do."""
    kernel, posting = part.evaluation.kernel, part.segment.terms(field).get(term)
    documents = counts = kernel.empty()
    if posting is not None:
        numbers = kernel.unpacked(posting)
        documents, counts = kernel.tally(numbers) if field == TEXT else kernel.counted(numbers)
    above = under(part, term.decode("utf-8", "surrogatepass")) if field == WORDS else ()
    either = kernel.either([documents, above]) if len(above) else documents
    if part.segment.deleted:
        either = kernel.without(either, part.segment.deleted)
    return either, kernel.selected(documents, counts, either), above
