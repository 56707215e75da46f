"""Where the sentences of a text begin and end.

A sentence ends after 。！？；… and the marks that close behind them. What stands in quotation marks
or brackets belongs to the sentence around it, however many sentences it has; a mark without its
partner counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

FULL = frozenset("。！？!?…｡")
PARTIAL = frozenset("；;")
"""What ends a part of a sentence that can stand alone; quoted alone, the sentence is cut."""
PAIRS = {
    "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", "（": "）", "(": ")",
    "〔": "〕", "【": "】", "［": "］", "[": "]", "｛": "｝", "{": "}",
}  # fmt: skip
QUOTES = frozenset("”’」』")
STRAIGHT = frozenset('"＂')
"""Quotation marks without a direction: the first opens, the second closes."""
_GOES_ON = frozenset("，、,：:；;）)》的")

Stretch = tuple[int, int]
"""A half-open range of code points."""


def pairs(text: str) -> list[Stretch]:
    """The places of opening and closing marks that belong together, in order of the closing one."""
    found: list[Stretch] = []
    opened: list[int] = []
    waiting = dict.fromkeys(PAIRS.values(), 0)
    straight: int | None = None
    for at, char in enumerate(text):
        if char in STRAIGHT:
            if straight is not None:
                found.append((straight, at))
            straight = at if straight is None else None
        elif char in PAIRS:
            opened.append(at)
            waiting[PAIRS[char]] += 1
        elif waiting.get(char):
            # what was opened since then stays without a partner
            while True:
                partner = opened.pop()
                closing = PAIRS[text[partner]]
                waiting[closing] -= 1
                if closing == char:
                    break
            found.append((partner, at))
    return found


def sentences(text: str) -> list[Stretch]:
    """The sentences of `text`, in order, without gaps."""
    outer = _outermost(text)
    found: list[Stretch] = []
    start = at = 0
    while at < len(text):
        closed = outer.get(at)
        if closed is not None:
            at = closed + 1
            quote = text[closed] in QUOTES or text[closed] in STRAIGHT
            over = quote and text[closed - 1] in FULL
        else:
            over = text[at] in FULL or text[at] in PARTIAL
            at += 1
        if not over:
            continue
        while at < len(text) and at not in outer and (
            text[at] in FULL or text[at] in QUOTES
        ):  # fmt: skip
            at += 1
        if at < len(text) and closed is not None and text[at] in _GOES_ON:
            continue
        found.append((start, at))
        start = at
    return [*found, (start, len(text))] if start < len(text) else found


def _outermost(text: str) -> dict[int, int]:
    """Pairs that stand in no other: opening to closing place. Those that cross are one."""
    outer: dict[int, int] = {}
    begun, end = 0, -1
    for opening, closing in sorted(pairs(text)):
        if opening > end:
            begun = opening
        if closing > end:
            outer[begun] = end = closing
    return outer


def around(text: str, start: int, end: int, count: int = 1) -> Stretch:
    """The sentences that `text[start:end]` touches, and more on both sides up to `count`, the
    following ones first."""
    return among(sentences(text), start, end, count) if text else (0, 0)


def among(found: Sequence[Stretch], start: int, end: int, count: int = 1) -> Stretch:
    """The same, of the sentences of a text that has some."""
    first = _holding(found, start)
    last = max(first, _holding(found, max(start, end - 1)))
    while last - first + 1 < min(count, len(found)):
        after = last + 1 < len(found)
        if after:
            last += 1
        if first and (not after or last - first + 1 < count):
            first -= 1
    return found[first][0], found[last][1]


def _holding(found: Sequence[Stretch], place: int) -> int:
    return next((n for n, (_, end) in enumerate(found) if place < end), len(found) - 1)
