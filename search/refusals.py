"""What is not answered because it would take too long, each with what to do instead."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from chabao.search.query import Diagnostic, Kind, Query, Span

COMPARED = 3_000
"""Items that are compared with each other to tell those alike: of more, that takes seconds."""

QUOTED = 4_000
"""Quotations of one answer: about a second's work."""
LETTERS = 2_500_000
"""Of different texts that are compared with each other: some 150 MB."""
PAIRS = 40_000_000
"""Places that two such texts share, and that are looked at: four seconds' work."""


class TooMuch(Exception):
    """Texts are too many or too long to be compared with each other."""


def refused(query: Query, message: str, hint: str) -> Query:
    """The query with no answer but a diagnostic, which is fatal."""
    costly = Diagnostic(Kind.TOO_COSTLY, Span(0, len(query.line)), message, hint, fatal=True)
    return replace(query, node=None, diagnostics=(costly, *query.diagnostics))


def costly(query: Query) -> Query:
    """A query that would read too much of the index."""
    message = _("this would have to look at too many places of the index")
    return refused(query, message, _("ask for longer texts, or in several searches"))


def together(query: Query) -> Query:
    """A query that is asked with others which altogether would read too much of the index."""
    message = _("these terms together would have to look at too many places of the index")
    return refused(query, message, _("ask for fewer terms at a time"))


def incomparable(query: Query, items: int) -> Query:
    """A query that finds too many items for telling which are alike."""
    message = _("of {items} items it would take too long to tell which are alike; at most {most}")
    said = message.format(items=f"{items:,}", most=f"{COMPARED:,}")
    return refused(query, said, narrower())


def narrower() -> str:
    return _("narrow the search, or have every item shown")


def unquotable(query: Query) -> Query:
    """A query of which more quotations are asked for than are made at a time."""
    message = _("there are more than {most} quotations").format(most=f"{QUOTED:,}")
    return refused(query, message, _("ask for fewer with -n, for a longer text or fewer issues"))


def slow(query: Query) -> Query:
    """A regular expression whose matching takes too long."""
    message = _("this regular expression takes too long to match")
    hint = _("write * or + in place of a long repetition {…}, or narrow the search")
    return refused(query, message, hint)


def unlike(query: Query, hint: str) -> Query:
    """A query whose texts are too many or too long to be compared with each other."""
    message = _("there is too much text to tell which passages are nearly the same")
    return refused(query, message, hint)
