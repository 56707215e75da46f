"""Several terms, each with its mention table: query lines, strings or regular expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from gettext import gettext as _

from chabao.search import mentions as table
from chabao.search.backends.parts import costs
from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.mentions import Items, Mentions, asked, matches, mentions_of
from chabao.search.query import Diagnostic, Kind, Query, Span
from chabao.search.refusals import together
from chabao.search.regex import BadPattern, Expression


def tables(
    index: Index,
    terms: Sequence[str],
    *,
    literal: bool = False,
    numbers: bool = False,
    regex: bool = False,
    as_written: bool = False,
    filters: Filters = NO_FILTERS,
    today: date | None = None,
) -> Iterator[tuple[str, Mentions]]:
    """Each term with its mention table, one after the other, all of the same items.

    A term is a line of the query language, a `literal` string, or a regular expression over folded
    text or over the text `as_written`. `numbers` reads those of queries and strings by value.
    """
    items = Items()
    queries = {} if regex else _asked(index, terms, literal, numbers, filters, today)
    refused = any(query.node is None for query in queries.values())
    for term in dict.fromkeys(terms):
        if regex:
            yield term, _matched(index, term, as_written, filters, today, items)
        else:
            query = queries[term]
            yield term, Mentions(query) if refused else mentions_of(index, query, items)


def _asked(
    index: Index, terms: Sequence[str], literal: bool, numbers: bool, filters: Filters,
    today: date | None,
) -> dict[str, Query]:  # fmt: skip
    """The queries of all terms, the last one refused where they would together read too much.

    Where one cannot be read nothing is looked for, and so what can be read takes no time either.
    """
    queries = {term: asked(index, term, literal, filters, today, numbers) for term in terms}
    nodes = [query.node for query in queries.values() if query.node is not None]
    if len(nodes) < len(queries):
        return queries
    if sum(sum(costs(index, node)) for node in nodes) <= table.COSTLIEST:
        return queries
    (last, query), *_others = reversed(queries.items())
    return queries | {last: together(query)}


def _matched(
    index: Index, pattern: str, as_written: bool, filters: Filters, today: date | None, items: Items
) -> Mentions:
    try:
        expression = Expression(pattern, as_written)
    except BadPattern as error:
        return Mentions(_unreadable(pattern, error))
    return matches(index, expression, filters=filters, today=today, items=items)


def _unreadable(pattern: str, error: BadPattern) -> Query:
    at = pattern.find(error.part) if error.part else -1
    place = Span(at, at + len(error.part)) if at >= 0 else Span(0, len(pattern))
    message = _("this is no regular expression: {reason}").format(reason=error.reason)
    hint = _("the signs are those of RE2; \\ before a sign makes it text")
    remark = Diagnostic(Kind.BAD_PATTERN, place, message, hint, fatal=True)
    return Query(pattern, None, diagnostics=(remark,))
