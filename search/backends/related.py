"""The best match of words, bigrams and characters, where nothing holds all that was asked.

The words of a question are cut with the index's own vocabulary for a dictionary: no segmenter is
loaded, and answers do not depend on whether one is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log
from typing import Any

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT, WORDS
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import Evaluation, encoded, leaves
from chabao.search.backends.parts import Part, cost, mention, under
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import (
    And,
    Everything,
    Literal,
    Near,
    Node,
    Numeric,
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
SHORT = 64
"""Characters of a text that are looked for one by one too, in items that have a word or bigram of
it: of more, its bigrams say enough, and each costs as much as a common word."""
MOST = 1_000
"""Characters of a question that are looked at: the first of each of its texts, if it is longer."""


def question(node: Node) -> list[str]:
    """The folded positive texts of a query."""
    match node:
        case Literal(text) | Numeric(text):
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
        case Literal() | Pattern() | Numeric() | Near():
            return Everything()
        case And(children):
            asked = tuple(each for each in map(conditions, children) if each != Everything())
            return And(asked) if asked else Everything()
        case Or(children):
            asked = tuple(map(conditions, children))
            return Everything() if Everything() in asked else Or(asked)
        case _:
            return node


def related(
    index: Index,
    node: Node,
    literally: bool = False,
    *,
    best: int | None = None,
    by_date: bool = False,
) -> tuple[Index, list[Part]]:
    """Items by how much they say of what the query says, scored; its conditions hold. Before them
    the index that they are in, which may have no more than the `best` (see `Index.around`).

    With `literally`, those that hold all of it as it stands are among them whatever they score,
    with their mentions counted. A mention has all bigrams of what was asked: to score it once more
    put worse answers first.
    """
    texts, asked = shortened(question(node)), conditions(node)
    if not literally:
        index = index.near(texts, asked, best, by_date)
    cuts = {text: index.cuts.get(text) or cut(index.segments, text) for text in texts}
    terms = terms_of(texts, cuts)
    parts, sums = [], []
    for number, segment in enumerate(index.segments):
        size = sum(_postings(segment, field, term) for field, term in terms)
        kernel = index.kernel(number, max(size, cost(segment, asked)))
        evaluation = Evaluation(segment, kernel)
        parts.append(Part(segment, evaluation, evaluation.documents(asked)))
        sums.append(kernel.sums())
    characters = {key: times for key, times in terms.items() if is_character(*key)}
    rest = {key: times for key, times in terms.items() if key not in characters}
    whole = sum(_add(index, parts, sums, *key, times) for key, times in rest.items())
    among = [
        part.evaluation.kernel.summed(summed)[0] for part, summed in zip(parts, sums, strict=True)
    ]
    for key, times in characters.items():
        _add(index, parts, sums, *key, times, among)
    exact = [_literal(part, node) for part in parts] if literally else []
    _keep(parts, sums, ENOUGH * whole, exact)
    return index, parts


def _literal(part: Part, node: Node) -> Part:
    """The items of a segment that hold all of it as it stands, with their mentions."""
    found = Part(part.segment, part.evaluation, part.evaluation.documents(node))
    mention(found, leaves(node))
    return found


def _keep(parts: Sequence[Part], sums: Sequence[Any], least: float, exact: Sequence[Part]) -> None:
    """Leaves the documents that meet the conditions and come near enough to the best one; none, if
    even that has too little of the question. Those of `exact` stay."""
    found, best = [], 0.0
    for part, summed in zip(parts, sums, strict=True):
        kernel = part.evaluation.kernel
        documents, scores = kernel.summed(summed)
        kept = kernel.both(documents, part.documents)
        scores = kernel.selected(documents, scores, kept)
        best = max(best, kernel.greatest(scores))
        found.append((kept, scores))
    for number, (part, (documents, scores)) in enumerate(zip(parts, found, strict=True)):
        kernel = part.evaluation.kernel
        near = kernel.at_least(scores, RELATED * best if best >= least else best + 1)
        part.documents, part.scores = kernel.picked(documents, near), kernel.picked(scores, near)
        if exact and len(exact[number].documents):
            _join(part, exact[number], documents, scores)


def _join(part: Part, exact: Part, documents: Any, scores: Any) -> None:
    """Adds the items that hold the query as it stands; `scores` are those of `documents`."""
    kernel = part.evaluation.kernel
    both = kernel.either([part.documents, exact.documents])
    part.documents, part.scores = both, kernel.selected(documents, scores, both)
    if exact.mentions is not None:
        part.mentions = kernel.selected(exact.documents, exact.mentions, both)


def terms_of(
    texts: Sequence[str], cuts: Mapping[str, Sequence[str]]
) -> dict[tuple[str, bytes], int]:
    """Bigrams, words and characters of the question, with how often each stands in it; `cuts` are
    the words of each text."""
    found: dict[tuple[str, bytes], int] = {}
    for text in texts:
        pairs = (text[at : at + 2] for at in range(len(text) - 1))
        terms = [(TEXT, pair) for pair in pairs if pair[0].isalnum() and pair[1].isalnum()]
        terms += [(WORDS, word) for word in cuts[text]]
        if len(text) <= SHORT:
            terms += [(TEXT, character) for character in text if character.isalnum()]
        for field, term in terms:
            key = (field, encoded(term))
            found[key] = found.get(key, 0) + 1
    return found


def cut(segments: Sequence[Segment], text: str) -> list[str]:
    """The likeliest words of a text: a path through the words of the index's own vocabulary, each
    as likely as it is frequent there (the unigram model of jieba, with the index as dictionary)."""
    words = sum(segment.words for segment in segments)
    return likeliest(text, words, lambda word: _count(segments, encoded(word)))


def likeliest(text: str, words: int, frequency: Callable[[str], int]) -> list[str]:
    """The words of a text, given how often each stands among so many words."""
    total = log(words or 1)
    best = [(0.0, len(text))] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        choices = []
        for end in range(start + 1, min(start + LONGEST, len(text)) + 1):
            count = frequency(text[start:end])
            if count or end == start + 1:
                choices.append((log(count or UNSEEN) - total + best[end][0], end))
        best[start] = max(choices)
    found, start = [], 0
    while start < len(text):
        end = best[start][1]
        found.append(text[start:end])
        start = end
    return found


def _count(segments: Iterable[Segment], term: bytes) -> int:
    return sum(_postings(segment, WORDS, term) for segment in segments)


def is_character(field: str, term: bytes) -> bool:
    return field == TEXT and len(term.decode("utf-8", "surrogatepass")) == 1


def _postings(segment: Segment, field: str, term: bytes) -> int:
    terms = segment.terms(field)
    if is_character(field, term):
        return terms.weight(terms.prefixed(term))
    posting = terms.get(term)
    return len(posting) if posting else 0


def _add(
    index: Index,
    parts: Sequence[Part],
    sums: Sequence[Any],
    field: str,
    term: bytes,
    times: int,
    among: Sequence[Any] = (),
) -> float:
    """Adds one term's BM25F to the sums of all documents that have it, or have it above them; if
    need be, only `among` some.

    Returns what a document would get at most.
    """
    found = [_having(part, field, term) for part in parts]
    having = index.having.get((field, term), -1)
    if having < 0:
        having = sum(len(documents) for documents, _, _ in found)
    weight = times * idf(index.statistics.items, having)
    average = index.statistics.average.get(field, 1.0)
    for number, (part, (documents, counts, above)) in enumerate(zip(parts, found, strict=True)):
        kernel = part.evaluation.kernel
        if among:
            kept = kernel.both(documents, among[number])
            documents, counts = kept, kernel.selected(documents, counts, kept)
        if not len(documents):
            continue
        frequencies = kernel.weighed(counts, kernel.lengths(field, documents), B, average)
        if len(above):
            frequencies = kernel.raised(frequencies, kernel.marks(above, documents), HEADING)
        zeros = kernel.zeros(documents)
        kernel.add(sums[number], documents, kernel.saturated(zeros, weight, K1, frequencies))
    return weight * (K1 + 1)


def _having(part: Part, field: str, term: bytes) -> tuple[Any, Any, Any]:
    """The documents that have a term, in the text or above it; how often each has it in the text;
    and those that have it above. Bigrams are looked for in texts alone: above, words will do."""
    kernel, text, above = part.evaluation.kernel, term.decode("utf-8", "surrogatepass"), ()
    documents = counts = kernel.empty()
    if field == TEXT:
        documents, counts = kernel.tally(part.evaluation.places(text))
    else:
        above = under(part, text)
        if (posting := part.segment.terms(field).get(term)) is not None:
            documents, counts = kernel.counted(kernel.unpacked(posting))
    either = kernel.either([documents, above]) if len(above) else documents
    if part.segment.deleted:
        either = kernel.without(either, part.segment.deleted)
    return either, kernel.selected(documents, counts, either), above
