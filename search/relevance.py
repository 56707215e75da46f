"""Which places of a related item say most of a question: its snippets are cut about them."""

from __future__ import annotations

from collections.abc import Sequence

from chabao.indexer.folding import fold_text
from chabao.search.query import Span

SHORTEST = 2
"""Characters of a stretch that says something of the question."""


def focus(text: str, question: Sequence[str]) -> list[Span]:
    """Where the longest stretches of the folded question stand in an item's text.

    A stretch half as long as the longest still counts, so that a question in two parts shows both.
    """
    folded = fold_text(text)
    stretches = {stretch for part in question for stretch in shared(part, folded)}
    least = max(map(len, stretches), default=0) / 2
    return [
        Span(at, at + len(stretch))
        for stretch in sorted(stretches)
        if len(stretch) >= least
        for at in places(stretch, folded)
    ]


def shared(part: str, folded: str) -> list[str]:
    """The stretches of a question that stand in a text, none of them part of the next."""
    found, end = [], 0
    for start in range(len(part) - SHORTEST + 1):
        longest = max(end, start + SHORTEST - 1)
        while longest < len(part) and part[start : longest + 1] in folded:
            longest += 1
        if longest > max(end, start + SHORTEST - 1):
            found.append(part[start:longest])
            end = longest
    return found


def places(stretch: str, folded: str) -> list[int]:
    found, at = [], folded.find(stretch)
    while at >= 0:
        found.append(at)
        at = folded.find(stretch, at + len(stretch))
    return found
