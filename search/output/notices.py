"""What is said about a query: remarks in a line, mistakes with the query and a caret under them."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from chabao.search.output.advice import advised
from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean, width
from chabao.search.query import Diagnostic, Kind

REMARKS = frozenset(
    {
        Kind.DATE_RANGE,
        Kind.RELAXED,
        Kind.HEADING_ONLY,
        Kind.EMPTY_INDEX,
        Kind.EMPTIED_BY_FILTER,
        Kind.NEAREST,
        Kind.SUGGESTION,
        Kind.SYNONYMS,
        Kind.BUNDLED,
    }
)
"""Kinds that are about the answer rather than about a place in the query."""

CONTEXT = 24
"""Characters of the query shown on either side of a mistake, at most."""
MOST = 3
"""Mistakes that are shown: who made more will find them when those are mended."""
INDENT = "  "


def notices(
    line: str, understood: str, remarks: tuple[Diagnostic, ...], screen: Screen
) -> Iterator[str]:
    """The lines for all remarks; the query is shown for those that point into it.

    A query that is blank shows nothing. What was understood is said where it is not what was typed,
    or where that is in doubt.
    """
    pointing = [remark for remark in remarks if remark.kind not in REMARKS and line.strip()]
    for remark in pointing[:MOST]:
        yield screen.paint(clean(f"chabao: {remark.message}"), Style.TITLE)
        if remark.span.start < remark.span.end:
            yield from pointed(line, remark.span.start, remark.span.end, screen)
        if remark.hint:
            yield INDENT + clean(_("hint: {hint}").format(hint=remark.hint))
    if understood and pointing:
        yield INDENT + _understood(understood)
    elif understood not in ("", line) and all(
        remark.kind is not Kind.DATE_RANGE for remark in remarks
    ):
        yield f"chabao: {_understood(understood)}"
    for remark in remarks:
        if remark not in pointing:
            hint = f" — {advised(remark.hint)}" if remark.hint else ""
            yield clean(f"chabao: {remark.message}{hint}")


def pointed(line: str, start: int, end: int, screen: Screen) -> Iterator[str]:
    """The query about `start`, and below it a caret as wide as the mistake."""
    first, last = max(0, start - CONTEXT), min(len(line), max(end, start + 1) + CONTEXT)
    last = min(last, start + 2 * CONTEXT)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    shown = clean(line[first:last])
    column = width(before + shown[: start - first])
    carets = max(1, width(shown[start - first : end - first]))
    yield INDENT + before + shown + after
    yield INDENT + " " * column + screen.paint("^" * carets, Style.MARK)


def _understood(query: str) -> str:
    shortened = query if len(query) <= 4 * CONTEXT else query[: 4 * CONTEXT] + "…"
    return clean(_("understood: {query}").format(query=shortened))
