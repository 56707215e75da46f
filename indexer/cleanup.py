"""Undo what printing and conversion did: text to lines without layout, each with its place.

What is dropped is entered in the ledger under a name; no character is replaced.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Container
from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

from chabao.indexer.bulletin import Text
from chabao.indexer.folding import IGNORED, is_layout
from chabao.indexer.ledger import Kind, Ledger

ENDS = re.compile("\r\n|\n|\r")
"""What ends a line of the file, for line numbers."""
BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
"""What ends a line of the layout: those, and page and line separators."""

NUMBER = r"\d{1,4}"
DASHES = "[-\u2010-\u2015\u2212\uff0d\u2500~\u00b7\u2022_]"
PAGE_NUMBER = re.compile(
    rf"\s*(?:{DASHES}+\s*{NUMBER}\s*{DASHES}+|{DASHES}{{1,2}}\s*{NUMBER}|{NUMBER}\s*{DASHES}{{1,2}}"
    rf"|第\s*{NUMBER}\s*页(?:[\s,，/／|]*共\s*{NUMBER}\s*页)?|共\s*{NUMBER}\s*页\s*第\s*{NUMBER}\s*页"
    rf"|{NUMBER}\s*[/／]\s*{NUMBER}|[Pp](?:age|AGE)?\.?\s*{NUMBER}(?:\s*(?:of|/)\s*{NUMBER})?)\s*"
)
LONE_NUMBER = re.compile(rf"\s*({NUMBER})\s*")
RULED = re.compile(r"\s*(?:[-=_*─━—~·.]\s*){3,}|[\s:+-]*\|[\s|:+-]*")
CONTENTS = re.compile(r".*(?:…{2,}|\.{4,}|·{4,}|(?:[.·]\s){4,})\s*\d{1,4}\s*|\s*目\s*[录錄]\s*")
LONGEST = 200
"""Characters that a line of page furniture may have."""
EDGE = 2
"""Lines of running heads and feet that a page has at most."""
LONGEST_HEAD = 60
DIGITS = re.compile("[0-9]{1,9}")
MARKS = re.compile(
    r"\s*(?P<quote>(?:>\s*)*)(?:(?P<hashes>#{1,6})\s+"
    "|(?P<bullet>[-*+\u2013\u2014]\\s+(?=\\S)|[•●◆■▪◦‣➢►▲]\\s*|·\\s+))?"
)
BOLD = re.compile(r"(?<!\*)\*{2,3}(?!\*)")
INDENT = re.compile("[\u3000\u2003]{2}|[ \t\u00a0]{4}|\t")
SPACED = re.compile(r"\s*[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff]){2,}\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the layout that holds text, without the line's marks.

    `width` counts cells, two for a Chinese character; `level` is that of a Markdown heading, 0 for
    none; `top` says that a page begins here; `spaced` that its characters stand apart; `repeated`
    that it stands at the edge of other pages, too.
    """

    text: Text
    start: int
    end: int
    width: int
    level: int = 0
    bullet: bool = False
    bold: bool = False
    indented: bool = False
    top: bool = False
    spaced: bool = False
    repeated: bool = False

    @property
    def chars(self) -> str:
        return self.text.chars


def line_starts(source: str) -> array[int]:
    """The offsets at which the lines of a file begin."""
    return array("I", [0, *(match.end() for match in ENDS.finditer(source))])


def clean(source: str) -> tuple[Ledger, list[Line]]:
    """The lines of a text that hold more than layout, and the ledger of what does not."""
    ledger = Ledger(source)
    spans = _split(ledger)
    furniture = _furniture(source, spans)
    repeated = _repeated(source, spans, furniture)
    lines: list[Line] = []
    top = False
    for at, (start, end) in enumerate(spans):
        if at in furniture:
            ledger.drop(start, end, furniture[at])
            top = top or furniture[at] is Kind.FURNITURE
            continue
        line = _line(ledger, start, end, top or _after_page_break(source, start))
        if line is not None:
            lines.append(replace(line, repeated=True) if at in repeated else line)
            top = False
    return ledger, lines


def _split(ledger: Ledger) -> list[tuple[int, int]]:
    """The lines of the layout; enters what is white space, a control or invisible."""
    source = ledger.source
    spans = []
    start = 0
    for match in BREAKS.finditer(source):
        spans.append((start, match.start()))
        ledger.drop(*match.span(), Kind.LINE_BREAK)
        start = match.end()
    spans.append((start, len(source)))
    for at, char in enumerate(source):
        if is_layout(char):
            ledger.drop(at, at + 1, _kind(char))
    return spans


def _kind(char: str) -> Kind:
    if char in IGNORED:
        return Kind.INVISIBLE
    return Kind.WHITE_SPACE if char.isspace() else Kind.CONTROL


def _furniture(source: str, spans: list[tuple[int, int]]) -> dict[int, Kind]:
    """Which lines are layout: page numbers, rules, a table of contents."""
    found: dict[int, Kind] = {}
    lone: list[tuple[int, int]] = []
    for at, (start, end) in enumerate(spans):
        line = source[start:end]
        if not line or line.isspace():
            continue
        if RULED.fullmatch(line):
            found[at] = Kind.RULE
        elif len(line) > LONGEST:
            continue
        elif PAGE_NUMBER.fullmatch(line):
            found[at] = Kind.FURNITURE
        elif CONTENTS.fullmatch(line):
            found[at] = Kind.CONTENTS
        elif number := LONE_NUMBER.fullmatch(line):
            lone.append((at, int(number[1])))
    # A number alone on its line is a page's only where all such numbers count the pages;
    # conversion may keep those of every other page.
    steps = {after - number for (_, number), (_, after) in pairwise(lone)}
    if steps in ({1}, {2}) and lone[0][1] < 4:
        found |= {at: Kind.FURNITURE for at, _ in lone}
    return found


def _repeated(
    source: str, spans: list[tuple[int, int]], furniture: Container[int]
) -> frozenset[int]:
    """Running heads and feet: lines with which pages begin or end, numbers counting the pages.

    Half the pages less one, as left and right pages have their own; three where there are so many.
    """
    if "\f" not in source:
        return frozenset()
    pages = _pages(source, spans, furniture)
    found: dict[tuple[str, ...], list[tuple[int, int, list[str]]]] = {}
    for page, lines in enumerate(pages):
        for at in {*lines[:EDGE], *lines[-EDGE:]}:
            text = "".join(source[slice(*spans[at])].split())
            if len(text) <= LONGEST_HEAD and text[-1] not in "。；：！？，、":
                place = (page, at, DIGITS.findall(text))
                found.setdefault(tuple(DIGITS.split(text)), []).append(place)
    least = max(2, min(3, len(pages) - 1), len(pages) // 2 - 1)
    repeated: set[int] = set()
    for places in found.values():
        numbers = [
            [int(number) - page * counting for number in written]
            for page, _, written in places
            for counting in (0, 1)
        ]
        if len({page for page, *_ in places}) >= least and _is_constant(numbers):
            repeated.update(at for _, at, _ in places)
    return frozenset(repeated)


def _is_constant(numbers: list[list[int]]) -> bool:
    """Whether each number of a line stays the same over the pages, or grows with them.

    The numbers of a line come twice: as they are, and less the pages before.
    """
    as_they_are, less_pages = zip(*numbers[::2], strict=True), zip(*numbers[1::2], strict=True)
    return all(
        len(set(same)) == 1 or len(set(growing)) == 1
        for same, growing in zip(as_they_are, less_pages, strict=True)
    )


def _pages(source: str, spans: list[tuple[int, int]], furniture: Container[int]) -> list[list[int]]:
    """The lines of each page that hold text."""
    pages: list[list[int]] = [[]]
    for at, (start, end) in enumerate(spans):
        if start and source[start - 1] == "\f":
            pages.append([])
        if at not in furniture and source[start:end].strip():
            pages[-1].append(at)
    return pages


def _after_page_break(source: str, start: int) -> bool:
    """A form feed before the line, or the single space with which a converted page begins."""
    first, second = source[start : start + 1], source[start + 1 : start + 2]
    indented = first == " " and not second.isspace()
    return source[start - 1 : start] == "\f" or (start > 0 and indented)


def _line(ledger: Ledger, start: int, end: int, top: bool) -> Line | None:
    raw = ledger.source[start:end]
    marks = MARKS.match(raw)
    assert marks
    level = len(marks["hashes"] or "")
    ledger.drop(start, start + marks.end(), Kind.HEADING_MARK if level else Kind.BULLET)
    body = raw[marks.end() :].strip()
    _drop_bold(ledger, start, raw)
    text = ledger.read(start, end)
    if not text:
        return None
    bold = re.fullmatch(r"\*{2,3}[^*]+\*{2,3}", body) is not None
    return Line(
        text=text,
        start=start,
        end=end,
        width=width(body),
        level=level,
        bullet=marks["bullet"] is not None,
        bold=bold,
        indented=INDENT.match(raw) is not None,
        top=top,
        spaced=SPACED.fullmatch(raw) is not None,
    )


def _drop_bold(ledger: Ledger, start: int, raw: str) -> None:
    """Enter `**` as a mark, unless it stands for digits that are not told (51**12)."""
    runs = list(BOLD.finditer(raw))
    for at, run in enumerate(runs):
        before, after = raw[run.start() - 1 : run.start()], raw[run.end() : run.end() + 1]
        masks = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        if not masks or at % 2:
            ledger.drop(start + run.start(), start + run.end(), Kind.BOLD)


def width(text: str) -> int:
    """How many cells a text takes on the page."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
