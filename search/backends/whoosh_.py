"""Answers a query tree from an index on disk, read where it lies.

Every commit is a set of segments that do not change; an open `Index` keeps its own commit whatever
writers do. Whoosh is not imported: its table of contents and our segments are read directly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.soundness import UNSOUND, blame, measured
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import TEXT, WORDS, Record
from chabao.search.backends.evaluation import encoded
from chabao.search.backends.parts import Share, cost, find, under
from chabao.search.backends.plain import Plain
from chabao.search.query import Everything, Literal, Node
from chabao.search.ranking import Statistics

if TYPE_CHECKING:
    from chabao.indexer.manifest import Manifest

WARM, COLD = 300, 100_000
"""Postings from which numpy answers sooner: once loaded, and counting its import."""


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

    def costs(self, node: Node) -> list[int]:
        """About how many postings a node makes us read in each segment of what answers it."""
        return [cost(segment, node) for segment in self.segments]

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

    def count(self, node: Node) -> int:
        """How many items match a node."""
        return sum(len(part.documents) for part in find(self, node))

    def foresee(self, texts: Iterable[str]) -> None:
        """Says of which folded texts it will be asked how often they stand there (`times`)."""

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
            yield from map(segment.record, segment.holding(field, encoded(value)))

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

        return toc.beside(self.path, lambda contents: manifest.read(self.path, contents.commit))

    def records(self) -> Iterator[Record]:
        """Every record, segment by segment."""
        for segment in self.segments:
            for document in segment.live():
                yield segment.record(document)

    def files(self) -> Iterator[list[Record]]:
        """The records of each file, in the order of the files' names."""
        terms = [segment.terms("source") for segment in self.segments]
        for source in sorted({name for each in terms for name in each.all()}):
            found: list[Record] = []
            for segment in self.segments:
                found += map(segment.record, segment.holding("source", source))
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
    """The newest commit."""

    def segments(contents: toc.Contents) -> tuple[int, tuple[Segment, ...]]:
        return contents.generation, tuple(_segment(path, entry) for entry in contents.segments)

    return toc.newest(path, segments)


def _segment(path: Path, entry: toc.Entry) -> Segment:
    try:
        segment = Segment.named(path, entry)
        measured(segment)
    except UNSOUND as error:
        raise DamagedIndex(path=entry.name, reason=type(error).__name__) from error
    return segment
