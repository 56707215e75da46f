"""Tables with an example beside each row: as much of its text as the screen has room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from chabao.search.output.hits import marked
from chabao.search.output.screen import Screen, Style
from chabao.search.output.table import GAP, table
from chabao.search.output.text import clean, width
from chabao.search.query import Span
from chabao.search.results import Snippet

LEAST = 12
"""Columns that an example needs; where there are fewer it is left out."""
PIPED = 60
"""Columns of an example in a pipe."""
BRACKETS = 4
"""Columns that marks without colour take."""


@dataclass(frozen=True, slots=True)
class Example:
    """A stretch of a text to be marked, and one that is to be seen with it."""

    text: str
    mark: Span
    beside: Span

    @property
    def apart(self) -> tuple[str, Span]:
        """Both, with a sign for what stands between; and where the mark is then."""
        first, last = sorted((self.mark, self.beside))
        start = self.text[first.start : first.end] + "…"
        text = start + self.text[last.start : last.end]
        size = self.mark.end - self.mark.start
        return text, Span(0, size) if first == self.mark else Span(len(start), len(text))


def exemplified(
    heads: Sequence[str], rows: Sequence[Sequence[object]], examples: Sequence[Example], on: Screen
) -> Iterator[str]:
    """The lines of a table, its last column the examples."""
    if on.width is None:
        yield "\t".join((*heads, _("example")))
        for row, example in zip(table((), rows, on), examples, strict=True):
            yield f"{row}\t{line(example, PIPED, on)}"
        return
    plain = list(table(heads, rows, Screen(on.width)))
    wide = max(map(width, plain))
    room = on.width - wide - GAP
    last = [on.paint(_("example"), Style.FAINT), *(line(each, room, on) for each in examples)]
    for at, (row, piece) in enumerate(zip(plain, last, strict=True)):
        filler = " " * (wide - width(row) + GAP) + piece if room >= LEAST else ""
        yield (row if at else on.paint(row, Style.FAINT)) + filler


def line(example: Example, columns: int, on: Screen) -> str:
    """One line with the mark in it, and of the text about it what so many columns hold."""
    room = columns - 2 * width("…") - (0 if on.colour else BRACKETS)
    text, mark = clean(example.text), example.mark
    shown = Span(min(mark.start, example.beside.start), max(mark.end, example.beside.end))
    if width(text[shown.start : shown.end]) > room:
        text, mark = example.apart
        text, shown = clean(text), Span(0, len(text))
    if width(text[shown.start : shown.end]) > room:
        shown = mark
    start, end = widened(text, shown, room)
    piece = Span(max(mark.start, start) - start, min(mark.end, end) - start)
    before, behind = start > 0, end < len(text)
    return "".join(marked(Snippet(text[start:end], (piece,), start, before, behind),
                          Screen(None, on.colour), 0))  # fmt: skip


def widened(text: str, shown: Span, columns: int) -> tuple[int, int]:
    """A stretch with as much of its sentence as fits, a third of that before it; cut at its end
    where it does not fit itself."""
    start, end = shown.start, shown.end
    while width(text[start:end]) > columns and end > start + 1:
        end -= 1
    left = columns - width(text[start:end])
    least = left - left // 3
    while start > 0 and left - width(text[start - 1]) >= least and text[start - 1] not in "。；":
        start -= 1
        left -= width(text[start])
    while end < len(text) and width(text[end]) <= left and text[end - 1] != "。":
        left -= width(text[end])
        end += 1
    return start, end
