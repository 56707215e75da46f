"""The quotations of a manuscript, or its sentences, each with its place.

Quotation marks are paired over the whole text: “…”, 「…」, ‘…’, 『…』 and straight ones within a
paragraph. What is left unpaired is skipped, so that one forgotten mark hides no other quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain

from chabao.indexer.folding import is_latin, is_layout

LEAST = 8
"""Characters, layout aside, of the shortest quotation that is looked for."""
DEEPEST = 3
"""Quotations within quotations, the outermost counted."""
NARROWEST, WIDEST = 16, 60
"""Characters of the lines of a text that was wrapped."""
PAIRS = {"”": "“", "」": "「", "’": "‘", "』": "『", "﹂": "﹁", "﹄": "﹃"}
OPENING = frozenset(PAIRS.values())
STRAIGHT = frozenset('"＂')
_MARKS = re.compile(r'[“”「」‘’『』﹁﹂﹃﹄"＂]|\n[^\S\n]*\n')
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?…]+[”’」』）)]*|\n|$)")
_MARKUP = re.compile(
    r"^(?:\s*>)+[ \t]?|^[ \t]*#{1,6}[ \t]+|\[\^[^\]\n]{1,80}\]:?|(?<!\\)(?:\*{1,3}|_{2,3}|`+)"
)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


class Kind(StrEnum):
    """What a manuscript's places are counted by."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"


@dataclass(frozen=True, slots=True)
class Place:
    """A line, a paragraph, a note; numbers count from 1."""

    kind: Kind
    number: int


@dataclass(frozen=True, slots=True)
class Portion:
    """A text of its own: the body, a note, a cell; `lines` are its lines with the place of each."""

    lines: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks , and
    the quotations within."""

    text: str
    place: Place
    inner: tuple[Quotation, ...] = ()


def plain(text: str, markdown: bool = False) -> tuple[Portion, ...]:
    """The one portion of a text file; of Markdown without its marks."""
    lines = _LINE_END.split(text)
    if markdown:
        lines = [_MARKUP.sub("", _LINK.sub(r"\1", line)) for line in lines]
    places = ((Place(Kind.LINE, number), line) for number, line in enumerate(lines, 1))
    return (Portion(tuple(places)),)


def quotations(portions: Iterable[Portion]) -> Iterator[Quotation]:
    """Every quotation of `LEAST` characters up, outermost first."""
    for portion in portions:
        text, starts = _joined(portion)
        yield from _nested(_paired(text), text, portion, starts)


def sentences(portions: Iterable[Portion]) -> Iterator[Quotation]:
    """Every sentence of `LEAST` characters up. One goes on in the next line only where lines are
    filled, as in a file that was wrapped."""
    for portion in portions:
        text, starts = _joined(portion)
        text = _unwrapped(text)
        for match in _SENTENCE.finditer(text):
            sentence = match.group().strip()
            if _is_long(sentence):
                start = match.start() + match.group().index(sentence)
                yield Quotation(sentence, _place(portion, starts, start))


def _joined(portion: Portion) -> tuple[str, list[int]]:
    """The text of a portion, and where its lines begin."""
    lines = [line for _, line in portion.lines]
    return "\n".join(lines), list(accumulate((len(line) + 1 for line in lines), initial=0))


def _place(portion: Portion, starts: list[int], at: int) -> Place:
    return portion.lines[bisect_right(starts, at) - 1][0]


def _is_long(text: str) -> bool:
    return sum(not is_layout(char) for char in text) >= LEAST and any(map(str.isalnum, text))


def _paired(text: str) -> list[tuple[int, int]]:
    """What stands between marks that belong together, in order of where it begins."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    open_marks: Counter[str] = Counter()
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        wanted = '"' if mark in STRAIGHT else PAIRS.get(mark, "")
        if mark[0] == "\n":
            stack = [each for each in stack if each[0] != '"'] if open_marks['"'] else stack
            open_marks['"'] = 0
        elif mark in OPENING and not _goes_on(text, at, stack, mark):
            stack.append((mark, at))
            open_marks[mark] += 1
        elif open_marks[wanted]:
            while True:
                opened, start = stack.pop()
                open_marks[opened] -= 1
                if opened == wanted:
                    break
            if wanted != '"' or not all(map(_is_ascii, text[start + 1 : at])):
                found.append((start + 1, at))
        elif wanted == '"':
            stack.append((wanted, at))
            open_marks[wanted] += 1
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _is_ascii(char: str) -> bool:
    return is_latin(char) or char < "\x7f"


def _goes_on(text: str, at: int, stack: list[tuple[str, int]], mark: str) -> bool:
    """Whether a mark opens another paragraph of the quotation that is open: it is repeated there,
    and closed only once."""
    if not stack or stack[-1][0] != mark:
        return False
    line = text.rfind("\n", 0, at)
    return line > stack[-1][1] and not text[line + 1 : at].strip()


def _nested(
    spans: list[tuple[int, int]], text: str, portion: Portion, starts: list[int], depth: int = 1
) -> Iterator[Quotation]:
    """Disjoint or nested spans as quotations within quotations."""
    at = 0
    while at < len(spans):
        start, end = spans[at]
        within = at + 1
        while within < len(spans) and spans[within][0] < end:
            within += 1
        inside = spans[at + 1 : within] if depth < DEEPEST else []
        inner = tuple(_nested(inside, text, portion, starts, depth + 1))
        if _is_long(text[start:end]):
            yield Quotation(text[start:end], _place(portion, starts, start), inner)
        at = within


def _unwrapped(text: str) -> str:
    """A text with a space for the end of each line that is filled; as long as it was."""
    lines = text.split("\n")
    widest = max(map(len, lines))
    filled = [len(line) >= max(widest - 3, NARROWEST) for line in lines]
    if widest > WIDEST or 3 * sum(filled) < sum(map(bool, lines)) or sum(filled) < 3:
        return text
    ends = (" " if full else "\n" for full in filled)
    return "".join(chain.from_iterable(zip(lines, ends, strict=True)))[: len(text)]
