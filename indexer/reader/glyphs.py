"""What a page of a PDF shows: strings of characters, each with its place on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.pen import Face, Pen, State, matrix
from chabao.indexer.reader.typesetting import Run

DEEPEST = 12
"""Forms within one another."""
MOST_FORMS = 2_000
"""Forms drawn on one page."""
MOST_GLYPHS = 2_000_000
"""Characters of a document; a page of small print has 3,000."""
MOST_OPERATORS = 600_000
"""Drawing operators of a document; a page of text has 200 to 10,000."""
MUCH = 10_000
"""Bytes of drawing on a page without text: the outlines of characters, not a frame."""
MOST_PACKED = 8 << 20
"""Bytes of drawing or of a font's table of characters as they stand in the file."""
BROKEN = (
    PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What pypdf raises on what is not as it should be."""


@dataclass(slots=True)
class Glyphs:
    """Reads the pages of one document; `glyphs` and `operators` count what it may still have."""

    glyphs: int = MOST_GLYPHS
    operators: int = MOST_OPERATORS
    fonts: dict[object, Face | None] = field(default_factory=dict)
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
        _check(MOST_PACKED - _packed(content))
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
                inside = replace(pen.state, ctm=matrix(form.get("/Matrix"), pen.state.ctm))
                own = _dictionary(form.get("/Resources")) or resources
                try:
                    yield from self._draw(form, own, pdf, inside, (*above, id(form)), budget)
                except Unreadable:
                    raise
                except BROKEN:
                    self.broken += 1
            elif operator == b"Tf":
                pen.set_font(self._font(resources, operands), operands)
            else:
                for run in pen.take(operator, operands):
                    self.glyphs -= len(run.text)
                    _check(self.glyphs)
                    yield run

    def _font(self, resources: Any, operands: list[Any]) -> Face | None:
        fonts = _dictionary(resources.get("/Font")) if resources else None
        if not operands or fonts is None or operands[0] not in fonts:
            return None
        found = fonts.raw_get(operands[0])
        key = (found.idnum, found.generation) if hasattr(found, "idnum") else id(found)
        if key not in self.fonts:
            self.fonts[key] = self._load(fonts[operands[0]])
        return self.fonts[key]

    def _load(self, resource: Any) -> Face | None:
        try:
            _check(MOST_PACKED - _packed(resource.get("/ToUnicode")))
            return Face.of(resource)
        except BROKEN:
            self.broken += 1
            return None


def _check(left: int) -> None:
    if left < 0:
        raise Unreadable(reason="refused: too much drawn in it")


def _packed(value: Any) -> int:
    """The bytes of a stream, or of several, as they are in the file."""
    found = value.get_object() if value is not None else None
    if isinstance(found, ArrayObject):
        return sum(map(_packed, found))
    return len(found._data) if isinstance(found, StreamObject) else 0


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
