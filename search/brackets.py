"""Which brackets and quotes of a line are operators, and which are text that was pasted.

A pair of brackets groups where it stands apart from text: (川渝通办 OR 省内通办) 文旅厅. A pair
that touches text and holds no white space is text: 厅（局）长进大厅, （1）近日. A bracket without a
partner is text inside a term and a mistake at its edge. Time is linear, whatever the line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OPENING = "(（"
CLOSING = ")）"
BARRIERS = "|｜"
DOUBLE = '"“”„‟＂'
QUOTES = {"「": "」", "『": "』", "“": '”‟＂"', "„": '”‟“＂"'} | dict.fromkeys('"”‟＂', DOUBLE)
"""Opening quote to the characters that close it; styles of the double quote mix."""

BREAK = re.compile(rf"[\s{BARRIERS}]")
"""Where a term ends, whatever it is."""
BRACKET = re.compile(f"[{OPENING}{CLOSING}]")


class Line:
    """A query as typed, with the places where terms can end and quotes close."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [sign.start() for sign in BREAK.finditer(text)]
        self._closers: dict[str, list[int]] = {}

    def closer(self, at: int) -> int | None:
        """The place that closes a quote opened at `at`; None where nothing opens or closes."""
        closing = QUOTES.get(self.text[at])
        if closing is None:
            return None
        found = following(self.closers(closing), at + 1)
        # “川渝通办“ is a slip of the keyboard, where nothing better closes the quote.
        wanted = found is None and closing not in "」』"
        return following(self.closers(DOUBLE), at + 1) if wanted else found

    def closers(self, closing: str) -> list[int]:
        """Where these characters stand. Inside 『…』 a doubled 』 stands for itself, so that any
        text can be quoted."""
        if closing not in self._closers:
            runs = re.finditer("』+" if closing == "』" else f"[{closing}]", self.text)
            self._closers[closing] = [run.end() - 1 for run in runs if len(run[0]) % 2]
        return self._closers[closing]

    def next_break(self, at: int) -> int:
        """The first white space or bar from `at` on, or the end."""
        found = following(self.breaks, at)
        return len(self.text) if found is None else found

    def is_quoted(self, start: int, closer: int, end: int) -> bool:
        """A quote is an operator if the term ends with it, or if it holds white space."""
        return closer + 1 == end or self.next_break(start) < closer


def following(places: list[int], at: int) -> int | None:
    index = bisect_left(places, at)
    return places[index] if index < len(places) else None


def is_balanced(text: str) -> bool:
    """Whether every bracket of a text has its partner there."""
    depth = 0
    for sign in BRACKET.findall(text):
        depth += 1 if sign in OPENING else -1
        if depth < 0:
            return False
    return not depth


@dataclass(frozen=True, slots=True)
class Brackets:
    """The brackets of a line by their part in it, as offsets; those in none are text.

    `depth` is the deepest nesting and `deepest` a place where it is reached.
    """

    opening: frozenset[int] = frozenset()
    closing: frozenset[int] = frozenset()
    alone: frozenset[int] = frozenset()
    depth: int = 0
    deepest: int = 0

    def groups(self, at: int) -> bool:
        return at in self.opening or at in self.closing


def brackets(line: Line, prefix: Callable[[str, int], int], limit: int) -> Brackets:
    """The brackets of a line. `prefix(text, at)` is where the operators before a term at `at` end.
    Nesting beyond `limit` is only counted."""
    if not BRACKET.search(line.text):
        return Brackets()
    pairs, alone, depth, deepest = paired(line, prefix)
    if depth > limit:
        return Brackets(depth=depth, deepest=deepest)
    grouping = {start: end for start, end in pairs.items() if line.next_break(start) < end}
    cuts = sorted([*line.breaks, *grouping, *grouping.values()])
    stretches = list(zip([-1, *cuts], [*cuts, len(line.text)], strict=True))
    while stretches:
        start, end = stretches.pop()
        outermost = standing_apart(prefix(line.text, start + 1), end, pairs, alone)
        grouping.update(outermost)
        stretches.extend(outermost)
    return Brackets(
        frozenset(grouping), frozenset(grouping.values()), frozenset(alone), depth, deepest
    )


def paired(
    line: Line, prefix: Callable[[str, int], int]
) -> tuple[dict[int, int], set[int], int, int]:
    """Each opening bracket with its partner, those without, and the deepest nesting."""
    pairs: dict[int, int] = {}
    alone: set[int] = set()
    waiting: list[tuple[int, int]] = []
    depth = deepest = 0
    for at in unquoted(line, prefix):
        if line.text[at] in OPENING:
            waiting.append((at, 0))
        elif not waiting:
            alone.add(at)
        else:
            start, height = waiting.pop()
            pairs[start] = at
            if height >= depth:
                depth, deepest = height + 1, start
            if waiting:
                outer, inner = waiting[-1]
                waiting[-1] = (outer, max(inner, height + 1))
    return pairs, alone.union(start for start, _ in waiting), depth, deepest


def unquoted(line: Line, prefix: Callable[[str, int], int]) -> Iterator[int]:
    """The brackets that no quoted string hides."""
    text, done = line.text, 0
    starts = {opened(text, at, prefix) for at in (0, *(at + 1 for at in line.breaks))}
    for sign in re.finditer(r"[()（）\"“”„‟＂「『]", text):
        at = sign.start()
        if at < done:
            continue
        if text[at] in OPENING or text[at] in CLOSING:
            yield at
        elif at in starts and (closer := line.closer(at)) is not None:
            end = line.next_break(closer)
            closed = closer + 1 < end and text[closer + 1] in CLOSING
            if closed or line.is_quoted(at, closer, end):
                done = closer + 1


def opened(text: str, at: int, prefix: Callable[[str, int], int]) -> int:
    """Where a term that begins at `at` has its first character, past operators and brackets."""
    while (end := prefix(text, at)) < len(text) and text[end] in OPENING:
        at = end + 1
    return end


def standing_apart(
    start: int, end: int, pairs: dict[int, int], alone: set[int]
) -> list[tuple[int, int]]:
    """The outermost pairs of a stretch, if they are all that stands in it; else none."""
    found = []
    while start < end:
        if start in alone:
            start += 1
            continue
        closing = pairs.get(start)
        if closing is None:
            return []
        found.append((start, closing))
        start = closing + 1
    return found
