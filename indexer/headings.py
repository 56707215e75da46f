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

from chabao.indexer import labels
from chabao.indexer.cleanup import Line
from chabao.indexer.labels import Label, Style
from chabao.indexer.layout import CLAUSE_END, SENTENCE, Layout, ends, is_open

PLAIN, BOLD, BRACKET, MARKED = "plain", "bold", "bracket", "#"
"""Styles of headings without a number; a Markdown heading's has its level: #2."""

RUN_IN = re.compile("【[^】。]{1,30}】")
PUNCTUATED = re.compile("[。，；：！？,;:!?|]|\\.$")  # noqa: RUF001
HAN = re.compile("[\u4e00-\u9fff]")
DATED = re.compile(
    "(?:(?:\\d{4}年)?\\d{1,2}月|\\d{1,2}日|近日|日前|近期|近来|本周|上周|本月|上月|当日|今年以来|截至目前)"
    "[^，,。]{0,14}[，,]"  # noqa: RUF001
)
"""How a piece of news begins; no heading does."""
OPENING = re.compile(
    "近日|日前|近期|本周|上周|本月|上月|今年|截至|为|据|根据|按照|首先|\\d{4}年|\\d{1,2}[月日]"
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
    order = nesting(chunks)
    for chunk in chunks:
        chunk.block = _block(chunk, layout)
    _number_siblings(chunks, order)
    following = [*chunks[1:], None]
    roles = [_judge(*pair, order) for pair in zip(chunks, following, strict=True)]
    _settle(chunks, roles)
    return _with_notes(chunks), order


def split(source: str, lines: Sequence[Line], layout: Layout) -> list[Chunk]:
    """Lines to chunks."""
    chunks: list[Chunk] = []
    sequence = labels.Sequence({})
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        following = lines[at + 1] if at + 1 < len(lines) else None
        label = _label(source, line, before, layout, sequence)
        if label:
            sequence.enter(label)
            chunks.append(Chunk([line], label.style, label))
        elif style := _unnumbered(line, before, following, layout, chunks):
            run_in = RUN_IN.match(line.chars) if style == BRACKET else None
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
    line: Line, before: Line | None, following: Line | None, layout: Layout, chunks: list[Chunk]
) -> str:
    """The style of a heading without a number, or ""."""
    text = line.chars
    if line.level and not SENTENCE.search(text):
        return f"{MARKED}{line.level}"
    if before and not ends(before.chars, CLAUSE_END) and not _is_heading_line(before, chunks):
        return ""
    if RUN_IN.match(text):
        return BRACKET
    if line.bold and len(text) <= 40 and not SENTENCE.search(text):
        return BOLD
    return PLAIN if following and _is_plain(line, following, layout) else ""


def _is_heading_line(line: Line, chunks: list[Chunk]) -> bool:
    """Whether a line that ends no sentence may be a heading: it begins a chunk and is short."""
    chunk = chunks[-1] if chunks else None
    return bool(chunk and chunk.style and chunk.lines[-1] is line and len(chunk.lines) == 1)


def _is_plain(line: Line, following: Line, layout: Layout) -> bool:
    """A short line without punctuation before text or a number."""
    text = line.chars
    if not 2 <= len(text) <= 24 or PUNCTUATED.search(text) or len(HAN.findall(text)) < 2:
        return False
    if layout.is_full(line) or is_open(text) or line.bullet or not HAN.match(text):
        return False
    numbered = labels.read(following.chars, following.chars)
    return bool(
        (numbered and numbered.number == 1)
        or SENTENCE.search(following.chars)
        or following.width > max(30, 2 * line.width)
        or (layout.wrap and layout.is_full(following))
    )


def nesting(chunks: Sequence[Chunk]) -> list[str]:
    """The styles of a file from the outermost to the innermost.

    One lies in another if it begins anew between two consecutive numbers of the other; where
    nothing shows it, the order of official documents holds. Headings without a number lie in what
    is open where the first of them stands.
    """
    numbered = [(chunk.style, chunk.label.number) for chunk in chunks if chunk.label]
    inside = _restarts(numbered)
    styles = [style for style in Style if any(found == style for found, _ in numbered)]
    outer = Counter(
        {
            style: sum(inside[style, other] > inside[other, style] for other in styles)
            for style in styles
        }
    )
    order: list[str] = [*sorted(styles, key=lambda style: outer[style])]
    _place_unnumbered(chunks, order)
    return order


def _restarts(numbered: Sequence[tuple[str, int]]) -> Counter[tuple[str, str]]:
    """How often the first of one style stands between two consecutive numbers of another."""
    found: Counter[tuple[str, str]] = Counter()
    last: dict[str, int] = {}
    begun: dict[str, Counter[str]] = {}
    for style, number in numbered:
        if last.get(style) == number - 1:
            for inner, times in begun.get(style, Counter()).items():
                found[inner, style] += times
        last[style] = number
        begun[style] = Counter()
        if number == 1:
            for other in begun:
                if other != style:
                    begun[other][style] += 1
    return found


def _place_unnumbered(chunks: Sequence[Chunk], order: list[str]) -> None:
    current: list[str] = []
    for chunk in chunks:
        style = chunk.style
        if not style:
            continue
        if style not in order:
            # A Markdown heading of a higher level is not inside one of a lower.
            if style.startswith(MARKED):
                current = [x for x in current if not x.startswith(MARKED) or x < style]
            place = order.index(current[-1]) + 1 if current else 0
            order.insert(place, style)
        rank = order.index(style)
        current = [x for x in current if order.index(x) < rank]
        current.append(style)


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
    if PUNCTUATED.search(text) and len(text) > 32:
        return Role.HEADING if deeper else Role.UNSURE
    return Role.HEADING


def _settle(chunks: Sequence[Chunk], roles: Sequence[Role]) -> None:
    """Let siblings decide what does not show, and count the lines of each heading."""
    votes = Counter(zip((chunk.siblings for chunk in chunks), roles, strict=True))
    for chunk, role in zip(chunks, roles, strict=True):
        if role is Role.UNSURE:
            heading = votes[chunk.siblings, Role.HEADING]
            item = votes[chunk.siblings, Role.ITEM]
            if heading == item:
                opens = len(chunk.lines) > 1 and OPENING.match(chunk.lines[1].chars)
                heading += bool(opens)
            chunk.head = int(heading > item)
        elif role is Role.HEADING and chunk.label:
            chunk.head = chunk.block if not chunk.lines[0].level else 1


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
