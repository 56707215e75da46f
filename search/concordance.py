"""A concordance: each mention of one or several terms on a line, in its context.

    with open_index(path) as index:
        found = concordance(index, ["川渝通办", "一网通办"], sort=Sort.RIGHT)
        found.counts.mentions, found.lines[0].address, frame(found.lines)

Terms are alternatives. Where two of them stand at the very same place, as 通办 and 通辦 do, that is
one mention with both terms; places that only overlap are mentions each. Counts are of everything,
whatever `limit` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from gettext import gettext as _
from typing import Any

from chabao.indexer.folding import fold_text
from chabao.search.addresses import address
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.whoosh_ import Index
from chabao.search.engine import line_at
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.issues import issue_of
from chabao.search.mentions import Item, Items, Mention, Mentions, matches, mentions
from chabao.search.query import Diagnostic, Kind, Query, Span
from chabao.search.regex import BadPattern, Expression

CONTEXT = 40
"""Characters of context on each side, where no number is given."""
REACH = 64
"""Characters of context that decide the order of lines."""
LAST = "\U0010ffff"
"""Comes behind every date and every name."""


class Sort(StrEnum):
    """What puts lines in order; ties stand by date of issue, then in document order."""

    DATE = "date"
    """Date of issue, unknown ones last."""
    LEFT = "left"
    """What stands before, from the term outwards."""
    RIGHT = "right"
    """What stands behind."""
    DEPARTMENT = "department"
    """The first department that the item names; items that name none last."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Mentions; the items, and issues, that have some; the departments that those items name."""

    mentions: int
    items: int
    issues: int
    departments: int


@dataclass(frozen=True, slots=True)
class Line:
    """One mention. `address` finds the passage again after a rebuild.

    `start` and `end` are offsets in the item's text, half-open, in code points; `left` and `right`
    are what stands about it in the same item. Days are ISO dates.
    """

    address: str
    id: str
    start: int
    end: int
    terms: tuple[str, ...]
    left: str
    text: str
    right: str
    date: str | None
    number: str | None
    serial: int | None
    title: str | None
    publisher: str | None
    section: tuple[str, ...]
    item: str
    department: tuple[str, ...]
    source: str
    line: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Concordance:
    """`by_term` has a key for each term; `lines` are the first ones in the order of `sort`.
    Where a query has no node, its term could not be read, and nothing was looked for."""

    terms: tuple[str, ...]
    queries: tuple[Query, ...]
    counts: Counts
    by_term: dict[str, Counts]
    lines: tuple[Line, ...]
    sort: Sort
    context: int

    @property
    def fatal(self) -> bool:
        """Whether a term could not be read."""
        return any(query.node is None for query in self.queries)


@dataclass(frozen=True, slots=True)
class Tables:
    """The mention table of each term, all of the same items."""

    terms: tuple[str, ...]
    tables: tuple[Mentions, ...]

    @property
    def queries(self) -> tuple[Query, ...]:
        return tuple(table.query for table in self.tables)


def tables(
    index: Index,
    terms: Sequence[str],
    *,
    literal: bool = False,
    regex: bool = False,
    as_written: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Tables:
    """The mentions of each term, which is a line of the query language, a `literal` string, or a
    regular expression over folded text or over the text `as_written`."""
    items, found = Items(), []
    for term in dict.fromkeys(terms):
        if regex:
            try:
                table = matches(index, Expression(term, as_written), filters=filters, items=items)
            except BadPattern as error:
                table = Mentions(_unreadable(term, error))
        else:
            table = mentions(
                index, term, literal=literal, filters=filters, today=today, items=items
            )
        found.append(table)
    return Tables(tuple(dict.fromkeys(terms)), tuple(found))


def concordance(
    index: Index,
    terms: Sequence[str],
    *,
    literal: bool = False,
    regex: bool = False,
    as_written: bool = False,
    filters: Filters = NO_FILTERS,
    sort: Sort = Sort.DATE,
    context: int = CONTEXT,
    limit: int | None = None,
    today: date | None = None,
) -> Concordance:
    """The lines of every mention of the terms, with `context` characters on either side.

    Raises MissingLibrary where `regex` is asked for and google-re2 is not installed.
    """
    found = tables(
        index, terms, literal=literal, regex=regex, as_written=as_written, filters=filters,
        today=today,
    )  # fmt: skip
    if any(query.node is None for query in found.queries):
        found = replace(found, tables=tuple(replace(table, rows=()) for table in found.tables))
    rows = merged(found)
    queries = found.queries if rows or regex else _remarked(index, found.queries)
    return Concordance(
        terms=found.terms,
        queries=queries,
        counts=counted(row for row, _terms in rows),
        by_term={
            term: counted(table.rows) for term, table in zip(found.terms, found.tables, strict=True)
        },
        lines=tuple(_line(*row, context) for row in ordered(rows, sort)[:limit]),
        sort=sort,
        context=context,
    )


Row = tuple[Mention, tuple[str, ...]]
"""A mention with the terms that stand there."""


def merged(found: Tables) -> list[Row]:
    """The mentions of all terms, each place once."""
    rows: dict[tuple[int, int, int], Row] = {}
    for term, table in zip(found.terms, found.tables, strict=True):
        for row in table.rows:
            key = (id(row.item), row.start, row.end)
            rows[key] = (row, (*rows[key][1], term) if key in rows else (term,))
    return list(rows.values())


def counted(rows: Iterable[Mention]) -> Counts:
    """How many mentions, and in how many items and issues, with how many departments."""
    total, items = 0, {}
    for row in rows:
        total += 1
        items[id(row.item)] = row.item
    return Counts(
        mentions=total,
        items=len(items),
        issues=len({issue_of(item) for item in items.values()}),
        departments=len({name for item in items.values() for name in item["department"]}),
    )


def ordered(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """The rows in the order asked for."""
    by_date = sorted(rows, key=lambda row: _by_date(row[0]))
    if sort is Sort.DATE:
        return by_date
    if sort is Sort.DEPARTMENT:
        return sorted(by_date, key=lambda row: _lead(row[0].item))
    side = _before if sort is Sort.LEFT else _behind
    return sorted(by_date, key=lambda row: alphabetical(side(row[0])))


def alphabetical(text: str) -> bytes:
    """A key that sorts text as GB 2312 does: signs, Latin letters, then the 3,755 everyday
    characters by their sound in pinyin, then others."""
    return text.encode("gb18030", "replace")


def _by_date(row: Mention) -> tuple[Any, ...]:
    item = row.item
    return item["date"] or LAST, item["source"], item["line"], row.start, row.end


def _lead(item: Item) -> tuple[bool, bytes]:
    names = item["department"]
    return not names, alphabetical(names[0] if names else "")


def _before(row: Mention) -> str:
    return fold_text(row.item["text"][max(0, row.start - REACH) : row.start])[::-1]


def _behind(row: Mention) -> str:
    return fold_text(row.item["text"][row.end : row.end + REACH])


def _line(row: Mention, terms: tuple[str, ...], context: int) -> Line:
    item, text = row.item, row.item["text"]
    names = ("date", "number", "serial", "title", "publisher", "item", "source", "page")
    return Line(
        address=str(address(item["id"], text, row.start, row.end)),
        id=item["id"],
        start=row.start,
        end=row.end,
        terms=terms,
        left=text[max(0, row.start - context) : row.start],
        text=row.text,
        right=text[row.end : row.end + context],
        section=tuple(item["section"]),
        department=tuple(item["department"]),
        line=line_at(item, row.start),
        **{name: item[name] for name in names},
    )


def _unreadable(pattern: str, error: BadPattern) -> Query:
    at = pattern.find(error.part) if error.part else -1
    place = Span(at, at + len(error.part)) if at >= 0 else Span(0, len(pattern))
    message = _("this is no regular expression: {reason}").format(reason=error.reason)
    hint = _("the signs are those of RE2; \\ before a sign makes it text")
    remark = Diagnostic(Kind.BAD_PATTERN, place, message, hint, fatal=True)
    return Query(pattern, None, diagnostics=(remark,))


def _remarked(index: Index, queries: Sequence[Query]) -> tuple[Query, ...]:
    """Where nothing stands anywhere: why, as far as that can be told."""
    from chabao.search.remarks import empty

    found = []
    for query in queries:
        remarks = query.diagnostics
        if query.node and leaves(query.node):
            remarks += empty(index, query, relaxed=False)
        elif query.node:
            message = _("this names no text, and so it is mentioned nowhere")
            remarks += (Diagnostic(Kind.NO_TEXT, Span(0, len(query.line)), message),)
        found.append(replace(query, diagnostics=remarks))
    return tuple(found)
