"""The mention table: every place where the texts of a query stand, a row each.

Concordance, counts over time, collocates and quotations are all read off these rows, so that their
numbers are those of a plain scan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chabao.indexer.fields import document_order
from chabao.search import filters as filtering
from chabao.search import language
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.whoosh_ import Deferred, Index, find, mentioned, spans
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.query import Query


@dataclass(frozen=True, slots=True)
class Mention:
    """A half-open stretch of an item's text, in code points; `item` is the stored record."""

    item: Mapping[str, Any]
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there, as the source writes it."""
        whole: str = self.item["text"]
        return whole[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Mentions:
    """The rows of a query in document order. `query.node` is None where a mistake is fatal."""

    query: Query
    rows: tuple[Mention, ...] = ()


def mentions(
    index: Index,
    line: str,
    *,
    literal: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Mentions:
    """Every mention of a line of the query language; overlapping ones are rows each."""
    query = filtering.applied(language.parse(line, today=today, literal=literal), filters, today)
    if query.node is None:
        return Mentions(query)
    return Mentions(query, tuple(sorted(_rows(index, query), key=_order)))


def _order(row: Mention) -> tuple[str, int, int, int]:
    return *document_order(row.item), row.start, row.end


def _rows(index: Index, query: Query) -> Iterator[Mention]:
    assert query.node is not None
    wanted = leaves(query.node)
    for part in find(index, query.node):
        if not wanted or not len(part.documents):
            continue
        counts = mentioned(part, wanted)
        for at in range(len(part.documents)):
            if part.evaluation.kernel.at(counts, at):
                document = part.evaluation.kernel.at(part.documents, at)
                record = Deferred(part.segment, document)
                for start, end in spans(part, wanted, document):
                    yield Mention(record, start, end)
