"""Text with its mentions marked, as HTML: the one place where markup is made around text."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from chabao.search.output.text import clean
from chabao.search.query import Span
from chabao.search.results import Snippet

CONTEXT = 24
"""Characters of the query shown on either side of a mistake, at most."""


def marked(piece: Snippet) -> Markup:
    """A snippet's text, escaped, with its spans in <mark>."""
    return whole(piece.text, piece.spans)


def whole(text: str, spans: Sequence[Span], passage: Span | None = None) -> Markup:
    """A text, escaped, with its spans in <mark>: in order, not overlapping.

    The passage that an address names is marked too, and can be gone to as #m.
    """
    parts: list[Markup] = []
    done = 0
    for span in _with(spans, passage):
        named = passage is not None and span.start <= passage.start < span.end
        opening = Markup('<mark id="m">') if named else Markup("<mark>")
        parts += [_text(text[done : span.start]), opening]
        parts += [_text(text[span.start : span.end]), Markup("</mark>")]
        done = span.end
    return Markup("").join([*parts, _text(text[done:])])


def _with(spans: Sequence[Span], passage: Span | None) -> list[Span]:
    """The spans and the passage as one mark where they overlap."""
    if passage is None:
        return list(spans)
    over = [span for span in spans if span.start < passage.end and passage.start < span.end]
    joined = Span(
        min([passage.start, *(span.start for span in over)]),
        max([passage.end, *(span.end for span in over)]),
    )
    return sorted([joined, *(span for span in spans if span not in over)])


def pointed(line: str, span: Span) -> Markup:
    """The query about a mistake, with the mistake in an element of its own."""
    first, last = max(0, span.start - CONTEXT), min(len(line), max(span.end, span.start) + CONTEXT)
    end = min(span.end, span.start + 2 * CONTEXT)
    last = min(last, end + CONTEXT)
    return Markup('{}{}<span class="wrong">{}</span>{}{}').format(
        "…" if first else "", clean(line[first : span.start]), clean(line[span.start : end]),
        clean(line[end:last]), "…" if last < len(line) else "",
    )  # fmt: skip


def _text(text: str) -> Markup:
    return escape(clean(text))
