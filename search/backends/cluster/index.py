"""An index on a cluster, as everything that reads indexes takes it."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from types import TracebackType
from typing import Any

from chabao.indexer.cluster.location import Location
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT, WORDS, Record
from chabao.indexer.manifest import Manifest
from chabao.search.backends.cluster import counting, ranking
from chabao.search.backends.cluster.gathering import record_of
from chabao.search.backends.cluster.snapshot import Snapshot
from chabao.search.backends.cluster.structure import ALL, Asked, above, asked, every, some
from chabao.search.backends.cluster.values import Values
from chabao.search.backends.cluster.view import FIELDS, View, key
from chabao.search.backends.evaluation import Leaf, leaves
from chabao.search.backends.parts import Share
from chabao.search.backends.tally import Tally
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import Literal, Node
from chabao.search.ranking import Statistics

CANDIDATES = 20_000
"""Items that are fetched to answer one question; for more, all are kept here (see `mirror`)."""
ATTEMPTS = 3
"""How often what is asked in several questions is asked anew where a node goes between them."""
KEPT = 8
"""Views that are kept while the index is open: a command asks for the same items several times."""
WHOLE = 100_000
"""Items of an index that may be fetched whole for one question; of a larger one, what would take
more than the candidates is refused."""
SMALL = 5_000
"""Items of an index that may be fetched whole to say what may have been meant."""


class ClusterIndex(Index):
    """An open index: the items of one moment, asked for or fetched as a question needs it."""

    remote = True

    def __init__(self, location: Location) -> None:
        self.path = location  # type: ignore[assignment]
        self.generation = 0
        self.snapshot = Snapshot(location)
        self._forget()

    def _forget(self) -> None:
        """What was read of another moment."""
        self._moment = self.snapshot.moment
        self.values = Values(self.snapshot)
        self._kernels = {}
        self._statistics = None
        self._mirror: tuple[Segment, ...] | None = None
        self._views: OrderedDict[tuple[object, ...], Index] = OrderedDict()
        self._having: dict[Literal, int] = {}
        self._times: dict[str, int] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._mirror = None
        self._views.clear()
        self.snapshot.close()

    @property
    def segments(self) -> tuple[Segment, ...]:  # type: ignore[override]
        """All items, in a copy that is kept here: for what looks at the whole of an index."""
        if self._mirror is None:
            from chabao.search.backends.cluster.mirror import mirrored

            self._mirror = mirrored(self.snapshot)
        return self._mirror

    @property
    def statistics(self) -> Statistics:
        if self._statistics is None:
            found = self.snapshot.ask(counting.items(ALL) | {"aggs": ranking.LENGTHS})
            items = counting.total(found)
            sums = {name: int(each["value"]) for name, each in found["aggregations"].items()}
            average = {
                TEXT: max(sums["characters"], 1) / max(items, 1),
                WORDS: max(sums["words"], 1) / max(items, 1),
            }
            self._statistics = Statistics(items, average)
        return self._statistics

    def around(
        self, node: Node, *, scored: bool = False, best: int | None = None, by_date: bool = False
    ) -> Index:
        key = (node, scored, best, by_date)
        return self._kept(key, lambda: self._around(node, scored, best, by_date))

    def _kept(self, key: tuple[object, ...], make: Callable[[], Index]) -> Index:
        """A view, made once; and again where it would be of two moments."""
        for _ in range(ATTEMPTS):
            if self._moment != self.snapshot.moment:
                self._forget()
            if key not in self._views:
                self._views[key] = make()
                if len(self._views) > KEPT:
                    self._views.popitem(last=False)
            if self._moment == self.snapshot.moment:
                break
        return self._views[key]

    def _around(self, node: Node, scored: bool, best: int | None, by_date: bool) -> Index:
        question, wanted = asked(node, self.values.named), leaves(node)
        texts = [leaf for leaf in wanted if isinstance(leaf, Literal)]
        if best is not None and ranks(question, wanted):
            return self._best(question, texts, best, by_date)
        body = question.body
        if scored:  # of other leaves it is counted here how many items have them
            rest = [asked(leaf, self.values.named).body for leaf in wanted if leaf not in texts]
            body = some([body, *rest]) if rest else body
        hits = self.snapshot.few(body, FIELDS, CANDIDATES)
        if hits is None:
            return Beyond(self) if scored and not self.whole else self.mirror
        having = self._counted(texts) if scored else {}
        return View(self.path, hits, self.statistics, having)

    def near(
        self, texts: Sequence[str], conditions: Node, best: int | None, by_date: bool
    ) -> Index:
        key = ("near", *texts, conditions, best, by_date)
        return self._kept(key, lambda: self._near(texts, conditions, best, by_date))

    def _near(
        self, texts: Sequence[str], conditions: Node, best: int | None, by_date: bool
    ) -> Index:
        from chabao.search.backends.cluster.near import near

        question = asked(conditions, self.values.named)
        if not question.exact:
            return self.mirror
        found = near(
            self.snapshot, self.statistics, texts, question.body, best, by_date, CANDIDATES
        )
        if found.total > CANDIDATES and (best is None or best > CANDIDATES):
            return self.mirror
        cut = (found.total, 0) if found.total > len(found.hits) else None
        hits = _in_order(iter(found.hits))
        return View(self.path, hits, self.statistics, found.having, cut, found.cuts)

    @property
    def at_hand(self) -> bool:  # type: ignore[override]
        return self._mirror is not None or self.statistics.items <= SMALL

    @property
    def whole(self) -> bool:
        """Whether all items may be fetched for one question."""
        return self._mirror is not None or self.statistics.items <= WHOLE

    def costs(self, node: Node) -> list[int]:
        question = asked(node, self.values.named)
        if not self.whole and self._count(question.body) > CANDIDATES:
            return [sys.maxsize]
        return self.around(node).costs(node)

    @property
    def mirror(self) -> Index:
        """All items, as an index that is read here."""
        return Mirror(self)

    def _best(self, question: Asked, wanted: Sequence[Literal], best: int, by_date: bool) -> Index:
        said = ranking.scored(question.body, ranking.counting(wanted))
        totals = counting.items(said) | {"aggs": counting.SAID}
        unknown = self._unknown(wanted)
        found, *counts = self.snapshot.several([totals, *unknown.values()])
        self._note(unknown, counts)
        cut = counting.total(found), round(found["aggregations"]["said"]["value"])
        scoring = ranking.scoring(wanted, self._having, self.statistics)
        hits: Iterator[Any] = iter(())
        if cut[0]:
            sort = ranking.BY_DATE if by_date else ranking.BY_SCORE
            query = ranking.scored(question.body, scoring)
            hits = self.snapshot.pages(query, FIELDS, sort, best + ranking.SPARE)
        return View(self.path, _in_order(hits), self.statistics, self._known(wanted), cut)

    def _counted(self, wanted: Sequence[Literal]) -> dict[Leaf, int]:
        """How many items have each of some texts."""
        if unknown := self._unknown(wanted):
            self._note(unknown, self.snapshot.several(list(unknown.values())))
        return self._known(wanted)

    def _unknown(self, wanted: Sequence[Literal]) -> dict[Literal, dict[str, Any]]:
        """Texts that were not counted yet, and what to ask for that."""
        return {
            leaf: counting.items(asked(leaf, self.values.named).body)
            for leaf in wanted
            if leaf not in self._having
        }

    def _note(self, unknown: Iterable[Literal], answers: Iterable[Any]) -> None:
        self._having |= zip(unknown, map(counting.total, answers), strict=True)

    def _known(self, wanted: Sequence[Literal]) -> dict[Leaf, int]:
        return {leaf: self._having[leaf] for leaf in wanted}

    def _count(self, body: dict[str, Any]) -> int:
        return counting.total(self.snapshot.ask(counting.items(body)))

    def times(self, folded: str) -> int:
        if folded not in self._times:
            self.foresee([folded])
        return self._times[folded]

    def foresee(self, texts: Iterable[str]) -> None:
        unknown = [text for text in dict.fromkeys(texts) if text not in self._times]
        self._times |= counting.times(self.snapshot, unknown)

    def count(self, node: Node) -> int:
        question = asked(node, self.values.named)
        return self._count(question.body) if question.exact else super().count(node)

    @property
    def manifest(self) -> Manifest:
        from chabao.indexer.cluster import state

        return state.manifest(self.snapshot.location)

    def shares(self, node: Node) -> Iterator[Share]:
        question = asked(node, self.values.named)
        if question.exact:
            return counting.shares(self.snapshot, question.body)
        return super().shares(node)

    def tally(self, node: Node) -> Tally:
        return counting.tally(self.snapshot, asked(node, self.values.named).body)

    def by_source(self, node: Node) -> dict[str, int]:
        texts = [leaf for leaf in leaves(node) if isinstance(leaf, Literal)]
        return counting.by_source(self.snapshot, asked(node, self.values.named).body, texts)

    def beneath(self, texts: Sequence[str]) -> int:
        return self._count(every(map(above, texts)))

    def records(self) -> Iterator[Record]:
        return map(record_of, self.snapshot.files(self.values.counted("source"), FIELDS))

    def files(self) -> Iterator[list[Record]]:
        for _source, records in groupby(self.records(), key=lambda record: record["source"]):
            yield list(records)

    def holding(self, field: str, value: str) -> Iterator[Record]:
        having = {"bool": {"filter": [{"term": {field: value}}]}}
        yield from map(record_of, self.snapshot.pages(having, FIELDS))

    def counted(self, field: str) -> dict[str, int]:
        return self.values.counted(field)


class Beyond(Index):
    """What would have to be fetched to answer a question, and is too much."""

    def __init__(self, whole: ClusterIndex) -> None:
        self.path, self.generation, self.segments = whole.path, 0, ()
        self._kernels, self._statistics = {}, whole.statistics

    def costs(self, node: Node) -> list[int]:
        return [sys.maxsize]


class Mirror(Index):
    """The copy of an index on a cluster."""

    def __init__(self, whole: ClusterIndex) -> None:
        self.path, self.generation = whole.path, whole.generation
        self.segments = whole.segments
        self._kernels = whole._kernels
        self._statistics = whole.statistics

    def key(self, number: int, document: int) -> object:
        return key(self.segments[number], document)


def ranks(question: Asked, wanted: Sequence[Leaf]) -> bool:
    """Whether the cluster can put what matches in order: it knows exactly what does, and how often
    each text stands in it."""
    return question.exact and all(isinstance(leaf, Literal) for leaf in wanted)


def _in_order(hits: Iterator[Any]) -> list[Any]:
    """In document order, as views are."""
    return sorted(hits, key=lambda hit: hit["sort"][-3:])
