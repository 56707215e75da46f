"""Filters that are given beside a query mean what they would mean in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _

from chabao.indexer.folding import fold
from chabao.search.query import (
    Between,
    Calendar,
    Diagnostic,
    Keyword,
    Kind,
    Named,
    Node,
    Query,
    Span,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Names as they were typed; several of one kind are alternatives. Days of issue, inclusive."""

    department: Sequence[str] = ()
    section: Sequence[str] = ()
    period: Sequence[str] = ()
    number: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


NO_FILTERS = Filters()


def applied(query: Query, filters: Filters, today: date | None) -> Query:
    """The query with the filters as further conditions, said back with it."""
    if filters == NO_FILTERS:
        return query
    from chabao.search.algebra import conjunction, disjunction, grounded
    from chabao.search.wording import say

    days, mistakes = _periods(filters.period, today)
    nodes: list[Node | None] = [query.node] if query.node else []
    for keyword, values in (
        (Keyword.DEPARTMENT, filters.department),
        (Keyword.SECTION, filters.section),
        (Keyword.NUMBER, filters.number),
    ):
        names = [Named(keyword, value) for value in values]
        nodes.append(disjunction(names))
        mistakes += (_blank(say(name)) for name in names if not fold(name.value))
    nodes.append(disjunction(days))
    if filters.since or filters.until:
        nodes.append(Between(Calendar.ISSUED, filters.since, filters.until))
    empty = all(remark.kind is Kind.EMPTY for remark in query.diagnostics if remark.fatal)
    if mistakes or (query.node is None and not empty):
        return replace(query, node=None, diagnostics=(*query.diagnostics, *mistakes))
    node = conjunction(node for node in nodes if node is not None)
    if node is None:
        return query
    kept = tuple(remark for remark in query.diagnostics if not remark.fatal)
    node = grounded(node)
    return replace(query, node=node, understood=say(node), diagnostics=kept)


def _blank(condition: str) -> Diagnostic:
    """A blank name is a part of every name: what a script left unset would filter nothing."""
    message = _("{condition} names nothing").format(condition=condition)
    hint = _("leave it out, or write a name; chabao fields lists them")
    return Diagnostic(Kind.EMPTY, Span(0, 0), message, hint, fatal=True)


def _periods(values: Sequence[str], today: date | None) -> tuple[list[Between], list[Diagnostic]]:
    from chabao.search.calendar import days

    found, mistakes = [], []
    for value in values:
        meant = days(value, today or date.today())
        if meant:
            found.append(Between(Calendar.COVERED, *meant))
        else:
            message = _("{value!r} is no date").format(value=value)
            hint = _("write 2023, 2023-02, 2023-02-08, 2023Q1, 近三个月 or a..b")
            mistakes.append(Diagnostic(Kind.BAD_DATE, Span(0, 0), message, hint, fatal=True))
    return found, mistakes
