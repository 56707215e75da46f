"""Several terms, each with its mention table: query lines, strings or regular expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from gettext import gettext as _

from chabao.search.backends.whoosh_ import Index
from chabao.search.filters import NO_FILTERS, Filters
from chabao.search.mentions import Items, Mentions, matches, mentions
from chabao.search.query import Diagnostic, Kind, Query, Span
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
    for term in dict.fromkeys(terms):
        if not regex:
            found = mentions(
                index, term, literal=literal, numbers=numbers, filters=filters, today=today,
                items=items,
            )  # fmt: skip
            yield term, found
            continue
        try:
            expression = Expression(term, as_written)
        except BadPattern as error:
            yield term, Mentions(_unreadable(term, error))
        else:
            yield term, matches(index, expression, filters=filters, today=today, items=items)


def _unreadable(pattern: str, error: BadPattern) -> Query:
    at = pattern.find(error.part) if error.part else -1
    place = Span(at, at + len(error.part)) if at >= 0 else Span(0, len(pattern))
    message = _("this is no regular expression: {reason}").format(reason=error.reason)
    hint = _("the signs are those of RE2; \\ before a sign makes it text")
    remark = Diagnostic(Kind.BAD_PATTERN, place, message, hint, fatal=True)
    return Query(pattern, None, diagnostics=(remark,))
