"""Archives (.zip): each document in them, by its path there; archives in archives to a depth.

Nothing is unpacked to disk, so that no name of an entry can lead anywhere. What cannot be read is
told with its path, and the rest is read.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from chabao.indexer.reader import formats
from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.reader.packages import MOST_IN_ALL, Package

MOST_DEEP = 3
"""Archives within one another: a year's, a month's, an issue's."""
MOST_DOCUMENTS = 5_000
UTF8 = 0x800
"""The flag of an entry that says its name is UTF-8."""
IGNORED = frozenset({"__MACOSX", "Thumbs.db", ".DS_Store", "desktop.ini"})


class _Room:
    """What all archives within one another may unpack together."""

    def __init__(self) -> None:
        self.bytes = MOST_IN_ALL
        self.documents = MOST_DOCUMENTS

    def take(self, size: int) -> None:
        self.bytes -= size
        self.documents -= 1
        if self.bytes < 0:
            raise Unreadable(reason="refused: too large when unpacked")
        if self.documents < 0:
            raise Unreadable(reason="refused: too many files in it")


def documents(data: bytes, name: str) -> Iterator[Document]:
    """Every document of an archive. Raises Unreadable where none can be read.

    An entry that cannot be read is a document without text, its one remark the reason.
    """
    refused: list[Document] = []
    found = False
    for document in _documents(data, "", 1, _Room()):
        if document.text:
            found = True
            yield document
        else:
            refused.append(document)
    if not found:
        raise Unreadable(reason=refused[0].remarks[0] if refused else "there is no text in it")
    yield from refused


def _documents(data: bytes, within: str, depth: int, room: _Room) -> Iterator[Document]:
    package = Package(data)
    for entry in package.entries:
        path = _decoded_name(entry)
        parts = PurePosixPath(path).parts
        if entry.is_dir() or not parts or IGNORED & {*parts} or parts[-1].startswith("."):
            continue
        if PurePosixPath(path).suffix.lower() not in formats.SUFFIXES:
            continue
        inner = within + path
        try:
            _check(entry, path)
            room.take(entry.file_size)
            yield from _read(package.read(entry), inner, depth, room)
        except Unreadable as error:
            yield Document("", name=_safe(inner), remarks=(error.reason,))
            if room.bytes < 0 or room.documents < 0:
                return


def _read(data: bytes, inner: str, depth: int, room: _Room) -> Iterator[Document]:
    if formats.module_of(inner, data) == "archive":
        if depth >= MOST_DEEP:
            raise Unreadable(reason="refused: archives within archives within archives")
        yield from _documents(data, inner + "/", depth + 1, room)
        return
    for document in formats.documents(data, inner):
        yield replace(document, name=_safe(inner))


def _check(entry: zipfile.ZipInfo, path: str) -> None:
    """Refuses entries that are no plain files, or whose names lead out of the archive."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Unreadable(reason="refused: a link or a device")
    if path.startswith("/") or path[1:2] == ":" or ".." in PurePosixPath(path).parts:
        raise Unreadable(reason="refused: its name leads out of the archive")


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name. Without a flag it is in the encoding of the machine that packed it: in China
    GBK, on newer systems UTF-8 all the same, in the standard CP437."""
    name = entry.filename
    if not entry.flag_bits & UTF8:
        raw = entry.orig_filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _safe(path: str) -> str:
    """A path without what could steer a screen or a file system."""
    return "".join(char if char.isprintable() else "\ufffd" for char in path)
