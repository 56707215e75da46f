"""A query tree against one segment, as sets of documents and lists of places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from chabao.indexer.codecs.postings import Posting
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT
from chabao.indexer.folding import fold
from chabao.search.backends.names import terms_named
from chabao.search.query import (
    And,
    Between,
    Calendar,
    Everything,
    Gap,
    Literal,
    Named,
    Near,
    Node,
    Not,
    Numeric,
    Or,
    Pattern,
)

FIRST_DAY, LAST_DAY = 1, 3652059
"""Day numbers of the calendar: 0001-01-01 and 9999-12-31."""

Leaf = Literal | Pattern | Numeric | Near


@dataclass(slots=True)
class Mentions:
    """Where a leaf stands in a segment: half-open stretches, and the documents that hold them with
    how many each."""

    starts: Any
    ends: Any
    documents: Any
    counts: Any


def leaves(node: Node) -> list[Leaf]:
    """The positive texts of a query, each once, in order: they are what is mentioned and scored."""
    match node:
        case Literal() | Pattern() | Numeric() | Near():
            return [node]
        case And(children) | Or(children):
            return list(dict.fromkeys(leaf for child in children for leaf in leaves(child)))
        case _:
            return []


class Evaluation:
    """Answers nodes for one segment with the operations of one kernel (`plain` or `numeric`).

    Deleted documents are in no answer.
    """

    def __init__(self, segment: Segment, kernel: Any) -> None:
        self.segment, self.kernel = segment, kernel
        self._mentions: dict[Leaf, Mentions] = {}

    def documents(self, node: Node) -> Any:
        """The documents that match, in order."""
        match node:
            case Literal() | Pattern() | Numeric() | Near():
                return self.mentions(node).documents
            case And(children):
                return self._all(children)
            case Or(children):
                return self.kernel.either([self.documents(child) for child in children])
            case Not(child):
                return self.kernel.without(self._live(), self.documents(child))
            case Named():
                return self._named(node)
            case Between():
                return self._between(self._live(), node)
            case Everything():
                return self._live()
        raise TypeError(node)

    def _live(self) -> Any:
        return self.alive(self.kernel.everything())

    def alive(self, documents: Any) -> Any:
        if not self.segment.deleted:
            return documents
        return self.kernel.without(documents, self.segment.deleted)

    def _all(self, children: tuple[Node, ...]) -> Any:
        """Sets first, the smallest first; days and exclusions are looked up for what is left."""
        late = [child for child in children if isinstance(child, (Not, Between))]
        sets = [self.documents(child) for child in children if child not in late]
        found = reduce(self.kernel.both, sorted(sets, key=len)) if sets else self._live()
        for child in late:
            if not len(found):
                break
            if isinstance(child, Not):
                found = self.kernel.without(found, self.documents(child.child))
            else:
                found = self._between(found, child)
        return found

    def _named(self, node: Named) -> Any:
        found = [
            self.kernel.counted(self.kernel.unpacked(posting))[0]
            for posting in terms_named(self.segment, node)
        ]
        return self.alive(self.kernel.either(found)) if found else self.kernel.empty()

    def _between(self, documents: Any, node: Between) -> Any:
        least = node.first.toordinal() if node.first else FIRST_DAY
        most = node.last.toordinal() if node.last else LAST_DAY
        if node.field is Calendar.ISSUED:
            return self.kernel.between(documents, "date", least, most)
        begun = self.kernel.between(documents, "first", FIRST_DAY, most)
        return self.kernel.between(begun, "last", least, LAST_DAY)

    def mentions(self, leaf: Leaf) -> Mentions:
        """Where a leaf stands; found once."""
        if leaf not in self._mentions:
            self._mentions[leaf] = self._found(*self._stretches(leaf))
        return self._mentions[leaf]

    def _found(self, starts: Any, ends: Any) -> Mentions:
        documents, counts = self.kernel.tally(starts)
        if self.segment.deleted and len(documents):
            alive = self.alive(documents)
            if len(alive) < len(documents):
                counts = self.kernel.selected(documents, counts, alive)
                documents = alive
        return Mentions(starts, ends, documents, counts)

    def _stretches(self, node: Node) -> tuple[Any, Any]:
        match node:
            case Literal(text):
                folded = fold(text)
                starts = self.places(folded)
                return starts, self.kernel.shifted(starts, len(folded))
            case Pattern(parts):
                return self._pattern(parts)
            case Numeric(text):
                from chabao.search.backends.valued import stretches  # few queries ask for values

                return stretches(self, fold(text))
            case Near(left, right, distance):
                return self._near(left, right, distance)
            case Or(children):
                choices = [self._stretches(child) for child in children]
                return self.kernel.distinct(choices)  # type: ignore[no-any-return]
        raise TypeError(node)

    def places(self, folded: str) -> Any:
        """Where a folded string begins, from its bigrams' places."""
        if not folded:
            return self.kernel.empty()
        terms = self.segment.terms(TEXT)
        if len(folded) == 1:
            return self.kernel.merged(terms, terms.prefixed(encoded(folded)))
        pieces = bigrams(self.segment, folded)
        return self.kernel.sequence(pieces) if pieces else self.kernel.empty()

    def _pattern(self, parts: tuple[str | Gap, ...]) -> tuple[Any, Any]:
        """From the last string back to the first: each place takes the nearest that goes on."""
        *rest, last = parts
        folded = fold(str(last))
        starts = self.places(folded)
        finals = self.kernel.shifted(starts, len(folded))
        for text, gap in zip(rest[-2::-2], rest[::-2], strict=True):
            assert isinstance(gap, Gap)
            folded = fold(str(text))
            places = self.places(folded)
            ends = self.kernel.shifted(places, len(folded))
            starts, finals = self.kernel.linked(places, ends, starts, finals, gap.least, gap.most)
        return starts, finals

    def _near(self, left: Node, right: Node, distance: int | None) -> tuple[Any, Any]:
        one, other = self._stretches(left), self._stretches(right)
        if distance is None:
            shared = self.kernel.both(
                self.kernel.counted(self.kernel.owners(one[0]))[0],
                self.kernel.counted(self.kernel.owners(other[0]))[0],
            )
            kept = [self.kernel.inside(*stretches, shared) for stretches in (one, other)]
        else:
            beside: Callable[..., tuple[Any, Any]] = self.kernel.beside
            kept = [beside(*one, *other, distance), beside(*other, *one, distance)]
        return self.kernel.distinct(kept)  # type: ignore[no-any-return]


def bigrams(segment: Segment, folded: str) -> list[tuple[int, Posting]]:
    """Bigrams that cover a string of two characters up, with their offsets; none if one of them
    stands nowhere."""
    terms = segment.terms(TEXT)
    offsets = [*range(0, len(folded) - 1, 2)]
    if len(folded) % 2:
        offsets.append(len(folded) - 2)
    pieces = []
    for offset in offsets:
        posting = terms.get(encoded(folded[offset : offset + 2]))
        if posting is None:
            return []
        pieces.append((offset, posting))
    return pieces


def encoded(folded: str) -> bytes:
    """A term as the dictionaries have it. Half a character, as a shell may hand over, is none."""
    return folded.encode("utf-8", "surrogatepass")
