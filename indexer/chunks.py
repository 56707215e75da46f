"""Lines to chunks: each begins with a number or a heading, and goes on to the next.

Nothing here knows a bulletin: what begins something is seen from the line and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chabao.indexer import dates, labels, nesting
from chabao.indexer.cleanup import Line
from chabao.indexer.labels import Label, Style
from chabao.indexer.layout import CLAUSE_END, SENTENCE, Layout, ends, is_open

PLAIN, BOLD, BRACKET, RUNNING_IN = "plain", "bold", "【】", "【】…"
"""Styles of headings without a number: a short line, a bold one, one in brackets, brackets with
text after them. A Markdown heading's is its level: #2. A plain one above a plain one is OUTER,
one above 一、 is a GROUP: 公共资源交易工作, with its own days and sections."""
COVERED = re.compile(rf"[（(](?:{dates.RANGE.pattern})[）)]")

RUN_IN = re.compile("【[^】。]{1,30}】")
ATTACHED = re.compile("附件\\d*(?:[:：].{0,40})?$")
CUT_HEADLINE = re.compile("关于(?!.*(?:通知|通报|报告|意见|方案|办法|规定|情况|简报|公告|函)$)")
"""The first line of a headline set in two."""
PUNCTUATED = re.compile("[。，；：！？,;:!?|]|\\.$")
HAN = re.compile("[\u4e00-\u9fff]")
WORD = re.compile("[\u4e00-\u9fff“《「\\d]")
OPENING = re.compile(
    "编者按|近日|日前|近期|本周|上周|本月|上月|今年|截至|为|据|根据|按照|首先|\\d{4}年|\\d{1,2}[月日]"
)
"""How a text begins that has a heading of its own."""


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


def split(source: str, lines: Sequence[Line], layout: Layout) -> list[Chunk]:
    """Lines to chunks."""
    chunks: list[Chunk] = []
    sequence = labels.Sequence({})
    for at, line in enumerate(lines):
        if chunks and chunks[-1].lines[-1] is line:
            continue
        before = lines[at - 1] if at else None
        label = _label(source, line, before, chunks, layout, sequence)
        if label:
            sequence.enter(label)
            chunks.append(Chunk([line], label.style, label))
        elif style := _unnumbered(lines, at, layout, chunks):
            chunks.append(_heading(lines, at, style))
        elif chunks:
            chunks[-1].lines.append(line)
        else:
            chunks.append(Chunk([line]))
    return chunks


def _heading(lines: Sequence[Line], at: int, style: str) -> Chunk:
    """The chunk that a heading without a number begins; the next line may belong to it."""
    line = lines[at]
    if style == nesting.OUTER and CUT_HEADLINE.match(line.chars):
        return Chunk([*lines[at : at + 2]], PLAIN, head=2)
    if style == nesting.GROUP and COVERED.fullmatch(lines[at + 1].chars):
        return Chunk([*lines[at : at + 2]], style, head=2)
    run_in = RUN_IN.match(line.chars) if style == RUNNING_IN else None
    return Chunk([line], style, head=1, run_in=run_in.end() if run_in else 0)


def _label(
    source: str,
    line: Line,
    before: Line | None,
    chunks: Sequence[Chunk],
    layout: Layout,
    sequence: labels.Sequence,
) -> Label | None:
    label = labels.read(line.chars, source[line.text.offsets[0] : line.end])
    if label is None:
        return None
    marked = line.bullet or line.level > 0 or line.bold or line.indented
    ended = marked or before is None or ends(before.chars, CLAUSE_END)
    clean = ended or (before is not None and not _runs_on(before, layout))
    clean = clean or (not label.doubtful and _under_heading(label, chunks))
    return label if sequence.accepts(label, clean=clean, ended=ended) else None


def _under_heading(label: Label, chunks: Sequence[Chunk]) -> bool:
    """Whether all that stands since the last number has no punctuation: a heading, however long."""
    chunk = chunks[-1] if chunks else None
    if chunk is None or chunk.label is None or chunk.style == label.style:
        return False
    return not any(PUNCTUATED.search(chunk.rest(at)) for at in range(len(chunk.lines)))


def _runs_on(line: Line, layout: Layout) -> bool:
    return is_open(line.chars) or (layout.is_full(line) and not line.level)


def _unnumbered(lines: Sequence[Line], at: int, layout: Layout, chunks: Sequence[Chunk]) -> str:
    """The style of a heading without a number, or ""."""
    line, before = lines[at], lines[at - 1] if at else None
    text = line.chars
    if line.level and not SENTENCE.search(text):
        return f"{nesting.MARKED}{line.level}"
    ended = before is None or ends(before.chars, CLAUSE_END)
    if not ended and not _under_short_line(chunks, layout):
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
    if _is_group(following):
        return nesting.GROUP
    if following and _begins_text(line, following[0], layout):
        return PLAIN
    pair = len(following) == 2 and _is_short(following[0], layout, first=False)
    return nesting.OUTER if pair and _begins_text(following[0], following[1], layout) else ""


def _is_group(following: Sequence[Line]) -> bool:
    """Whether 一、 stands under a short line, or under the days below it."""
    lines = [line.chars for line in following]
    if lines and COVERED.fullmatch(lines[0]):
        del lines[0]
    label = labels.read(lines[0], "") if lines else None
    return label is not None and label.style is Style.HAN and label.number == 1


def _heads_first_number(lines: Sequence[Line], layout: Layout) -> bool:
    """Whether a line is so short that it is a heading even after a text without a full stop."""
    line, number = lines[0], labels.read(lines[1].chars, "") if len(lines) > 1 else None
    short = len(line.chars) <= 12 and _is_short(line, layout, first=False)
    return short and number is not None and number.number == 1


def _under_short_line(chunks: Sequence[Chunk], layout: Layout) -> bool:
    """Whether the line before begins something and is so short that it may be a heading."""
    chunk = chunks[-1] if chunks else None
    if not chunk or not chunk.style or len(chunk.lines) > 1:
        return False
    return not _runs_on(chunk.lines[0], layout)


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
