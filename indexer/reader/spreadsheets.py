"""Workbooks: .xlsx and .ods cell by cell, .xls and .et through calamine. A line a row.

Sheets are headed by their names; numbers and days stand as the workbook shows them, in .xls as it
stores them. Hidden sheets and rows are not shown.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from chabao.indexer.reader import sheets
from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.reader.packages import MAGIC, Package
from chabao.indexer.reader.sheets import Lines

BOOK = "xl/workbook.xml"
CONTENT = "content.xml"
MOST_BYTES = 64 << 20


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a workbook is: all its sheets. Raises Unreadable."""
    if data.startswith(MAGIC):
        package = Package(data)
        if BOOK in package.names:
            lines = [*_workbook(package)]
        elif CONTENT in package.names:
            lines = [*_open_document(package)]
        else:
            raise Unreadable(reason="not a workbook: there are no sheets in it")
    else:
        lines = [*_old(data)]
    if not lines:
        raise Unreadable(reason="there is no text in it")
    yield Document("".join(f"{line}\n" for line in lines))


def _workbook(package: Package) -> Iterator[str]:
    book, relations = sheets.Book(), sheets.Relations()
    strings, formats = sheets.Strings(), sheets.Formats()
    for part, handler in (
        (BOOK, book), ("xl/_rels/workbook.xml.rels", relations),
        ("xl/sharedStrings.xml", strings), ("xl/styles.xml", formats),
    ):  # fmt: skip
        if part in package.names:
            handler.parse(package.chunks(part))
    for name, relation in book.sheets:
        part = relations.found.get(relation, "")
        if part in package.names:
            sheet = sheets.Sheet(strings.found, formats.found, book.since_1904)
            sheet.parse(package.chunks(part))
            yield from sheets.told(name, sheet.rows.lines)


def _open_document(package: Package) -> Iterator[str]:
    content = sheets.OpenDocument()
    content.parse(package.chunks(CONTENT))
    for name, rows in content.sheets:
        yield from sheets.told(name, rows.lines)


def _old(data: bytes) -> Iterator[str]:
    import python_calamine as calamine

    if len(data) > MOST_BYTES:
        raise Unreadable(reason="refused: too large")
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        for described in book.sheets_metadata:
            if described.visible != calamine.SheetVisibleEnum.Visible:
                continue
            rows = Lines()
            for cells in book.get_sheet_by_name(described.name).to_python():
                rows.add([_cell(cell) for cell in cells])
            yield from sheets.told(described.name, rows.lines)
    except calamine.PasswordError as error:
        raise Unreadable(reason="it has a password; save it without one") from error
    except Unreadable:
        raise
    except BaseException as error:
        # A panic of the library is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise Unreadable(reason="damaged: not a workbook that can be read") from error


def _cell(value: object) -> str:
    """A value of calamine's as a workbook shows it that says nothing of formats."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.11g}" if abs(value) < 1e11 else f"{value:f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if (value.hour or value.minute) else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return "" if value is None else str(value)
