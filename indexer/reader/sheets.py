"""The XML of workbooks (.xlsx by ECMA-376, .ods by OASIS) as lines, a row each.

Read cell by cell: a library that lays out the whole rectangle from the first to the last cell can
be made to ask for any amount of memory by two cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chabao.indexer.reader import numberforms
from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.markup import Attributes, Handler
from chabao.indexer.reader.rows import BETWEEN

MOST_GAP = 64
"""Empty cells that are told between two others, and times that a cell or row is repeated."""
MOST_TEXT = 16_000_000
COLUMN = re.compile("[A-Z]{1,3}")
BOOLEANS = {"1": "TRUE", "0": "FALSE"}


class Lines:
    """Rows as lines; empty cells at the end of a row, and empty rows, are left out."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._length = 0

    def add(self, cells: list[str]) -> None:
        line = BETWEEN.join(" ".join(cell.split()) for cell in cells).strip(BETWEEN)
        if not line:
            return
        self._length += len(line)
        if self._length > MOST_TEXT:
            raise Unreadable(reason="refused: it holds too much text")
        self.lines.append(line)


class Strings(Handler):
    """The texts that the cells of a workbook share; phonetic guides (rPh) are not of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._reading = False
        self._guide = 0

    def start(self, name: str, values: Attributes) -> None:
        self._guide += name == "rPh"
        self._reading = name == "t" and not self._guide

    def end(self, name: str) -> None:
        self._guide -= name == "rPh"
        self._reading = False
        if name == "si":
            self.found.append("".join(self._text))
            self._text.clear()

    def characters(self, text: str) -> None:
        if self._reading:
            self._text.append(text)


class Formats(Handler):
    """The number formats of a workbook's cells, by the number of the cell's style."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._codes: dict[str, str] = {}
        self._cells = False

    def start(self, name: str, values: Attributes) -> None:
        if name == "numFmt":
            self._codes[values.get("numFmtId", "")] = values.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self._cells = True
        elif name == "xf" and self._cells:
            number = values.get("numFmtId", "0")
            known = numberforms.BUILT_IN.get(int(number), "") if number.isdecimal() else ""
            self.found.append(self._codes.get(number, known))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._cells = False


class Book(Handler):
    """The sheets of a workbook: names and relations, those that are hidden left out."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, values: Attributes) -> None:
        if name == "sheet" and values.get("state", "visible") == "visible":
            self.sheets.append((values.get("name", ""), values.get("id", "")))
        elif name == "workbookPr":
            self.since_1904 = values.get("date1904", "0") in ("1", "true")


class Relations(Handler):
    """Where the parts are that a workbook names."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def start(self, name: str, values: Attributes) -> None:
        if name == "Relationship":
            target = values.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.found[values.get("Id", "")] = path


class Sheet(Handler):
    """One sheet of an .xlsx."""

    def __init__(self, strings: list[str], formats: list[str], since_1904: bool) -> None:
        self.rows = Lines()
        self._strings, self._formats, self._since_1904 = strings, formats, since_1904
        self._cells: list[str] = []
        self._at = self._column = 0
        self._kind = self._style = ""
        self._text: list[str] = []
        self._reading = False
        self._unshown = False

    def start(self, name: str, values: Attributes) -> None:
        if name == "row":
            self._cells, self._at = [], 0
            self._unshown = values.get("hidden", "0") in ("1", "true")
        elif name == "c":
            self._kind, self._style = values.get("t", "n"), values.get("s", "")
            self._column = _column(values.get("r", "")) or self._at + 1
            self._text.clear()
        self._reading = name in ("v", "t")

    def end(self, name: str) -> None:
        self._reading = False
        if name == "c" and (text := self._shown("".join(self._text))):
            gap = self._column - self._at - 1
            self._cells += [""] * min(max(gap, 0), MOST_GAP) + [text]
            self._at = self._column
        elif name == "row" and not self._unshown:
            self.rows.add(self._cells)

    def characters(self, text: str) -> None:
        if self._reading:
            self._text.append(text)

    def _shown(self, text: str) -> str:
        if self._kind == "s":
            known = text.isdecimal() and len(text) < 9 and int(text) < len(self._strings)
            return self._strings[int(text)] if known else ""
        if self._kind == "b":
            return BOOLEANS.get(text, text)
        if self._kind != "n" or not text:
            return text
        known = self._style.isdecimal() and len(self._style) < 9
        code = (
            self._formats[int(self._style)]
            if known and int(self._style) < len(self._formats)
            else ""
        )
        return numberforms.shown(text, code, since_1904=self._since_1904)


class OpenDocument(Handler):
    """The sheets of an .ods, whose cells hold what they show."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, Lines]] = []
        self._cells: list[str] = []
        self._text: list[str] = []
        self._repeated = self._rows = 1
        self._paragraph = self._note = self._gap = 0

    def start(self, name: str, values: Attributes) -> None:
        if name == "table":
            self.sheets.append((values.get("name", ""), Lines()))
        elif name == "table-row":
            self._cells, self._gap = [], 0
            self._rows = _times(values.get("number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell"):
            self._text.clear()
            self._repeated = _times(values.get("number-columns-repeated"))
        elif name == "annotation":
            self._note += 1
        elif name == "p":
            self._paragraph += 1
        elif name in ("s", "tab", "line-break") and self._paragraph:
            self._text.append(" ")

    def end(self, name: str) -> None:
        if name in ("table-cell", "covered-table-cell"):
            text = "".join(self._text).strip()
            self._cells += [text] * self._repeated
        elif name == "table-row" and self.sheets:
            for _ in range(self._rows if any(self._cells) else 0):
                self.sheets[-1][1].add(self._cells)
        elif name == "annotation":
            self._note -= 1
        elif name == "p":
            self._paragraph -= 1
            self._text.append(" ")

    def characters(self, text: str) -> None:
        if self._paragraph and not self._note:
            self._text.append(text)


def told(name: str, lines: list[str]) -> Iterator[str]:
    """The lines of a sheet under its name."""
    if lines:
        yield f"# {' '.join(name.split())}"
        yield from lines


def _column(reference: str) -> int:
    """The number of a cell's column, 1 for A; 0 where it is not told."""
    match = COLUMN.match(reference)
    number = 0
    for char in match[0] if match else "":
        number = number * 26 + ord(char) - ord("A") + 1
    return number


def _times(value: str | None) -> int:
    return min(int(value), MOST_GAP) if value and value.isdecimal() and len(value) < 9 else 1
