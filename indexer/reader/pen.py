"""A pen that follows the operators of a page, and knows where the text is that they show."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject
from pypdf.generic._font import Font

from chabao.indexer.reader.typesetting import Run

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
FAR = 1e6
"""Points from the corner of the page beyond which nothing is shown; the widest page has 14,400."""
MOST_STATES = 240
"""Graphics states kept at a time."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font, and what its encoding says: whether it runs down the page, and whether codes are
    characters of a known encoding rather than numbers of the font's own (CIDs)."""

    font: Font
    vertical: bool = False
    known: bool = False

    @classmethod
    def of(cls, resource: DictionaryObject) -> Face:
        encoding = resource.get("/Encoding")
        name = encoding if isinstance(encoding, str) else ""
        known = resource.get("/Subtype") == "/Type0" and not name.startswith("/Identity")
        return cls(Font.from_font_resource(resource), name.endswith("-V"), known and name != "")

    def width(self, codes: str) -> float:
        """The width of a string in thousandths of an em."""
        font = self.font
        if not self.known:
            return sum(
                font.space_width if code == font.space_char else font.get_text_width(code)
                for code in codes
            )
        # Widths are listed by CID, and pypdf takes the codes for those. All of Adobe's Chinese
        # collections have ASCII as CIDs 1 to 95, and other characters are as wide as they are high.
        widths = font.character_widths
        return sum(
            widths.get(chr(ord(code) - 31), 500) if " " <= code <= "~" else widths["default"]
            for code in codes
        )


@dataclass(slots=True)
class State:
    """The part of the graphics state that places text; names are those of ISO 32000, 9.3."""

    ctm: Matrix = IDENTITY
    face: Face | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


class Pen:
    """Follows the operators that place and show text (ISO 32000, 9.4)."""

    def __init__(self, state: State) -> None:
        self.state = replace(state)
        self.stack: list[State] = []
        self.text = self.line = IDENTITY

    def set_font(self, face: Face | None, operands: list[Any]) -> None:
        self.state.face = face
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
        face, state = self.state.face, self.state
        if face is None:
            return
        codes, text = _decoded(face.font, shown)
        if face.vertical:
            length = -len(codes) * (state.size - state.spacing)
        else:
            length = face.width(codes) / 1000 * state.size + len(codes) * state.spacing
            length += codes.count(" ") * state.word_spacing
        whole = _times(self.text, state.ctm)
        x, y = _place(whole, 0.0, state.rise)
        self._advance(length)
        x_end, y_end = _place(_times(self.text, state.ctm), 0.0, state.rise)
        size = abs(state.size) * math.hypot(whole[2], whole[3])
        if text and all(map(_is_near, (x, y, x_end, y_end, size))):
            angle = math.degrees(math.atan2(whole[1], whole[0]))
            yield Run(text, x, y, x_end, y_end, size, face.vertical, angle)

    def _advance(self, length: float) -> None:
        if self.state.face and self.state.face.vertical:
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
        self.text = self.line = matrix(operands, IDENTITY)

    def begin(self, _operands: list[Any]) -> None:
        self.text = self.line = IDENTITY

    def save(self, _operands: list[Any]) -> None:
        if len(self.stack) < MOST_STATES:
            self.stack.append(replace(self.state))

    def restore(self, _operands: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, operands: list[Any]) -> None:
        self.state.ctm = matrix(operands, self.state.ctm)


SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
SETS = {
    b"Tc": ("spacing", 1.0), b"Tw": ("word_spacing", 1.0), b"Tz": ("scale", 0.01),
    b"TL": ("leading", 1.0), b"Ts": ("rise", 1.0),
}  # fmt: skip
MOVES: dict[bytes, Callable[[Pen, list[Any]], None]] = {
    b"BT": Pen.begin, b"Td": Pen.move, b"TD": Pen.move_and_lead, b"Tm": Pen.place,
    b"T*": Pen.next_line, b"q": Pen.save, b"Q": Pen.restore, b"cm": Pen.transform,
}  # fmt: skip


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


def _number(operands: list[Any], at: int, default: float) -> float:
    value = operands[at] if at < len(operands) else default
    return float(value) if isinstance(value, (int, float)) and abs(value) < FAR else default


def matrix(values: Any, under: Matrix) -> Matrix:
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
