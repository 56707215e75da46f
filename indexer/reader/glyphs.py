"""What a page of a PDF shows: strings of characters, each with its place on the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    NameObject,
    StreamObject,
)
from pypdf.generic._font import Font

from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.typesetting import Run

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
DEEPEST = 12
"""Forms within one another; graphics states kept at a time are 20 times as many."""
MOST_FORMS = 2_000
"""Forms drawn on one page."""
MOST_GLYPHS = 2_000_000
"""Characters of a document; a page of small print has 3,000."""
MOST_OPERATORS = 4_000_000
"""Drawing operators of a document; a page of text has 200 to 10,000."""
MUCH = 10_000
"""Bytes of drawing on a page without text: the outlines of characters, not a frame."""
FAR = 1e6
"""Points from the corner of the page beyond which nothing is shown; the widest page has 14,400."""
BROKEN = (
    PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What pypdf raises on what is not as it should be."""


@dataclass(slots=True)
class State:
    """The part of the graphics state that places text; names are those of ISO 32000, 9.3."""

    ctm: Matrix = IDENTITY
    font: Font | None = None
    vertical: bool = False
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(slots=True)
class Glyphs:
    """Reads the pages of one document; `glyphs` and `operators` count what it may still have."""

    glyphs: int = MOST_GLYPHS
    operators: int = MOST_OPERATORS
    fonts: dict[object, tuple[Font, bool] | None] = field(default_factory=dict)
    broken: int = 0
    """Fonts and forms that could not be read."""

    def runs(self, page: PageObject) -> Iterator[Run]:
        """The strings of a page in the order in which they are drawn."""
        budget = [MOST_FORMS]
        contents = page.get("/Contents")
        if contents is not None:
            yield from self._draw(
                contents.get_object(), _resources(page), page.pdf, State(), (), budget
            )

    def _draw(
        self, content: Any, resources: Any, pdf: Any, state: State, above: tuple[int, ...],
        budget: list[int],
    ) -> Iterator[Run]:  # fmt: skip
        stream = content
        if not isinstance(stream, ContentStream):
            stream = ContentStream(content, pdf, "bytes")
        pen = Pen(state)
        self.operators -= len(stream.operations) + 100
        _check(self.operators)
        for operands, operator in stream.operations:
            if operator == b"Do" and operands:
                form = _form(resources, operands[0])
                if form is None or id(form) in above or len(above) >= DEEPEST or not budget[0]:
                    continue
                budget[0] -= 1
                inside = replace(pen.state, ctm=_matrix(form.get("/Matrix"), pen.state.ctm))
                own = _dictionary(form.get("/Resources")) or resources
                try:
                    yield from self._draw(form, own, pdf, inside, (*above, id(form)), budget)
                except BROKEN:
                    self.broken += 1
            elif operator == b"Tf":
                pen.set_font(self._font(resources, operands), operands)
            else:
                for run in pen.take(operator, operands):
                    self.glyphs -= len(run.text)
                    _check(self.glyphs)
                    yield run

    def _font(self, resources: Any, operands: list[Any]) -> tuple[Font, bool] | None:
        fonts = _dictionary(resources.get("/Font")) if resources else None
        if not operands or fonts is None or operands[0] not in fonts:
            return None
        found = fonts.raw_get(operands[0])
        key = (found.idnum, found.generation) if hasattr(found, "idnum") else id(found)
        if key not in self.fonts:
            self.fonts[key] = self._load(fonts[operands[0]])
        return self.fonts[key]

    def _load(self, resource: Any) -> tuple[Font, bool] | None:
        try:
            font = Font.from_font_resource(resource)
            vertical = str(resource.get("/Encoding", "")).endswith("-V")
        except BROKEN:
            self.broken += 1
            return None
        return font, vertical


class Pen:
    """Follows the operators that place and show text (ISO 32000, 9.4)."""

    def __init__(self, state: State) -> None:
        self.state = replace(state)
        self.stack: list[State] = []
        self.text = self.line = IDENTITY

    def set_font(self, font: tuple[Font, bool] | None, operands: list[Any]) -> None:
        self.state.font, self.state.vertical = font or (None, False)
        self.state.size = _number(operands, 1, self.state.size)

    def take(self, operator: bytes, operands: list[Any]) -> Iterator[Run]:
        """Follows one operator; gives what it shows."""
        if operator in SHOWS:
            yield from self._show(operator, operands)
        elif operator in SETS:
            name, unit = SETS[operator]
            setattr(self.state, name, _number(operands, 0, getattr(self.state, name)) * unit)
        elif operator in MOVES:
            MOVES[operator](self, operands)

    def _show(self, operator: bytes, operands: list[Any]) -> Iterator[Run]:
        if operator == b'"' and len(operands) == 3:
            self.state.word_spacing = _number(operands, 0, 0.0)
            self.state.spacing = _number(operands, 1, 0.0)
        if operator in (b"'", b'"'):
            self.next_line([])
        shown = operands[-1] if operands else None
        for piece in shown if isinstance(shown, ArrayObject) else [shown]:
            if isinstance(piece, (int, float)):
                self._advance(-float(piece) / 1000 * self.state.size)
            elif isinstance(piece, (bytes, str)) and not isinstance(piece, NameObject):
                yield from self._string(piece)

    def _string(self, shown: bytes | str) -> Iterator[Run]:
        font, state = self.state.font, self.state
        if font is None:
            return
        codes, text = _decoded(font, shown)
        count = len(codes)
        if state.vertical:
            length = -count * (state.size - state.spacing)
        else:
            width = sum(font.space_width if c == font.space_char else font.get_text_width(c)
                        for c in codes)  # fmt: skip
            length = width / 1000 * state.size + count * state.spacing
            length += codes.count(" ") * state.word_spacing
        whole = _times(self.text, state.ctm)
        x, y = _place(whole, 0.0, state.rise)
        self._advance(length)
        x_end, y_end = _place(_times(self.text, state.ctm), 0.0, state.rise)
        size = abs(state.size) * math.hypot(whole[2], whole[3])
        if text and all(map(_is_near, (x, y, x_end, y_end, size))):
            angle = math.degrees(math.atan2(whole[1], whole[0]))
            yield Run(text, x, y, x_end, y_end, size, state.vertical, angle)

    def _advance(self, length: float) -> None:
        if self.state.vertical:
            self.text = _times((1, 0, 0, 1, 0, length), self.text)
        else:
            self.text = _times((1, 0, 0, 1, length * self.state.scale, 0), self.text)

    def move(self, operands: list[Any]) -> None:
        step = (1.0, 0.0, 0.0, 1.0, _number(operands, 0, 0.0), _number(operands, 1, 0.0))
        self.text = self.line = _times(step, self.line)

    def move_and_lead(self, operands: list[Any]) -> None:
        self.state.leading = -_number(operands, 1, 0.0)
        self.move(operands)

    def next_line(self, _operands: list[Any]) -> None:
        self.text = self.line = _times((1, 0, 0, 1, 0, -self.state.leading), self.line)

    def place(self, operands: list[Any]) -> None:
        self.text = self.line = _matrix(operands, IDENTITY)

    def begin(self, _operands: list[Any]) -> None:
        self.text = self.line = IDENTITY

    def save(self, _operands: list[Any]) -> None:
        if len(self.stack) < DEEPEST * 20:
            self.stack.append(replace(self.state))

    def restore(self, _operands: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, operands: list[Any]) -> None:
        self.state.ctm = _matrix(operands, self.state.ctm)


SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
SETS = {
    b"Tc": ("spacing", 1.0), b"Tw": ("word_spacing", 1.0), b"Tz": ("scale", 0.01),
    b"TL": ("leading", 1.0), b"Ts": ("rise", 1.0),
}  # fmt: skip
MOVES: dict[bytes, Callable[[Pen, list[Any]], None]] = {
    b"BT": Pen.begin, b"Td": Pen.move, b"TD": Pen.move_and_lead, b"Tm": Pen.place,
    b"T*": Pen.next_line, b"q": Pen.save, b"Q": Pen.restore, b"cm": Pen.transform,
}  # fmt: skip


def _check(left: int) -> None:
    if left < 0:
        raise Unreadable(reason="refused: too much drawn in it")


def _decoded(font: Font, shown: bytes | str) -> tuple[str, str]:
    """The codes of a string, a character each, and the characters that they stand for."""
    if isinstance(shown, str):
        return shown, shown
    if isinstance(font.encoding, str):
        codes = shown.decode(font.encoding, "replace")
        return codes, "".join(str(font.character_map.get(code, code)) for code in codes)
    codes = "".join(map(chr, shown))
    letters = (font.encoding.get(code, chr(code)) for code in shown)
    return codes, "".join(str(font.character_map.get(letter, letter)) for letter in letters)


def is_picture(page: PageObject) -> bool:
    """Whether a page that gives no text may show some: it has pictures, or is drawn at length."""
    try:
        resources = _resources(page)
        if resources is not None and _dictionary(resources.get("/XObject")):
            return True
        contents = page.get_contents()
        data = b"" if contents is None else contents.get_data()
        return b"BI" in data or len(data) > MUCH
    except BROKEN:
        return False


def _resources(page: PageObject) -> DictionaryObject | None:
    """The resources of a page: its own, or those of a node above it."""
    node: Any = page
    for _ in range(DEEPEST * 8):
        found = _dictionary(node.get("/Resources"))
        node = _dictionary(node.get("/Parent"))
        if found is not None or node is None:
            return found
    return None


def _form(resources: Any, name: Any) -> StreamObject | None:
    objects = _dictionary(resources.get("/XObject")) if resources else None
    found = objects.get(name) if objects is not None else None
    found = found.get_object() if found is not None else None
    if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Form":
        return None
    return found


def _dictionary(value: Any) -> DictionaryObject | None:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else None


def _number(operands: list[Any], at: int, default: float) -> float:
    value = operands[at] if at < len(operands) else default
    return float(value) if isinstance(value, (int, float)) and abs(value) < FAR else default


def _matrix(values: Any, under: Matrix) -> Matrix:
    """A matrix written in the file, applied before `under`; what is no matrix changes nothing."""
    values = values.get_object() if hasattr(values, "get_object") else values
    if not isinstance(values, list) or len(values) != 6:
        return under
    numbers = [value.get_object() if hasattr(value, "get_object") else value for value in values]
    if not all(isinstance(n, (int, float)) and abs(n) < FAR for n in numbers):
        return under
    a, b, c, d, e, f = map(float, numbers)
    return _times((a, b, c, d, e, f), under)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _place(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def _is_near(value: float) -> bool:
    return -FAR < value < FAR
