"""A share of an index on a cluster, fetched, so that it is read here as any other index is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chabao.indexer.cluster.mapping import RECORD
from chabao.indexer.codecs.segment import Segment
from chabao.search.backends.cluster.gathering import gathered, record_of, words_of
from chabao.search.backends.whoosh_ import Index
from chabao.search.ranking import Statistics

FIELDS = [RECORD]
"""What is fetched of an item."""
EMPTY: Mapping[str, Sequence[str]] = {}


class View(Index):
    """Items that a question found, in document order; ranked by the statistics of the whole index.

    `having` says how many items of the whole index have a text, where that is not to be counted
    among these; `cut` the items and mentions of the whole answer, where only its best are here.
    """

    def __init__(
        self,
        path: Any,
        hits: Iterable[Mapping[str, Any]],
        statistics: Statistics,
        having: Mapping[Any, int],
        cut: tuple[int, int] | None = None,
        cuts: Mapping[str, Sequence[str]] = EMPTY,
    ) -> None:
        self.path, self.generation = path, 0
        self._kernels = {}
        self._statistics = statistics
        self.having, self.cut, self.cuts = having, cut, cuts
        items = [(record_of(hit), words_of(hit)) for hit in hits]
        with TemporaryDirectory(prefix="chabao-", ignore_cleanup_errors=True) as folder:
            # what is mapped into memory stays there when its name has gone
            self.segments = (gathered(Path(folder), "view", items),) if items else ()

    def key(self, number: int, document: int) -> object:
        """An item is the same in whichever view it is."""
        return key(self.segments[number], document)


def key(segment: Segment, document: int) -> object:
    """What tells an item from the others of the index, wherever it was read."""
    record = segment.record(document)
    return record["source"], record["id"], record["line"]
