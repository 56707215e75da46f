"""Sheets as Excel workbooks: the one door to XlsxWriter."""

from __future__ import annotations

import re
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import xlsxwriter

from chabao.search.errors import CellTooLong, SheetTooLong
from chabao.search.output.cells import Cell, finite, held
from chabao.search.output.text import width

if TYPE_CHECKING:
    from chabao.search.output.sheets import Sheet

ROWS = 1_048_576
"""Of a sheet, the heads among them."""
CHARACTERS = 32_767
"""Of a cell, counted in UTF-16."""
EXACT = 10**15
"""Whole numbers from here on lose digits in Excel, and are written as texts."""
WIDEST, MEASURED = 60, 100
"""Columns are as wide as the widest of the first cells, within bounds."""
PIECE = 1 << 20


def workbook(sheet: Sheet) -> Iterator[bytes]:
    """The bytes of a workbook; rows wait on the disk, not in memory, until all are there.

    Every text is stored as a text, so that none is a formula, a link or a number. Raises
    CellTooLong and SheetTooLong: nothing is cut.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as file,
    ):
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        try:
            _fill(book, sheet)
            book.close()
        except BaseException as error:
            # a zip file that was begun ends while its file is still there
            traceback.clear_frames(error.__traceback__)
            raise
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _fill(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.name)[:31])
    try:
        _rows(book, page, sheet)
    except BaseException:
        page.row_data_fh.close()  # which only a workbook that is closed would do
        raise


def _rows(book: Any, page: Any, sheet: Sheet) -> None:
    page.freeze_panes(1, 0)
    _write(page, 0, sheet.columns, sheet.columns, book.add_format({"bold": True}))
    widths = list(map(_width, sheet.columns))
    number = 0
    for number, row in enumerate(sheet.rows, 1):
        if number >= ROWS:
            raise SheetTooLong(most=ROWS - 1)
        _write(page, number, row, sheet.columns)
        if number <= MEASURED:
            widths = list(map(max, widths, map(_width, row)))
    for column, columns in enumerate(widths):
        page.set_column(column, column, min(columns, WIDEST) + 2)
    page.autofilter(0, 0, number, len(sheet.columns) - 1)


def _write(
    page: Any, number: int, row: Sequence[Cell], columns: Sequence[str], form: Any = None
) -> None:
    for column, (cell, name) in enumerate(zip(row, columns, strict=True)):
        text = _text(cell)
        if text is None:
            page.write(number, column, cell, form)
        elif len(text) > CHARACTERS // 2 and len(text.encode("utf-16-le")) > 2 * CHARACTERS:
            raise CellTooLong(row=number + 1, column=name, length=len(text), most=CHARACTERS)
        else:
            page.write_string(number, column, text, form)


def _width(cell: Cell) -> int:
    shown = "" if cell is None else str(cell)[: 10 * WIDEST]
    return max((width(line) for line in shown.split("\n")), default=0)


def _text(cell: Cell) -> str | None:
    """A cell that is written as a text; None is a number, or nothing."""
    cell = finite(cell)
    if isinstance(cell, str):
        return held(cell, "xlsx")
    return str(cell) if isinstance(cell, int) and abs(cell) >= EXACT else None
