"""Word files (.docx, .docm, .dotx; also WPS's): a zip of XML (ECMA-376).

Word makes pages as it prints, so there are none to tell: a form feed stands where the author began
a page. What stands at the head and foot of each page is put before the text once, where a title and
a publisher are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.reader.markup import Attributes, Handler
from chabao.indexer.reader.numbering import Numbering
from chabao.indexer.reader.packages import Package
from chabao.indexer.reader.stories import Notes, Story
from chabao.indexer.reader.styles import Styles

CONTENTS = "[Content_Types].xml"
KINDS = (
    (re.compile(r"(?:document|template)(?:\.macroEnabled\w*)?\.main\+xml$"
                r"|macroEnabledTemplate\.main\+xml$"), "body"),
    (re.compile(r"\.(styles|numbering|footnotes|endnotes|header|footer)\+xml$"), ""),
)  # fmt: skip
"""The ends of content types, and what such a part is."""
HAN = re.compile("[\u3400-\u9fff]")
LONGEST_HEAD = 40
"""Characters of a line that may be the head of a page; longer ones go after the text."""


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a Word file is. Raises Unreadable."""
    package = Package(data)
    parts = _Parts()
    parts.parse(package.chunks(_part_name(package, CONTENTS)))
    if not parts.found.get("body"):
        raise Unreadable(reason="not a Word file: there is no document in it")
    styles, numbering = Styles(), Numbering()
    _each(package, parts, "styles", styles)
    _each(package, parts, "numbering", numbering)
    notes: dict[tuple[str, str], list[str]] = {}
    for kind in ("footnotes", "endnotes"):
        found = Notes(styles, numbering)
        _each(package, parts, kind, found)
        notes |= found.found
    body = Story(styles, numbering, notes)
    _each(package, parts, "body", body)
    heads = _heads(package, parts, styles)
    short = [line for line in heads if len(line) <= LONGEST_HEAD]
    lines = [*short, *body.lines]
    if below := [line for line in heads if len(line) > LONGEST_HEAD]:
        lines += ["\f" + below[0], *below[1:]]
    text = "\n".join(lines).strip("\n\f")
    if not text.strip():
        raise Unreadable(reason="there is no text in it")
    yield Document(text + "\n")


def _each(package: Package, parts: _Parts, kind: str, handler: Handler) -> None:
    for part in parts.found.get(kind, ()):
        if part in package.names:
            handler.parse(package.chunks(part))
        elif kind == "body":
            raise Unreadable(reason="damaged: its text is not in it")


def _heads(package: Package, parts: _Parts, styles: Styles) -> list[str]:
    """What stands at the head or foot of pages and is more than a number, each line once."""
    found: dict[str, None] = {}
    for kind in ("header", "footer"):
        story = Story(styles, Numbering())
        _each(package, parts, kind, story)
        found |= {line.strip(): None for line in story.lines if HAN.search(line)}
    return list(found)


def _part_name(package: Package, name: str) -> str:
    if name not in package.names:
        raise Unreadable(reason="not a Word file: there is no document in it")
    return name


class _Parts(Handler):
    """The parts of a file by what they are, from its table of contents."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def start(self, name: str, values: Attributes) -> None:
        if name != "Override":
            return
        for form, kind in KINDS:
            if match := form.search(values.get("ContentType", "")):
                part = values.get("PartName", "").lstrip("/")
                found = self.found.setdefault(kind or match[1], [])
                if part not in found:
                    found.append(part)
