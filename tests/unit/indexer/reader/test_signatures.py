"""A file is what its bytes say, whatever it is called."""

from __future__ import annotations

import pytest

from chabao.indexer.reader import formats
from chabao.tests.unit.indexer.reader import made

PAGE = "<!DOCTYPE html><html><body><p>受理。</p></body></html>"
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
WORD, BOOK = (
    "WordDocument".encode("utf-16-le") + b"\0\0",
    "Workbook".encode("utf-16-le") + b"\0\0",
)


@pytest.mark.parametrize(
    ("data", "name", "module"),
    [
        (made.docx(made.paragraph("甲")), "a.txt", "word"),
        (made.docx(made.paragraph("甲")), "a.zip", "word"),
        (made.zipped({"[Content_Types].xml": "<T/>", "xl/workbook.xml": "<w/>"}), "a.xls",
         "spreadsheets"),
        (made.zipped(ODS), "a.txt", "spreadsheets"),
        (made.zipped({"内.docx": made.docx("")}), "a.docx", "archive"),
        (PAGE.encode(), "a.doc", "web"),
        (PAGE.encode("utf-16"), "a.xls", "web"),
        (PAGE.encode(), "a.txt", "web"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "a.doc", "web"),
        (b"{\\rtf1\\ansi}", "a.doc", "office"),
        (b"{\\rtf1\\ansi}", "a.docx", "office"),
        (OLE + WORD, "a.wps", "office"),
        (OLE + WORD, "a.docx", "office"),
        (OLE + BOOK, "a.et", "spreadsheets"),
        (OLE + BOOK, "a.doc", "spreadsheets"),
        (OLE, "a.xls", "spreadsheets"),
        (OLE, "a.doc", "office"),
        ("受理。".encode(), "a.docx", "text"),
        ("受理。".encode(), "a.txt", "text"),
        ("# 甲\n写 `<html>` 的文件。".encode(), "a.md", "text"),
        (b"<p>x</p>", "a.htm", "web"),
    ],
)  # fmt: skip
def test_formats_are_told_by_bytes(data: bytes, name: str, module: str) -> None:
    assert formats.module_of(name, data) == module
