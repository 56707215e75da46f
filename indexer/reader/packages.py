"""Zip files opened with care: Word files, workbooks, archives.

Nothing is unpacked to disk, and no more is unpacked than the limits allow, whatever the file says
of its own sizes.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from chabao.indexer.reader.document import Unreadable

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
ENTRY = b"PK\x01\x02"
"""How each entry of a zip's directory begins."""
MOST_ENTRIES = 10_000
MOST_BYTES = 64 << 20
"""Bytes of one entry when unpacked."""
MOST_IN_ALL = 256 << 20
"""Bytes of all that is read from a zip."""
MOST_RATIO = 500
"""Bytes that one byte may become: the XML of 600 empty rows was 132, a bomb is near 1,030."""
FREE = 1 << 20
"""Bytes that are unpacked before the ratio counts."""
CHUNK = 1 << 16
LOCAL_HEADER = 30
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, RuntimeError,
    NotImplementedError, OverflowError, IndexError,
)  # fmt: skip
"""What zipfile raises on damaged files."""


@contextmanager
def told() -> Iterator[None]:
    """Turns what zipfile raises into Unreadable."""
    try:
        yield
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable(reason="damaged: it cannot be unpacked") from error


class Package:
    """A zip file in memory. `spent` counts the bytes that have been unpacked of it."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable where the directory is damaged, or shows a bomb."""
        if data.count(ENTRY) > MOST_ENTRIES:
            raise Unreadable(reason="refused: too many files in it")
        with told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.entries = self._zip.infolist()
        self.names = frozenset(entry.filename for entry in self.entries)
        self.spent = 0
        _check_layout(self.entries)

    def read(self, entry: str | zipfile.ZipInfo) -> bytes:
        """One entry, unpacked. Raises Unreadable."""
        return b"".join(self.chunks(entry))

    def chunks(self, entry: str | zipfile.ZipInfo) -> Iterator[bytes]:
        """One entry, piece by piece. Raises Unreadable."""
        with told():
            info = self._zip.getinfo(entry) if isinstance(entry, str) else entry
            if info.flag_bits & ENCRYPTED:
                raise Unreadable(reason="it has a password; save it without one")
            if info.compress_type not in METHODS:
                raise Unreadable(reason="packed in a way that few programs can read; pack it anew")
            size = 0
            with self._zip.open(info) as file:
                while chunk := file.read(CHUNK):
                    size += len(chunk)
                    self._count(len(chunk), size, info.compress_size)
                    yield chunk

    def unpack_all(self) -> None:
        """Unpacks everything once and keeps nothing: what a library then unpacks is known."""
        for entry in self.entries:
            for _ in self.chunks(entry):
                pass

    def _count(self, more: int, size: int, packed: int) -> None:
        self.spent += more
        if size > MOST_BYTES or self.spent > MOST_IN_ALL:
            raise Unreadable(reason="refused: too large when unpacked")
        if size > FREE and size > MOST_RATIO * max(packed, 1):
            raise Unreadable(reason="refused: packed so tightly that it looks like a bomb")


def _check_layout(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small file becomes a large one without any ratio."""
    if sum(entry.file_size for entry in entries) > MOST_IN_ALL:
        raise Unreadable(reason="refused: too large when unpacked")
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    for (start, size), (following, _) in pairwise(places):
        if start + LOCAL_HEADER + size > following:
            raise Unreadable(reason="refused: the files in it overlap")
