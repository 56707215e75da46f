"""How a file's lines make paragraphs: where it wraps, and which line goes on in the next.

A file is wrapped if its long lines are all about as long as the longest; otherwise a line is a
paragraph, and only page breaks cut one in two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chabao.indexer.cleanup import Line
from chabao.indexer.ledger import Kind, Ledger

SENTENCE_END = "。！？!?…"
CLAUSE_END = SENTENCE_END + "；;：:"
CLOSERS = "”’」』）)】》〉\"'"
SENTENCE = re.compile("[。！？!?；;]")
BROAD = 44
"""Cells from which a line of an unwrapped file may be the beginning of a cut paragraph."""
INDENTED = 4
"""Cells by which the first line of a paragraph is indented."""
FEW = 50
"""A wrapped file has one line in so many that is longer, if any: below columns, say."""
OPENERS = "“‘「『（(【《〈"
PAIRS = dict(zip("“‘「『（(【《〈", "”’」』）)】》〉", strict=True))
RUNS_ON = "，,、（(“‘《【「—"
"""What a line that ends a paragraph or a heading does not end with."""

NEVER_DOUBLED = frozenset(
    "组局厅处会校院州市县省部科委办团队站所区乡镇村"
    "中上下内外后前里的了在和与及或等为对向从由于把被给以到就也都是不又再还"
)
"""Before its double they end a phrase: 纪检监察组|组长, 工作中|中心领导."""


def ends(text: str, marks: str) -> bool:
    return text.rstrip(CLOSERS)[-1:] in marks if text.rstrip(CLOSERS) else False


def ends_sentence(text: str) -> bool:
    return ends(text, SENTENCE_END)


def is_open(text: str) -> bool:
    """Whether a text stops in the middle: at a comma, or inside quotes or brackets."""
    if text[-1:] in RUNS_ON:
        return True
    return any(text.count(left) > text.count(right) for left, right in PAIRS.items())


@dataclass(frozen=True, slots=True)
class Layout:
    """`wrap` is the width in cells at which lines are wrapped, None where they are not; `indents`
    says that the first lines of paragraphs are indented, and others are not."""

    wrap: int | None
    indents: bool = False

    def is_full(self, line: Line) -> bool:
        """Whether a line is so long that its paragraph may go on in the next."""
        if self.wrap is None:
            return line.width >= BROAD
        return line.width + INDENTED * line.indented >= self.wrap - max(6, self.wrap // 8)

    def goes_on(self, line: Line, following: Line) -> bool:
        """Whether the paragraph of a line goes on in the next."""
        if following.bullet or following.level or line.level:
            return False
        if is_open(line.chars):
            return True
        if ends_sentence(line.chars):
            return self.wrap is not None and self.is_full(line) and not following.indented
        return self.is_full(line) and not (self.indents and following.indented)

    def paragraphs(self, lines: Sequence[Line]) -> list[list[Line]]:
        """Lines put together; a line that ends no sentence goes on where text follows."""
        found: list[list[Line]] = []
        for line in lines:
            before = found[-1][-1] if found else None
            if before and (self.goes_on(before, line) or self._cut(before, line)):
                found[-1].append(line)
            else:
                found.append([line])
        return found

    def _cut(self, line: Line, following: Line) -> bool:
        return following.top and not ends(line.chars, CLAUSE_END)


def measure(lines: Sequence[Line]) -> Layout:
    """Where a file's lines are wrapped, from the lines that end no sentence."""
    open_ended = [line.width for line in lines if not ends(line.chars, CLAUSE_END)]
    if len(open_ended) < 4:
        return Layout(None)
    wrap = sorted(open_ended)[len(open_ended) * 4 // 5]
    longer = [line for line in lines if line.width > wrap * 1.2 + 4]
    near = [line for line in lines if wrap * 0.85 <= line.width <= wrap * 1.15]
    few = len(longer) * FEW <= len(lines)
    wrapped = 24 <= wrap <= 140 and few and len(near) * 4 >= len(lines)
    indented = sum(line.indented for line in lines)
    indents = 2 < indented < len(lines) * 3 // 4
    return Layout(wrap, indents) if wrapped and len(near) > 2 else Layout(None)


Cut = Callable[[str], list[str]]


def drop_doubled(
    ledger: Ledger, lines: Sequence[Line], layout: Layout, cut: Callable[[], Cut]
) -> dict[int, int]:
    """Enter a character that was printed both before and after a page break (经 / 经济社会发展).

    Only where dropping it gives the likelier words: alone it is a word that goes with nothing, and
    without it all characters are in longer words. `cut` is fetched only if there is such a place.
    Returns the lines concerned: index to the offset dropped.
    """
    found: dict[int, int] = {}
    for at, (line, following) in enumerate(pairwise(lines)):
        char = line.chars[-1]
        if char != following.chars[0] or not "\u4e00" <= char <= "\u9fff":
            continue
        if not (following.top or (layout.wrap is None and layout.is_full(line))):
            continue
        if char not in NEVER_DOUBLED and _is_doubled(line.chars[-12:], following.chars, cut()):
            ledger.drop(line.text.offsets[-1], line.text.offsets[-1] + 1, Kind.DOUBLED)
            found[at] = line.text.offsets[-1]
    return found


def _is_doubled(before: str, after: str, cut: Cut) -> bool:
    twice, once = cut(before + after[:12]), cut(before[:-1] + after[:12])
    place = len(before) - 1
    at = 0
    for word in twice:
        if at == place:
            break
        at += len(word)
    else:
        return False
    return word == before[-1] and len(once) < len(twice) and _inside(once, place)


def _inside(words: list[str], place: int) -> bool:
    """Whether the character at a place begins a word of several."""
    at = 0
    for word in words:
        if at == place:
            return len(word) > 1
        at += len(word)
    return False
