"""The numbers that bulletins report, a row each: of what, how many, since when, and where it says.

    >>> from chabao.search import engine, figures
    >>> with engine.open_index(path) as index:
    ...     for figure in figures.figures(index, "受理").rows:
    ...         print(figure.issue.number, figure.subject, figure.value, figure.unit, figure.basis)

`pandas.DataFrame(map(dataclasses.asdict, rows))` makes a frame of them.
"""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from chabao.indexer import departments
from chabao.indexer.authorities import Mention
from chabao.indexer.fields import document_order
from chabao.indexer.folding import fold, fold_text
from chabao.search import filters as filtering
from chabao.search.backends.parts import find
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.quantities import Quantity, quantities
from chabao.search.query import Query
from chabao.search.statements import Basis, Statement, attributive, marks, statements

Placed = TypeVar("Placed", Quantity, Mention)
_NEAR = 400
"""Characters about a number among which its subject is looked for."""
_END = re.compile(r"[。!?\n]+[\")]*")
_LABEL = re.compile(
    r"^(?:[一二三四五六七八九十百]+、|\([一二三四五六七八九十0-9]+\)|[0-9]+[.、])\s*"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported number.

    `item` is the stored record, with the issue's title, number, serial, date and period, and with
    the section. `start` and `end` are code points of its text, from the number to its unit, as are
    `sentence_start` and `sentence_end`. `value` is exact, in `unit` (件, 人次, %, 元; may be
    empty), 万 and 亿 multiplied out; `upto` is the upper end of a range, else None. `subject` is of
    whom it is said: as the clause or one before it says, else the authority named last, else the
    heading. `measure` what was counted, `of` what a ratio is taken of. `departments` are
    those that the sentence names, or else the sentence before it that names any.
    """

    item: Mapping[str, Any]
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    subject: str
    measure: str
    value: Decimal
    unit: str
    basis: Basis
    upto: Decimal | None = None
    qualifier: str = ""
    of: str = ""
    departments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The number with its unit, as the source writes it."""
        whole: str = self.item["text"]
        return whole[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The sentence that says so, as the source writes it."""
        whole: str = self.item["text"]
        return whole[self.sentence_start : self.sentence_end]

    @property
    def address(self) -> str:
        """Where the number stands: id@offset."""
        return f"{self.item['id']}@{self.start}"


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows in document order. `query.node` is None and a diagnostic fatal where a filter is
    mistaken."""

    query: Query
    rows: tuple[Figure, ...] = ()

    @property
    def failed(self) -> bool:
        return any(remark.fatal for remark in self.query.diagnostics)


def figures(
    index: Index,
    terms: Sequence[str] = (),
    *,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Figures:
    """Every figure of the items that the filters leave. Each of `terms` must stand in the figure's
    subject, measure, unit or sentence, after folding."""
    terms = (terms,) if isinstance(terms, str) else terms
    query = filtering.applied(Query("", None), filters, today)
    if any(remark.fatal for remark in query.diagnostics):
        return Figures(query)
    wanted = [folded for term in terms if (folded := fold(term))]
    records = sorted(_records(index, query), key=document_order)
    rows = (row for record in records for row in of_item(record) if _about(row, wanted))
    return Figures(query, tuple(rows))


def _records(index: Index, query: Query) -> Iterable[Mapping[str, Any]]:
    if query.node is None:
        return index.records()
    return (
        part.segment.record(part.evaluation.kernel.at(part.documents, at))
        for part in find(index, query.node)
        for at in range(len(part.documents))
    )


def _about(row: Figure, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    said = fold("\n".join((row.subject, row.measure, row.sentence)))
    return all(term in said for term in wanted)


def of_item(item: Mapping[str, Any]) -> Iterator[Figure]:
    """The figures of one record, in order."""
    text: str = item["text"]
    found = list(quantities(text))
    if not found:
        return
    folded = fold_text(text)
    named = departments.mentions(text)
    who: tuple[str, ...] = ()
    speaker, since = _heading(item), Basis.UNSAID
    first = _day(item["period"]["first"])
    for start, end in sentences(folded, found):
        sentence = folded[start:end]
        inside = [_moved(quantity, -start) for quantity in _within(found, start, end)]
        here = _within(named, start, end)
        who = tuple(dict.fromkeys(mention.name for mention in here)) or who
        times = marks(sentence, first)
        for local, statement in zip(inside, statements(sentence, inside), strict=True):
            quantity = _moved(local, start)
            if here and here[0].start < quantity.start:
                speaker = text[here[0].start : here[0].end]
            at = bisect(times, local.start, key=itemgetter(0))
            own = times[at - 1][1] if at else Basis.UNSAID
            if own is Basis.UNSAID and not attributive(sentence, local):
                own = since
            statement = _as_written(statement, folded, text, quantity)
            statement = replace(statement, subject=statement.subject or speaker)
            yield _figure(item, quantity, (start, end), statement, own, who)
        if here:
            speaker = text[here[0].start : here[0].end]
        since = times[-1][1] if times else since


def _within(found: Sequence[Placed], start: int, end: int) -> Sequence[Placed]:
    """Those of a list in order that begin in a stretch."""
    place = attrgetter("start")
    return found[bisect_left(found, start, key=place) : bisect_left(found, end, key=place)]


def sentences(folded: str, found: Sequence[Quantity]) -> Iterator[tuple[int, int]]:
    """Half-open ranges that cover a folded text; none ends within a quantity."""
    start = 0
    for mark in _END.finditer(folded):
        before = bisect_left(found, mark.end(), key=attrgetter("start"))
        if before and mark.end() <= found[before - 1].end:
            continue
        yield start, mark.end()
        start = mark.end()
    if start < len(folded):
        yield start, len(folded)


def _figure(
    item: Mapping[str, Any],
    quantity: Quantity,
    sentence: tuple[int, int],
    statement: Statement,
    since: Basis,
    who: tuple[str, ...],
) -> Figure:
    return Figure(
        item=item,
        start=quantity.start,
        end=quantity.end,
        sentence_start=sentence[0],
        sentence_end=sentence[1],
        subject=statement.subject,
        measure=statement.measure,
        value=quantity.value,
        unit=quantity.unit,
        basis=since,
        upto=quantity.upto,
        qualifier=quantity.qualifier,
        of=statement.of,
        departments=who,
    )


def _as_written(statement: Statement, folded: str, text: str, quantity: Quantity) -> Statement:
    """The statement in the source's characters, taken from about the number. A measure may be two
    stretches of the text."""
    start, end = max(0, quantity.start - _NEAR), quantity.end + _NEAR
    near, source = folded[start:end], text[start:end]
    if near == source:
        return statement
    return Statement(*(_pieces(part, near, source) for part in astuple(statement)))


def _pieces(part: str, folded: str, source: str) -> str:
    for length in range(len(part), 0, -1):
        at = folded.find(part[:length])
        if at >= 0:
            return source[at : at + length] + _pieces(part[length:], folded, source)
    return part


def _heading(item: Mapping[str, Any]) -> str:
    """The lowest heading without its label and 情况."""
    section = item["section"]
    if not section:
        return ""
    label = _LABEL.match(fold_text(section[-1]))
    heading: str = section[-1][label.end() :] if label else section[-1]
    return heading.removesuffix("情况")


def _moved(quantity: Quantity, by: int) -> Quantity:
    return replace(quantity, start=quantity.start + by, end=quantity.end + by)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
