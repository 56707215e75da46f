"""A query tree answered segment by segment: what matches, how often it says what is asked, and what
that is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT, Record
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import Evaluation, Leaf, bigrams, encoded, leaves
from chabao.search.query import And, Literal, Near, Node, Not, Numeric, Or, Pattern
from chabao.search.ranking import HEADING, K1, B, idf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chabao.search.backends.whoosh_ import Index

PAIRING = 3
"""Postings that could be read while one is paired with one close by."""
Share = tuple[Mapping[str, Any], int, int]
"""Items of one file and one issue: the first of them (its text may be left out), how many they are,
and how many characters they have."""


class Deferred(Mapping[str, Any]):
    """A record that is read when it is first looked at."""

    __slots__ = ("_document", "_record", "_segment")

    def __init__(self, segment: Segment, document: int) -> None:
        self._segment, self._document = segment, document
        self._record: Record | None = None

    def _read(self) -> Record:
        if self._record is None:
            self._record = self._segment.record(self._document)
        return self._record

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


@dataclass(slots=True)
class Part:
    """One segment's share of an answer: its documents in order, with scores and numbers of
    mentions beside them."""

    segment: Segment
    evaluation: Evaluation
    documents: Any
    scores: Any = None
    mentions: Any = None
    _counts: dict[Leaf, Any] = field(default_factory=dict)

    def counts(self, leaf: Leaf) -> Any:
        """How many mentions of a leaf each document has; counted once."""
        if leaf not in self._counts:
            found = self.evaluation.mentions(leaf)
            self._counts[leaf] = self.evaluation.kernel.selected(
                found.documents, found.counts, self.documents
            )
        return self._counts[leaf]


def find(index: Index, node: Node, costs: Sequence[int] = ()) -> list[Part]:
    """The documents that match, segment by segment, not yet scored; `costs` are those of the
    index's own segments, if they are known."""
    parts = []
    if not costs:
        index = index.around(node)
    for number, segment in enumerate(index.segments):
        expected = costs[number] if costs else cost(segment, node)
        evaluation = Evaluation(segment, index.kernel(number, expected))
        parts.append(Part(segment, evaluation, evaluation.documents(node)))
    return parts


def ordered(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """The documents found in document order, unread: the number of each one's part, and its own."""
    found = []
    for at, part in enumerate(parts):
        wanted = {int(document) for document in part.documents}
        sources = part.segment.terms("source")
        for number, source in enumerate(sources.all()):
            numbers = wanted.intersection(sources.posting(number).unpack())
            found += [(source, document, at) for document in numbers]
    for _source, document, at in sorted(found):
        yield at, document


def cost(segment: Segment, node: Node) -> int:
    """About how many postings a node makes us read in a segment."""
    match node:
        case Literal(text):
            return _string_cost(segment, fold(text))
        case Pattern(texts):
            return sum(_string_cost(segment, fold(t)) for t in texts if isinstance(t, str))
        case Near(left, right):
            return PAIRING * (cost(segment, left) + cost(segment, right))
        case Numeric(text):
            from chabao.search.backends.valued import expected

            return expected(segment, fold(text))
    children: tuple[Node, ...] = ()
    if isinstance(node, And | Or):
        children = node.children
    elif isinstance(node, Not):
        children = (node.child,)
    return sum(cost(segment, child) for child in children) or segment.size // 8


def costs(index: Index, node: Node) -> list[int]:
    """What a node costs in each segment of what answers it."""
    return index.costs(node)


def _string_cost(segment: Segment, folded: str) -> int:
    if len(folded) == 1:
        terms = segment.terms(TEXT)
        return terms.weight(terms.prefixed(encoded(folded)))
    pieces = bigrams(segment, folded)
    return min((len(posting) for _, posting in pieces), default=0) * max(len(pieces), 1)


def score(index: Index, parts: Sequence[Part], node: Node) -> None:
    """Scores the documents found by the texts of the query that are mentioned."""
    wanted = leaves(node)
    for part in parts:
        part.scores = part.evaluation.kernel.zeros(part.documents)
    for leaf in wanted:
        weight = leaf_weight(index, parts, leaf)
        for part in parts:
            if len(part.documents):
                _score(index, part, leaf, weight)


def leaf_weight(index: Index, parts: Sequence[Part], leaf: Leaf) -> float:
    having = index.having.get(leaf)
    if having is None:
        having = sum(len(part.evaluation.mentions(leaf).documents) for part in parts)
    return idf(index.statistics.items, having)


def _score(index: Index, part: Part, leaf: Leaf, weight: float) -> None:
    kernel = part.evaluation.kernel
    lengths = kernel.lengths(TEXT, part.documents)
    average = index.statistics.average[TEXT]
    frequencies = kernel.weighed(part.counts(leaf), lengths, B, average)
    above = headed(part, leaf)
    if len(above):
        marks = kernel.marks(above, part.documents)
        frequencies = kernel.raised(frequencies, marks, HEADING)
    part.scores = kernel.saturated(part.scores, weight, K1, frequencies)


def headed(part: Part, leaf: Leaf) -> Any:
    """The documents over which a text stands, as title, heading or department."""
    return under(part, fold(leaf.text)) if isinstance(leaf, Literal) else ()


def under(part: Part, folded: str) -> Any:
    terms, kernel = part.segment.terms("heading"), part.evaluation.kernel
    numbers = terms.holding(encoded(folded)) if folded else []
    lists = [kernel.unpacked(terms.posting(number)) for number in numbers]
    return kernel.either(lists) if lists else ()


def mentioned(part: Part, wanted: Sequence[Leaf]) -> Any:
    """How many mentions each document found has; a place that two leaves share counts once."""
    kernel = part.evaluation.kernel
    if len(wanted) == 1 or all(isinstance(leaf, Literal) for leaf in wanted):
        # Two strings that begin and end together are one string: nothing can count twice.
        return kernel.total([part.counts(leaf) for leaf in wanted])
    found = [part.evaluation.mentions(leaf) for leaf in wanted]
    starts, _ = kernel.distinct([(each.starts, each.ends) for each in found])
    return kernel.selected(*kernel.counted(kernel.owners(starts)), part.documents)


def mention(part: Part, wanted: Sequence[Leaf]) -> int:
    """How many mentions the documents found have together, kept beside them."""
    if not wanted or not len(part.documents):
        return 0
    part.mentions = mentioned(part, wanted)
    return int(part.evaluation.kernel.sum(part.mentions))


def mentions(index: Index, folded: str) -> int:
    """How often a folded text stands in the items."""
    return index.times(folded)


def spans(part: Part, wanted: Sequence[Leaf], document: int) -> list[tuple[int, int]]:
    """The places of one document's mentions, as offsets in its text."""
    start, limit = part.segment.starts[document], part.segment.starts[document + 1]
    found: set[tuple[int, int]] = set()
    for leaf in wanted:
        places = part.evaluation.mentions(leaf)
        first, last = part.evaluation.kernel.bounds(places.starts, start, limit)
        found.update(
            (int(places.starts[at]) - start, int(places.ends[at]) - start)
            for at in range(first, last)
        )
    return sorted(found)
