"""Which chunks are headings, and which are items.

A line that ends a sentence, or opens like a piece of news, is an item; a short one with text or
deeper numbers under it is a heading; where it does not show, siblings decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from itertools import zip_longest

from chabao.indexer import chunks as chunking
from chabao.indexer import nesting
from chabao.indexer.chunks import OPENING, PUNCTUATED, Chunk
from chabao.indexer.cleanup import Line
from chabao.indexer.labels import Style
from chabao.indexer.layout import SENTENCE, Layout, is_open

DATED = re.compile(
    "(?:(?:\\d{4}年)?\\d{1,2}月|\\d{1,2}日|近日|日前|近期|近来|本周|上周|本月|上月|当日|今年以来|截至目前)"
    "[^，,。]{0,14}[，,]"
)
"""How a piece of news begins; no heading does."""


class Role(Enum):
    HEADING = auto()
    ITEM = auto()
    UNSURE = auto()


def read(source: str, lines: Sequence[Line], layout: Layout) -> tuple[list[Chunk], list[str]]:
    """The chunks of a file's body, headings told from items, and its styles from outer to inner."""
    chunks = chunking.split(source, lines, layout)
    order = nesting.order(
        [
            (chunk.style, chunk.label.number if chunk.label else None)
            for chunk in chunks
            if chunk.style
        ]
    )
    for chunk in chunks:
        chunk.block = _block(chunk, layout)
    _number_siblings(chunks, order)
    roles = [_judge(*pair, order) for pair in zip_longest(chunks, chunks[1:])]
    _settle(chunks, roles)
    return _with_notes(chunks), order


def _block(chunk: Chunk, layout: Layout) -> int:
    """How many lines the paragraph with which a chunk begins has."""
    lines = chunk.lines
    count = 1
    while count < len(lines) and (
        layout.goes_on(lines[count - 1], lines[count]) or not chunk.rest(count - 1)
    ):
        count += 1
    return count


def _number_siblings(chunks: Sequence[Chunk], order: Sequence[str]) -> None:
    """Give the chunks of one style under one parent one number."""
    running: dict[str, int] = {}
    for at, chunk in enumerate(chunks):
        if chunk.style:
            rank = order.index(chunk.style)
            running = {style: n for style, n in running.items() if order.index(style) <= rank}
            if chunk.label and chunk.label.number == 1:
                running.pop(chunk.style, None)
            chunk.siblings = running.setdefault(chunk.style, at)


def _judge(chunk: Chunk, following: Chunk | None, order: Sequence[str]) -> Role:
    """What a chunk is, as far as it shows by itself."""
    if not chunk.label:
        return Role.HEADING if chunk.style else Role.ITEM
    first = chunk.rest(0)
    text = "".join(chunk.rest(at) for at in range(chunk.block))
    body = len(chunk.lines) > chunk.block
    deeper = following is not None and order.index(following.style) > order.index(chunk.style)
    if chunk.style in (Style.CIRCLED, Style.ARTICLE) or SENTENCE.search(first):
        return Role.ITEM
    if DATED.match(text) or is_open(text) or not (body or deeper or chunk.block > 1):
        return Role.ITEM
    if chunk.lines[0].level or chunk.lines[0].bold:
        return Role.HEADING
    if SENTENCE.search(text):
        return Role.ITEM if PUNCTUATED.search(first) else Role.UNSURE
    if not (body or deeper):
        return Role.ITEM
    return Role.UNSURE if PUNCTUATED.search(text) and not deeper else Role.HEADING


def _settle(chunks: Sequence[Chunk], roles: Sequence[Role]) -> None:
    """Let siblings decide what does not show, and count the lines of each heading."""
    votes = Counter(zip((chunk.siblings for chunk in chunks), roles, strict=True))
    for chunk, role in zip(chunks, roles, strict=True):
        text = "".join(chunk.rest(line) for line in range(chunk.block))
        if role is Role.UNSURE:
            heading = votes[chunk.siblings, Role.HEADING] - votes[chunk.siblings, Role.ITEM]
            if heading > 0 or (heading == 0 and _looks_like_heading(chunk, text)):
                chunk.head = 1 if SENTENCE.search(text) else chunk.block
        elif role is Role.HEADING and chunk.label:
            chunk.head = 1 if chunk.lines[0].level else chunk.block


def _looks_like_heading(chunk: Chunk, text: str) -> bool:
    if len(text) <= 32:
        return True
    return len(chunk.lines) > 1 and OPENING.match(chunk.lines[1].chars) is not None


def _with_notes(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Put ①②③ that divide a numbered item back into it."""
    found: list[Chunk] = []
    for chunk in chunks:
        owner = found[-1] if found else None
        if (
            chunk.style == Style.CIRCLED
            and owner
            and owner.label
            and not owner.head
            and owner.style != Style.CIRCLED
        ):
            owner.lines += chunk.lines
        else:
            found.append(chunk)
    return found
