"""The stories of a Word file (body, notes, headers) as lines, the way they are printed.

Numbers that Word makes are in the text; of tracked changes, what was inserted is read and what was
deleted is not; hidden text is not. Notes stand below the paragraph that they belong to, without
their numbers, because a number within a sentence would make 308801 of 30880 and a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chabao.indexer.reader import rows
from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.markup import Attributes, Handler
from chabao.indexer.reader.numbering import Numbering
from chabao.indexer.reader.styles import PLAIN, Style, Styles, changed, over

SKIPPED = frozenset({
    "del", "moveFrom", "Fallback", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange",
    "trPrChange", "tcPrChange", "tblPrExChange", "tblGridChange", "numberingChange", "instrText",
    "delText", "delInstrText", "rt", "sdtPr", "binData",
})  # fmt: skip
"""Elements whose text is not printed, or stands a second time."""
CHARACTERS = {
    "tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "footnoteReference": "",
}  # fmt: skip
SYMBOLS = {
    "wingdings": {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x75: "◆", 0xA8: "□", 0xD8: "➢", 0xE0: "→",
                  0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"},
}  # fmt: skip
INDENT = "\u3000\u3000"
LEADER = "……"
"""The dots between a heading and its page, which tell a table of contents."""
HEADINGS = 6
LONGEST_HEADING = 60
MOST_TEXT = 16_000_000
"""Characters of a document: a hundred times the longest bulletin."""
SPACES = re.compile("[ \t\u00a0\u3000]*")


@dataclass(slots=True)
class Paragraph:
    """A paragraph as it is read; `boxes` are the lines of text boxes that hang on it."""

    style: Style = PLAIN
    named: str = ""
    pieces: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    leader: bool = False
    joined: bool = False
    ends_section: bool = False


@dataclass(slots=True)
class Row:
    """A table's row as it is read."""

    cells: list[list[str]] = field(default_factory=list)
    deleted: bool = False


class Story(Handler):
    """One part of a file. `lines` are its lines; a form feed within them begins a page.

    `notes` are lines by the kind of note and its number; each is printed once.
    """

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        notes: dict[tuple[str, str], list[str]] | None = None,
    ) -> None:
        self.lines: list[str] = []
        self._styles, self._numbering = styles, numbering
        self._notes = {} if notes is None else notes
        self._below: list[str] = []
        self._sinks = [self.lines]
        self._path: list[str] = []
        self._paragraphs: list[Paragraph] = []
        self._rows: list[Row] = []
        self._carried: list[str] = []
        self._skip = self._length = 0
        self._hidden = self._reading = self._page = False

    def start(self, name: str, values: Attributes) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if self._skip or name in SKIPPED:
            if name == "del" and not self._skip:
                self._deleted(parent)
            self._skip += 1
        elif parent == "r" or name == "r":
            self._start_in_run(name, values)
        elif name == "p" and parent != "oMathPara":
            self._paragraphs.append(Paragraph())
        elif name == "tr":
            self._rows.append(Row())
        elif name in ("tc", "txbxContent"):
            self._sinks.append([])
        elif name == "t":
            self._reading = True
        elif name == "textpath":
            self._word_art(values.get("string", ""))
        elif self._paragraphs:
            self._start_in_paragraph(name, parent, values)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._skip:
            self._skip -= 1
        elif name == "t":
            self._reading = False
        elif name == "r":
            self._hidden = False
        elif name == "p" and self._paragraphs:
            self._end_paragraph(self._paragraphs.pop())
        elif name == "txbxContent":
            box = self._sinks.pop()
            (self._paragraphs[-1].boxes if self._paragraphs else self._sinks[-1]).extend(box)
        elif name == "tc":
            cell = self._sinks.pop()
            if self._rows:
                self._rows[-1].cells.append(cell)
        elif name == "tr" and self._rows:
            self._end_row(self._rows.pop())

    def characters(self, text: str) -> None:
        if self._reading and not self._skip and not self._hidden:
            self._write(text)

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_TEXT:
            raise Unreadable(reason="refused: it holds too much text")
        if self._paragraphs:
            self._paragraphs[-1].pieces.append(text)

    def _deleted(self, parent: str) -> None:
        if parent == "trPr" and self._rows:
            self._rows[-1].deleted = True
        elif parent == "rPr" and "pPr" in self._path[-3:] and self._paragraphs:
            self._paragraphs[-1].joined = True

    def _start_in_run(self, name: str, values: Attributes) -> None:
        if name == "r":
            self._hidden = False
        elif name == "t":
            self._reading = True
        elif self._hidden or not self._paragraphs:
            return
        elif name == "br":
            self._write("\f" if values.get("type") == "page" else "\n")
        elif name == "sym":
            self._write(_symbol(values))
        elif name in ("footnoteReference", "endnoteReference"):
            kind = name.removesuffix("Reference")
            self._below += self._notes.pop((kind, values.get("id", "")), [])
        elif name in ("tab", "ptab"):
            self._write(LEADER if self._paragraphs[-1].leader else "\t")
        elif name in CHARACTERS:
            self._write(CHARACTERS[name])

    def _start_in_paragraph(self, name: str, parent: str, values: Attributes) -> None:
        at = self._paragraphs[-1]
        if name == "pStyle":
            at.named = values.get("val", "")
            at.leader = at.leader or self._styles.get(at.named).name.startswith("toc ")
        elif name == "sectPr" and parent == "pPr":
            at.ends_section = True
        elif name == "type" and parent == "sectPr":
            at.ends_section = values.get("val") != "continuous"
        elif name == "tab" and parent == "tabs":
            at.leader = at.leader or values.get("leader") == "dot"
        elif parent == "rPr" and "r" in self._path[-3:]:
            if name == "vanish":
                self._hidden = changed(PLAIN, name, values).hidden is True
            elif name == "rStyle":
                self._hidden = self._styles.get(values.get("val", "")).hidden is True
        elif parent in ("pPr", "numPr") or (parent == "rPr" and name == "vanish"):
            at.style = changed(at.style, name, values)

    def _word_art(self, text: str) -> None:
        if self._paragraphs and text.strip():
            self._paragraphs[-1].boxes.append(text.strip())

    def _end_paragraph(self, at: Paragraph) -> None:
        pieces = self._carried + at.pieces
        self._carried = []
        if at.joined:
            # The mark between this paragraph and the next was deleted.
            self._carried = pieces
            self._sinks[-1] += at.boxes
            return
        named = at.named or self._styles.default
        style = over(at.style, self._styles.get(named))
        text = "".join(pieces)
        if at.style.hidden and not text:
            return
        self._sinks[-1] += at.boxes
        page = self._page or style.breaks
        self._page = at.ends_section
        found = (self._before(at, style, named, text) + text).split("\n")
        if page and len(self._sinks) == 1:
            found[0] = "\f" + found[0]
        self._sinks[-1] += found
        self._print_notes()

    def _before(self, at: Paragraph, style: Style, named: str, text: str) -> str:
        """What is printed before a paragraph's text, and what tells the parser of its rank."""
        label = ""
        if style.num and style.num != "0":
            level = style.level
            if level is None or (at.style.num is None and at.style.level is None):
                level = self._numbering.level_of(style.num, named) or level or 0
            label = self._numbering.label(style.num, level)
        if len(self._sinks) > 1 or not (label or text.strip()):
            return label
        outline = style.outline
        if outline is not None and outline < HEADINGS and len(text) <= LONGEST_HEADING:
            return "#" * (outline + 1) + " " + label
        if (label or style.indent) and not SPACES.match(text).group():  # type: ignore[union-attr]
            return INDENT + label
        return label

    def _end_row(self, row: Row) -> None:
        cells = [[line.strip() for line in cell if line.strip()] for cell in row.cells]
        if not row.deleted:
            self._sinks[-1] += rows.lines(cells)
        self._print_notes()

    def _print_notes(self) -> None:
        if len(self._sinks) == 1 and self._below:
            self._sinks[-1] += self._below
            self._below = []


class Notes(Story):
    """Footnotes or endnotes; `found` are their lines by kind and number."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        super().__init__(styles, numbering)
        self.found: dict[tuple[str, str], list[str]] = {}
        self._key = ("", "")

    def start(self, name: str, values: Attributes) -> None:
        if name in ("footnote", "endnote"):
            self._key = (name, values.get("id", ""))
            self.lines.clear()
        super().start(name, values)

    def end(self, name: str) -> None:
        super().end(name)
        if name in ("footnote", "endnote"):
            self.found[self._key] = [line.strip() for line in self.lines if line.strip()]


def _symbol(values: Attributes) -> str:
    """A character of a font of pictures; those that are not known stay as they are coded."""
    try:
        code = int(values.get("char", ""), 16)
    except ValueError:
        return ""
    font = SYMBOLS.get(values.get("font", "").lower(), {})
    if (code & 0xFF) in font and code >> 8 in (0, 0xF0):
        return font[code & 0xFF]
    return chr(code) if 0x20 <= code < 0x10000 and not 0xD800 <= code < 0xE000 else ""
