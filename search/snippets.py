"""Cuts: which pieces of an item's text to show, and where the mentions stand in them.

A window is a piece of text around one mention: its sentence, where that fits the width; else its
clause; else a bare stretch. Short ones take in their neighbours, for context.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chabao.search.query import Span
from chabao.search.results import Snippet

_CLOSING = "”’」』）】》〉)\\]\"'"
_SENTENCE_END = re.compile(f"[。！？；…!?;]+[{_CLOSING}]*")
_CLAUSE_END = re.compile(f"[，：,:]+[{_CLOSING}]*")
_PAUSE = re.compile(f"、[{_CLOSING}]*")


def snippets(
    text: str, spans: Sequence[Span], limit: int = 3, width: int = 120
) -> tuple[Snippet, ...]:
    """At most `limit` pieces of `text`, those with the most mentions, in text order.

    `spans` are the mentions in `text`, in any order, overlapping or not. A piece is at most
    `width` characters long, or as long as the mention it is about; pieces that touch are joined.
    Without mentions it is the opening of the text.
    """
    if not text or limit < 1:
        return ()
    marks = merged(spans)
    breaks = _Breaks(text, width)
    starts = [mark.start for mark in marks]
    windows = _windows(marks, starts, breaks) if marks else [breaks.around(Span(0, 1), 0)]
    if len(windows) > limit:
        windows.sort(key=lambda window: (-len(_inside(starts, window)), window))
        windows = sorted(windows[:limit])
    return tuple(
        Snippet(
            text=text[window.start : window.end],
            spans=tuple(_moved(marks[at], -window.start) for at in _inside(starts, window)),
            offset=window.start,
            cut_before=not _is_cut(breaks.sentences, window.start),
            cut_after=not _is_cut(breaks.sentences, window.end),
        )
        for window in _joined(windows)
    )


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same characters as disjoint spans in order; mentions that only touch stay two."""
    marks: list[Span] = []
    for span in sorted(spans):
        if marks and span.start < marks[-1].end:
            if span.end > marks[-1].end:
                marks[-1] = Span(marks[-1].start, span.end)
        elif span.start < span.end:
            marks.append(span)
    return marks


class _Breaks:
    """Where a text may be cut: after its sentences, and after its clauses."""

    def __init__(self, text: str, width: int) -> None:
        self.width = width
        self.size = len(text)
        self.sentences = [0, *(m.end() for m in _SENTENCE_END.finditer(text))]
        if self.sentences[-1] != self.size:
            self.sentences.append(self.size)
        self.text = text
        self._fine: tuple[list[int], ...] = ()

    def around(self, mark: Span, floor: int) -> Span:
        """The window about `mark` that begins at `floor` or later."""
        for cuts in self._finer():
            window = self._whole(mark, cuts, floor)
            if window.end - window.start <= self.width:
                return window
        return self._stretch(mark, window)

    def _finer(self) -> Iterator[list[int]]:
        """Places to cut, ever more of them; most texts need but the first."""
        yield self.sentences
        if not self._fine:
            clauses = {*self.sentences, *(m.end() for m in _CLAUSE_END.finditer(self.text))}
            pauses = clauses.union(m.end() for m in _PAUSE.finditer(self.text))
            self._fine = (sorted(clauses), sorted(pauses))
        yield from self._fine

    def _whole(self, mark: Span, cuts: list[int], floor: int) -> Span:
        """The units that hold `mark`, and neighbours while it is short and they fit."""
        left = bisect_right(cuts, mark.start) - 1
        right = bisect_left(cuts, mark.end, left + 1)
        start, end = max(cuts[left], floor), cuts[right]
        while end - start < self.width // 2:
            if right + 1 < len(cuts) and cuts[right + 1] - start <= self.width:
                right += 1
            elif left > 0 and cuts[left - 1] >= floor and end - cuts[left - 1] <= self.width:
                left -= 1
                start = cuts[left]
            else:
                break
            end = cuts[right]
        return Span(start, end)

    def _stretch(self, mark: Span, room: Span) -> Span:
        """As much of `room` as the width allows, with `mark` in the middle, never cut."""
        spare = max(0, self.width - (mark.end - mark.start))
        start = max(room.start, mark.start - spare // 2)
        end = min(room.end, max(mark.end, start + self.width))
        return Span(max(room.start, min(start, mark.start, end - self.width)), end)


def _windows(marks: list[Span], starts: list[int], breaks: _Breaks) -> list[Span]:
    """Disjoint windows in order that hold every mark and cut none."""
    windows: list[Span] = []
    floor = 0
    for mark in marks:
        if mark.end <= floor:
            continue
        window = breaks.around(mark, floor)
        last = marks[bisect_left(starts, window.end) - 1]
        if last.end > window.end:
            window = Span(window.start, last.start)
        windows.append(window)
        floor = window.end
    return windows


def _inside(starts: list[int], window: Span) -> range:
    """Which of the marks that begin at `starts` stand in `window`."""
    return range(bisect_left(starts, window.start), bisect_left(starts, window.end))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _joined(windows: list[Span]) -> list[Span]:
    joined = windows[:1]
    for before, window in pairwise(windows):
        if before.end == window.start:
            joined[-1] = Span(joined[-1].start, window.end)
        else:
            joined.append(window)
    return joined


def _is_cut(cuts: list[int], place: int) -> bool:
    at = bisect_left(cuts, place)
    return at < len(cuts) and cuts[at] == place
