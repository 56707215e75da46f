"""How the label styles of a file nest, found in each file.

One style lies in another if it begins anew between two consecutive numbers of the other; where
nothing shows it, the order of official documents holds. Headings without a number lie in what is
open where the first of them stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chabao.indexer.labels import Style

MARKED = "#"
"""What the style of a Markdown heading begins with; its level follows."""
OUTER = "plain above plain"
"""The style of a short unnumbered heading with another right under it."""


GROUP, ATTACHED = "group", "附件"
"""The styles of headings that are in no section: one with sections of its own, an attachment's."""


def order(labelled: Sequence[tuple[str, int | None]]) -> list[str]:
    """The styles of a file from the outermost to the innermost.

    Takes style and number (None for a heading without one) in the order of the file.
    """
    numbered = [(style, number) for style, number in labelled if number is not None]
    inside = _restarts(numbered)
    used = {style for style, _ in numbered}
    styles = [style for style in Style if style in used]
    depth = {
        style: sum(inside[style, other] > inside[other, style] for other in styles)
        for style in styles
    }
    found: list[str] = [*sorted(styles, key=depth.__getitem__)]
    _place_unnumbered([style for style, _ in labelled], found)
    return found


def _restarts(numbered: Sequence[tuple[str, int]]) -> Counter[tuple[str, str]]:
    """How often the first of one style stands between two consecutive numbers of another."""
    found: Counter[tuple[str, str]] = Counter()
    last: dict[str, int] = {}
    begun: dict[str, Counter[str]] = {}
    for style, number in numbered:
        if last.get(style) == number - 1:
            for inner, times in begun[style].items():
                found[inner, style] += times
        last[style] = number
        begun[style] = Counter()
        if number == 1:
            for other in begun.keys() - {style}:
                begun[other][style] += 1
    return found


def _place_unnumbered(styles: Sequence[str], order: list[str]) -> None:
    path: list[str] = []
    for style in styles:
        if style not in order:
            # A Markdown heading of a higher level is not inside one of a lower.
            if style.startswith(MARKED):
                path = [outer for outer in path if not outer.startswith(MARKED) or outer < style]
            if style == OUTER:
                path = [outer for outer in path if outer in [*Style]]
            elif style in (GROUP, ATTACHED):
                path = [outer for outer in path if outer == OUTER and style == GROUP]
            order.insert(order.index(path[-1]) + 1 if path else 0, style)
        rank = order.index(style)
        path = [*(outer for outer in path if order.index(outer) < rank), style]
