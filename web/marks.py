"""Text with its mentions marked, as HTML: the one place where markup is made around text."""

from __future__ import annotations

from markupsafe import Markup, escape

from chabao.search.results import Snippet


def marked(piece: Snippet) -> Markup:
    """A snippet's text, escaped, with its spans in <mark>."""
    parts: list[Markup] = []
    done = 0
    for span in piece.spans:
        parts += [escape(piece.text[done : span.start])]
        parts += [Markup("<mark>{}</mark>").format(piece.text[span.start : span.end])]
        done = span.end
    parts.append(escape(piece.text[done:]))
    return Markup("").join(parts)
