"""Answers a query tree from an index on disk, read where it lies.

Every commit is a set of segments that do not change; an open `Index` keeps its own commit whatever
writers do. Whoosh is not imported: its table of contents and our segments are read directly.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.soundness import UNSOUND, blame, measured
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import TEXT, WORDS, Record
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import Evaluation, Leaf, bigrams, encoded, leaves
from chabao.search.backends.plain import Plain
from chabao.search.query import And, Everything, Literal, Near, Node, Not, Numeric, Or, Pattern
from chabao.search.ranking import HEADING, K1, B, Statistics, idf

if TYPE_CHECKING:
    from chabao.indexer.manifest import Manifest

WARM, COLD = 300, 100_000
"""Postings from which numpy answers sooner: once loaded, and counting its import."""
PAIRING = 3
"""Postings that could be read while one is paired with one close by."""
ATTEMPTS = 50
PAUSE = 0.01
"""How often, and after how many seconds, an index that is being replaced is opened again."""
Share = tuple[Mapping[str, Any], int, int]
"""Items of one file and one issue: the first of them (its text may be left out), how many they are,
and how many characters they have."""


class Index:
    """An open index: the segments of one commit."""

    remote = False
    """Whether it is elsewhere, so that `segments` has to be fetched."""
    having: Mapping[Any, int] = {}
    """How many items have a leaf, or a field's term, where `segments` are not all that count."""
    cuts: Mapping[str, Sequence[str]] = {}
    """The words of texts that were asked for, where they were cut elsewhere."""
    at_hand = True
    """Whether `segments` can be looked at without much ado."""
    cut: tuple[int, int] | None = None
    """The items and mentions of an answer, where `segments` have only the best of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generation, self.segments = _open(path)
        self._kernels: dict[int, Any] = {}
        self._statistics: Statistics | None = None

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        segments, self.segments = self.segments, ()
        blame(error, segments)

    @property
    def statistics(self) -> Statistics:
        """Of what is not deleted, so that an index grown step by step ranks like a fresh one."""
        if self._statistics is None:
            items = sum(segment.size - len(segment.deleted) for segment in self.segments)
            average = {}
            for field in (TEXT, WORDS):
                total = sum(_length(segment, field) for segment in self.segments)
                average[field] = max(total, 1) / max(items, 1)
            self._statistics = Statistics(items, average)
        return self._statistics

    def around(
        self, node: Node, *, scored: bool = False, best: int | None = None, by_date: bool = False
    ) -> Index:
        """An index that answers a node as this one does, and has its segments here.

        Items are ranked in it as in this one if `scored`. With `best`, that many may be all that is
        in it, the first by score or by date, and then it says how many there are (`cut`).
        """
        return self

    def near(
        self, texts: Sequence[str], conditions: Node, best: int | None, by_date: bool
    ) -> Index:
        """As `around`, of the items that say the most of some folded texts (see `related`)."""
        return self

    def key(self, number: int, document: int) -> object:
        """What tells an item from the others, whatever was asked."""
        return number, document

    def times(self, folded: str) -> int:
        """How often a folded text stands in the items."""
        leaf = Literal(folded)
        return sum(int(sum(part.evaluation.mentions(leaf).counts)) for part in find(self, leaf))

    def beneath(self, texts: Sequence[str]) -> int:
        """How many items stand under headings with each of some folded texts."""
        count = 0
        for part in find(self, Everything()):
            kernel, kept = part.evaluation.kernel, part.documents
            for text in texts:
                above = under(part, text)
                kept = kernel.both(kept, above) if len(above) else kernel.empty()
            count += len(kept)
        return count

    def shares(self, node: Node) -> Iterator[Share]:
        """The items that match a node in shares, such that no item is in two."""
        for part in find(self, node):
            for document in map(int, part.documents):
                record = part.segment.record(document)
                yield record, 1, len(record["text"])

    def tally(self, node: Node) -> Any:
        """Of an answer that was `cut`: the values of all its items (see `tally.Tally`)."""
        raise NotImplementedError

    def by_source(self, node: Node) -> dict[str, int]:
        """Of an answer that was `cut`: all its mentions, by source."""
        raise NotImplementedError

    def holding(self, field: str, value: str) -> Iterator[Record]:
        """The records that have a value in a keyword field."""
        for segment in self.segments:
            posting = segment.terms(field).get(encoded(value))
            for document in posting.unpack() if posting else ():
                if document not in segment.deleted:
                    yield segment.record(document)

    def counted(self, field: str) -> dict[str, int]:
        """The values of a keyword field with how many items have each."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            terms = segment.terms(field)
            for number, term in enumerate(terms.all()):
                live = set(terms.posting(number).unpack()) - segment.deleted
                if live:
                    value = term.decode("utf-8", "surrogatepass")
                    counts[value] = counts.get(value, 0) + len(live)
        return counts

    @property
    def manifest(self) -> Manifest:
        """What it says of its files. Raises DamagedIndex."""
        from chabao.indexer import manifest

        return manifest.read(self.path, toc.commit(self.path))

    def records(self) -> Iterator[Record]:
        """Every record, segment by segment."""
        for segment in self.segments:
            for document in segment.live():
                yield segment.record(document)

    def files(self) -> Iterator[list[Record]]:
        """The records of each file, in the order of the files' names."""
        terms = [segment.terms("source") for segment in self.segments]
        for source in sorted({name for each in terms for name in each.all()}):
            found = []
            for segment, each in zip(self.segments, terms, strict=True):
                posting = each.get(source)
                numbers = posting.unpack() if posting else ()
                found += [segment.record(doc) for doc in numbers if doc not in segment.deleted]
            yield found

    def kernel(self, number: int, cost: int) -> Any:
        """The operations that answer sooner for so many postings."""
        if number in self._kernels and cost > WARM:
            return self._kernels[number]
        if cost > (WARM if "numpy" in sys.modules else COLD):
            from chabao.search.backends.numeric import Numeric

            return self._kernels.setdefault(number, Numeric(self.segments[number]))
        return Plain(self.segments[number])


def _length(segment: Segment, field: str) -> int:
    whole = segment.characters if field == TEXT else segment.words
    return whole - sum(segment.length(field, document) for document in segment.deleted)


def _open(path: Path) -> tuple[int, tuple[Segment, ...]]:
    """The newest commit. A writer may replace it while it is being opened: then the next one."""
    for _ in range(ATTEMPTS):
        number = toc.generation(path)
        try:
            contents = toc.read(path)
            segments = [_segment(path, entry) for entry in contents.segments]
        except (FileNotFoundError, DamagedIndex):
            if toc.generation(path) == number:
                raise
            time.sleep(PAUSE)
        else:
            return contents.generation, tuple(segments)
    raise DamagedIndex(path=path, reason="it changes faster than it can be opened")


def _segment(path: Path, entry: toc.Entry) -> Segment:
    try:
        segment = Segment.named(path, entry)
        measured(segment)
    except UNSOUND as error:
        raise DamagedIndex(path=entry.name, reason=type(error).__name__) from error
    return segment


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
    return [cost(segment, node) for segment in index.around(node).segments]


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
