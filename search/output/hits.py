"""Hits for people: who said it, where, and the pieces of text with their mentions marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import Any

from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean, lines, width
from chabao.search.query import Span
from chabao.search.results import Explanation, Hit, Results, Snippet

Record = Any
"""An item as it is stored: the object of schema 1."""

UNWRAPPED = 1 << 30
_BRACKETS = (("【", "】"), ("〖", "〗"), ("⟦", "⟧"), ("«", "»"))


def hits(results: Results, screen: Screen) -> Iterator[str]:
    """The lines of a page of hits, an empty line between two."""
    margin = len(str(len(results.hits))) + 2
    for at, hit in enumerate(results.hits):
        if at:
            yield ""
        yield from _hit(hit, margin, screen)


def _hit(hit: Hit, margin: int, screen: Screen) -> Iterator[str]:
    rank = f"{hit.rank}.".ljust(margin)
    indent = " " * margin
    first, *rest = flowed(issue(hit.item), screen, margin, Style.TITLE)
    yield screen.paint(rank, Style.FAINT) + first
    rest += paragraph(place(hit.item), screen, margin, Style.FAINT)
    rest += flowed(_facts(hit), screen, margin, Style.FAINT)
    yield from (indent + line for line in rest)
    for snippet in hit.snippets:
        shown = marked(snippet, screen, margin + 2)
        yield from (indent + ("  " if at else "- ") + line for at, line in enumerate(shown))
    if hit.explanation:
        yield from (indent + line for line in explained(hit.explanation, screen))


def issue(item: Record) -> list[str]:
    """Title, number, date and period of the issue an item is from."""
    name = item["title"] or item["publisher"] or item["source"]
    serial = _(" (serial {serial})").format(serial=item["serial"]) if item["serial"] else ""
    period = item["period"]
    covered = ""
    if period["first"]:
        covered = _("covers {days}").format(days=days(period["first"], period["last"]))
    number = f"{item['number'] or ''}{serial}".strip()
    return [clean(fact) for fact in (name, number, item["date"], covered) if fact]


def days(first: str, last: str | None) -> str:
    """2023-01-16—01-20: the year is said once."""
    if not last or first == last:
        return first
    return f"{first}—{last[5:] if first[:5] == last[:5] else last}"


def place(item: Record) -> str:
    """The way down to an item: its headings and its label."""
    return clean(" \u203a ".join(filter(None, (*item["section"], item["item"]))))


def _facts(hit: Hit) -> list[str]:
    item: Record = hit.item
    count = ngettext("{n} mention", "{n} mentions", hit.mentions).format(n=hit.mentions)
    departments = "、".join(item["department"])
    more = (hit.stands_for or 1) - 1
    alike = ngettext("and {n} more like it", "and {n} more like it", more).format(n=more)
    page = _("page {page}").format(page=item["page"]) if item["page"] else ""
    facts = (
        departments, count if hit.mentions else "", alike if more else "",
        f"{item['source']}:{hit.line}", page,
    )  # fmt: skip
    return [clean(fact) for fact in (*facts, f"id {item['id']}") if fact]


def flowed(facts: Sequence[str], screen: Screen, margin: int, style: Style) -> list[str]:
    """Facts side by side, as many as a line takes; one is broken only if it is wider than that."""
    room = UNWRAPPED if screen.width is None else screen.width - margin
    rows: list[str] = []
    for fact in facts:
        if rows and width(rows[-1]) + 2 + width(fact) <= room:
            rows[-1] += f"  {fact}"
        else:
            rows.append(fact)
    return [line for row in rows for line in paragraph(row, screen, margin, style)]


def paragraph(text: str, screen: Screen, margin: int, style: Style | None = None) -> list[str]:
    """`text` wrapped to what `margin` leaves of the screen; none for an empty text."""
    room = UNWRAPPED if screen.width is None else screen.width - margin
    wrapped = [text[a:b].rstrip() for a, b in lines(text, room)] if text else []
    return [screen.paint(line, style) if style else line for line in wrapped]


def marked(snippet: Snippet, screen: Screen, margin: int) -> list[str]:
    """A snippet's lines with each mention marked, in colour or in brackets, and nothing else."""
    before = "…" if snippet.cut_before else ""
    text = before + clean(snippet.text) + ("…" if snippet.cut_after else "")
    spans = [Span(span.start + len(before), span.end + len(before)) for span in snippet.spans]
    if not screen.colour:
        return paragraph(bracketed(text, spans), screen, margin)
    room = UNWRAPPED if screen.width is None else screen.width - margin
    return [coloured(text, spans, a, b, screen) for a, b in lines(text, room)]


def bracketed(text: str, spans: Sequence[Span]) -> str:
    """`text` with its mentions in 【】, or in brackets that the text itself does not hold."""
    opening, closing = next((b for b in _BRACKETS if not set(b) & set(text)), _BRACKETS[0])
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], opening, text[span.start : span.end], closing]
        end = span.end
    return "".join((*parts, text[end:]))


def coloured(text: str, spans: Sequence[Span], start: int, end: int, screen: Screen) -> str:
    parts = []
    for span in spans:
        if start < span.end and span.start < end:
            parts.append(text[start : max(start, span.start)])
            stop = min(end, span.end)
            parts.append(screen.paint(text[max(start, span.start) : stop], Style.MARK))
            start = stop
    return "".join((*parts, text[start:end])).rstrip(" ")


def explained(explanation: Explanation, screen: Screen, depth: int = 0) -> Iterator[str]:
    """A score and what it is the sum of, a line each."""
    line = f"{'  ' * depth}{explanation.value:.3f}  {clean(explanation.label)}"
    yield screen.paint(line, Style.FAINT)
    for part in explanation.parts:
        yield from explained(part, screen, depth + 1)


def amount(results: Results) -> str:
    """How much was found."""
    items = ngettext("{n} item", "{n} items", results.total).format(n=results.total)
    if not results.mentions:
        return items
    mentions = ngettext("{n} mention", "{n} mentions", results.mentions).format(n=results.mentions)
    return _("{items}, {mentions}").format(items=items, mentions=mentions)


def summary(results: Results) -> str:
    """How much was found, and how much of it is shown."""
    found, shown, total = amount(results), len(results.hits), results.total
    if results.different:
        total = results.different
        alike = _("; {n} once those alike are shown once")
        if results.total > 1:
            found += alike.format(n=total) if total < results.total else _("; no two alike")
    if 0 < shown < total:
        found += _("; the first {shown} are shown (--all for every one)").format(shown=shown)
    return found
