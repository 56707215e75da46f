"""What a file is by its bytes, whatever it is called.

Programs write web pages as .doc and RTF as .doc, and people rename files.
"""

from __future__ import annotations

import re

from chabao.indexer.reader import packages
from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.packages import Package

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
PDF = b"%PDF-"
IMAGES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a", b"BM",
)  # fmt: skip
HEAD = 1024
"""Bytes within which a format shows."""
BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
PAGE = re.compile(
    rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|meta\s|title[\s>])", re.IGNORECASE
)
MAIL = re.compile(rb"(?:From|MIME-Version|Content-Type|Date|Subject|Snapshot-[\w-]+): ?\S")
MULTIPART = re.compile(rb"(?i)content-type:\s*(?:multipart/related|text/html)")
PARTS = (("word/", "word"), ("xl/", "spreadsheets"))
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "office",
    b"application/vnd.oasis.opendocument.spreadsheet": "spreadsheets",
}
TEXTUAL = frozenset({"text", "web"})
"""Modules whose files have no signature."""


def format_said(data: bytes, named: str) -> str:
    """The module that reads what the bytes are: `named` (by the suffix) where they do not say."""
    if data.startswith(packages.MAGIC):
        return _packed(data, named)
    if data.startswith(OLE):
        return _compound(data, named)
    head = data[:HEAD].lstrip(BLANK)
    if head.startswith(RTF):
        return "office"
    if PDF in data[:HEAD]:
        return "pdf"
    if data.startswith(IMAGES[:-1]) or (data.startswith(IMAGES[-1]) and named == "scans"):
        return "scans"
    if _is_web(head, named):
        return "web"
    # A suffix that promises a signature which is not there: some text, or nothing that we read.
    return named if named in TEXTUAL else "text"


def _is_web(head: bytes, named: str) -> bool:
    plain = head.replace(b"\0", b"")
    if MAIL.match(plain) and MULTIPART.search(plain):
        return True
    # A Markdown or text file may quote markup: there it must be what the file begins with.
    found = PAGE.search(plain)
    return found is not None and (named != "text" or plain.startswith((b"<!", b"<html", b"<HTML")))


def _packed(data: bytes, named: str) -> str:
    try:
        package = Package(data)
        if "mimetype" in package.names:
            kind = package.read("mimetype").strip()
            if kind in OPEN_DOCUMENT:
                return OPEN_DOCUMENT[kind]
    except Unreadable:
        # Its reader tells why.
        return named if named in {"word", "spreadsheets"} else "archive"
    if "[Content_Types].xml" in package.names:
        for folder, module in PARTS:
            if any(name.startswith(folder) for name in package.names):
                return module
    return "archive"


def _compound(data: bytes, named: str) -> str:
    """Files in Microsoft's compound format name their streams in UTF-16."""
    if _stream("WordDocument") in data:
        return "office"
    if _stream("Workbook") in data or _stream("Book") in data:
        return "spreadsheets"
    return "spreadsheets" if named == "spreadsheets" else "office"


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"
