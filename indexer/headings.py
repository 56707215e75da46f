"""Which lines begin a heading or an item, what is a heading, and how headings nest.

Nothing here knows a bulletin: the order of label styles is found in each file, and whether a
numbered line is a heading or a paragraph is seen from the line, what follows it, and its siblings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import zip_longest

from chabao.indexer import labels, nesting
from chabao.indexer.cleanup import Line
from chabao.indexer.labels import Label, Style
from chabao.indexer.layout import CLAUSE_END, SENTENCE, Layout, ends, is_open

PLAIN, BOLD, BRACKET, RUNNING_IN = "plain", "bold", "【】", "【】…"
"""Styles of headings without a number: a short line, a bold one, one in brackets, brackets with
text after them. A Markdown heading's is its level: #2. A plain one above a plain one is OUTER."""

RUN_IN = re.compile("【[^】。]{1,30}】")
ATTACHED = re.compile("附件\\d*(?:[:：].{0,40})?$")
CUT_HEADLINE = re.compile("关于(?!.*(?:通知|通报|报告|意见|方案|办法|规定|情况|简报|公告|函)$)")
"""The first line of a headline set in two."""
PUNCTUATED = re.compile("[。，；：！？,;:!?|]|\\.$")
HAN = re.compile("[\u4e00-\u9fff]")
WORD = re.compile("[\u4e00-\u9fff“《「\\d]")
DATED = re.compile(
    "(?:(?:\\d{4}年)?\\d{1,2}月|\\d{1,2}日|近日|日前|近期|近来|本周|上周|本月|上月|当日|今年以来|截至目前)"
    "[^，,。]{0,14}[，,]"
)
"""How a piece of news begins; no heading does."""
OPENING = re.compile(
    "编者按|近日|日前|近期|本周|上周|本月|上月|今年|截至|为|据|根据|按照|首先|\\d{4}年|\\d{1,2}[月日]"
)


class Role(Enum):
    HEADING = auto()
    ITEM = auto()
    UNSURE = auto()


@dataclass(slots=True)
class Chunk:
    """A line that begins something, and the lines up to the next such line.

    `style` is a label's, or an unnumbered heading's, or "" for text before any heading. `head`
    counts the lines that are its heading, 0 for an item; `run_in` the characters of a heading that
    shares its line with text.
    """

    lines: list[Line]
    style: str = ""
    label: Label | None = None
    head: int = 0
    run_in: int = 0
    block: int = 1
    siblings: int = field(default=0, compare=False)

    def rest(self, at: int) -> str:
        """A line's text without the label."""
        chars = self.lines[at].chars
        return chars[self.label.length :] if self.label and at == 0 else chars


def read(source: str, lines: Sequence[Line], layout: Layout) -> tuple[list[Chunk], list[str]]:
    """The chunks of a file's body, headings told from items, and its styles from outer to inner."""
    chunks = split(source, lines, layout)
    order = nesting.order([(c.style, c.label and c.label.number) for c in chunks if c.style])
    for chunk in chunks:
        chunk.block = _block(chunk, layout)
    _number_siblings(chunks, order)
    roles = [_judge(*pair, order) for pair in zip_longest(chunks, chunks[1:])]
    _settle(chunks, roles)
    return _with_notes(chunks), order


def split(source: str, lines: Sequence[Line], layout: Layout) -> list[Chunk]:
    """Lines to chunks."""
    chunks: list[Chunk] = []
    sequence = labels.Sequence({})
    for at, line in enumerate(lines):
        if chunks and chunks[-1].lines[-1] is line:
            continue
        before = lines[at - 1] if at else None
        label = _label(source, line, before, layout, sequence)
        if label:
            sequence.enter(label)
            chunks.append(Chunk([line], label.style, label))
        elif style := _unnumbered(lines, at, layout, chunks):
            if style == nesting.OUTER and CUT_HEADLINE.match(line.chars):
                chunks.append(Chunk([line, lines[at + 1]], PLAIN, head=2))
                continue
            run_in = RUN_IN.match(line.chars) if style == RUNNING_IN else None
            chunks.append(Chunk([line], style, head=1, run_in=run_in.end() if run_in else 0))
        elif chunks:
            chunks[-1].lines.append(line)
        else:
            chunks.append(Chunk([line]))
    return chunks


def _label(
    source: str, line: Line, before: Line | None, layout: Layout, sequence: labels.Sequence
) -> Label | None:
    label = labels.read(line.chars, source[line.text.offsets[0] : line.end])
    if label is None:
        return None
    marked = line.bullet or line.level > 0 or line.bold or line.indented
    ended = marked or before is None or ends(before.chars, CLAUSE_END)
    clean = ended or (before is not None and not _runs_on(before, layout))
    return label if sequence.accepts(label, clean=clean, ended=ended) else None


def _runs_on(line: Line, layout: Layout) -> bool:
    return is_open(line.chars) or (layout.is_full(line) and not line.level)


def _unnumbered(
    lines: Sequence[Line], at: int, layout: Layout, chunks: Sequence[Chunk]
) -> str:
    """The style of a heading without a number, or ""."""
    line, before = lines[at], lines[at - 1] if at else None
    text = line.chars
    if line.level and not SENTENCE.search(text):
        return f"{nesting.MARKED}{line.level}"
    if before and not ends(before.chars, CLAUSE_END) and not _is_heading_line(before, chunks, layout):
        return PLAIN if _heads_first_number(lines[at : at + 2], layout) else ""
    if run_in := RUN_IN.match(text):
        return BRACKET if run_in.end() == len(text) else RUNNING_IN
    if line.bold and len(text) <= 40 and not SENTENCE.search(text):
        return BOLD
    if ATTACHED.match(text) and before and not before.chars.endswith("附件"):
        return nesting.ATTACHED
    if not _is_short(line, layout, first=before is None):
        return ""
    following = lines[at + 1 : at + 3]
    if following and _begins_text(line, following[0], layout):
        return PLAIN
    pair = len(following) == 2 and _is_short(following[0], layout, first=False)
    return nesting.OUTER if pair and _begins_text(*following, layout) else ""


def _heads_first_number(lines: Sequence[Line], layout: Layout) -> bool:
    """Whether a line is so short that it is a heading even after a text without a full stop."""
    line, number = lines[0], labels.read(lines[1].chars, "") if len(lines) > 1 else None
    short = len(line.chars) <= 12 and _is_short(line, layout, first=False)
    return short and number is not None and number.number == 1


def _is_heading_line(line: Line, chunks: Sequence[Chunk], layout: Layout) -> bool:
    """Whether a line that ends no sentence may be a heading: it begins a chunk and is short."""
    chunk = chunks[-1] if chunks else None
    if not chunk or not chunk.style or len(chunk.lines) > 1:
        return False
    return not _runs_on(line, layout)


def _is_short(line: Line, layout: Layout, *, first: bool) -> bool:
    """A short line without punctuation; the headline above a text may be longer."""
    text = line.chars
    if PUNCTUATED.search(text) or len(HAN.findall(text)) < 2 or not WORD.match(text):
        return False
    if line.bullet or is_open(text) or not 2 <= len(text) <= (50 if first else 24):
        return False
    return not layout.is_full(line) or (first and layout.wrap is None)


def _begins_text(line: Line, following: Line, layout: Layout) -> bool:
    """Whether text or a first number stands under a short line."""
    text = following.chars
    numbered = labels.read(text, text)
    if (numbered and numbered.number == 1) or RUN_IN.match(text):
        return True
    if layout.is_full(line):
        return following.indented or bool(OPENING.match(text))
    return bool(
        SENTENCE.search(text)
        or following.width > max(30, 2 * line.width)
        or (layout.wrap and layout.is_full(following))
    )


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
