"""A file of named sections, each block of which carries a checksum.

    magic · format | section · section · … | checksum of each block | directory | trailer

A block is checked when it is first touched, so that opening costs the same whatever the size, and
nothing damaged is ever answered from. The directory is JSON; nothing in a file is executed.
Numbers are little-endian.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

from chabao.indexer import regular
from chabao.indexer.errors import DamagedIndex, OldIndex

FORMAT = 2
MAGIC = b"CHABAO"
HEADER = struct.Struct("<6sH")
TRAILER = struct.Struct("<QQQII6s2x")
"""Body's end, table's end, directory's end, checksum of table and directory, block size, magic."""
END = MAGIC + bytes(2)
BLOCK_BITS = 14
BLOCK = 1 << BLOCK_BITS
Code = Literal["B", "H", "I", "i", "Q"]
SIZES: dict[Code, int] = {"B": 1, "H": 2, "I": 4, "i": 4, "Q": 8}


class Seal(NamedTuple):
    """What tells a file from every other: its bytes, and the checksum of all its checksums."""

    size: int
    check: int


class Writer:
    """Writes sections one after the other; `close` seals the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sections: dict[str, tuple[int, int]] = {}
        self._sums: list[int] = []
        self._at = 0
        self._pending = bytearray()
        self._put(HEADER.pack(MAGIC, FORMAT))

    def _put(self, data: bytes | memoryview) -> None:
        """Writes bytes, and sums each block as it fills."""
        self._file.write(data)
        self._at += len(data)
        view = memoryview(data)
        if self._pending:
            missing = BLOCK - len(self._pending)
            self._pending += view[:missing]
            view = view[missing:]
            if len(self._pending) < BLOCK:
                return
            self._sums.append(zlib.crc32(self._pending))
            self._pending = bytearray()
        whole = len(view) // BLOCK * BLOCK
        self._sums.extend(zlib.crc32(view[i : i + BLOCK]) for i in range(0, whole, BLOCK))
        self._pending += view[whole:]

    def begin(self, name: str) -> None:
        """Starts a section; what `write` is given next belongs to it."""
        self._put(bytes(-self._at % 8))
        self._sections[name] = (self._at, self._at)

    def write(self, data: bytes | memoryview) -> None:
        name, (start, _) = next(reversed(self._sections.items()))
        self._put(data)
        self._sections[name] = (start, self._at)

    def section(self, name: str, data: bytes | memoryview) -> None:
        self.begin(name)
        self.write(memoryview(data).cast("B"))

    def close(self, meta: Mapping[str, Any]) -> None:
        if self._pending:
            self._sums.append(zlib.crc32(self._pending))
        table = struct.pack(f"<{len(self._sums)}I", *self._sums)
        directory = json.dumps(
            {"sections": self._sections, "meta": meta}, ensure_ascii=False
        ).encode()
        table_end = self._at + len(table)
        self._file.write(table)
        self._file.write(directory)
        tail = (self._at, table_end, table_end + len(directory))
        check = zlib.crc32(directory, zlib.crc32(table, zlib.crc32(struct.pack("<QQQ", *tail))))
        self._file.write(TRAILER.pack(*tail, check, BLOCK, MAGIC))
        self._file.close()

    def cancel(self) -> None:
        # On a full disk what is not written yet cannot be; nobody wants it any more.
        with suppress(OSError):
            self._file.close()


class Numbers:
    """A section as a sequence of numbers; each block is checked before its first number is read."""

    __slots__ = ("_first", "_length", "_reader", "_shift", "_view")

    def __init__(self, reader: Reader, start: int, end: int, code: Code) -> None:
        self._reader = reader
        self._first = start
        self._shift = SIZES[code].bit_length() - 1
        self._view: memoryview[int] = reader.buffer[start:end].cast(code)
        self._length = len(self._view)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> int:
        block = (self._first + (index << self._shift)) >> BLOCK_BITS
        if not self._reader.checked[block]:
            self._reader.check(block, block + 1)
        return self._view[index]

    def part(self, start: int, end: int) -> memoryview:
        """Numbers `start` to `end` as a view on the file."""
        self._reader.touch(self._first + (start << self._shift), self._first + (end << self._shift))
        return self._view[start:end]

    def whole(self) -> memoryview:
        return self.part(0, self._length)


class Reader:
    """A sealed file, mapped into memory.

    Raises DamagedIndex where a checksum, a size or the trailer is wrong, or the file is not that of
    the `seal` which is expected; OldIndex where the format has another number.
    """

    def __init__(self, path: Path, seal: Seal | None = None) -> None:
        self.path = path
        try:
            self._map = _map(path)
            self.buffer = memoryview(self._map)
        except FileNotFoundError as error:
            raise DamagedIndex(path=path.name, reason="missing") from error
        except PermissionError:
            raise  # what may not be read is not damaged
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DamagedIndex(path=path.name, reason=reason) from error
        try:
            self._open()
        except (
            struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError,
        ) as error:  # fmt: skip
            raise DamagedIndex(path=path.name, reason="directory") from error
        if seal and seal != self.seal:
            raise DamagedIndex(path=path.name, reason="another file in its place")

    def _open(self) -> None:
        buffer = self.buffer
        if len(buffer) < HEADER.size + TRAILER.size or sys.byteorder != "little":
            raise ValueError
        body, table, directory, check, block, _ = TRAILER.unpack(buffer[-TRAILER.size :])
        if buffer[-len(END) :] != END or directory + TRAILER.size != len(buffer):
            raise ValueError
        found = zlib.crc32(buffer[-TRAILER.size : -TRAILER.size + 24])
        found = zlib.crc32(buffer[body:table], found)
        if check != zlib.crc32(buffer[table:directory], found):
            raise ValueError
        magic, number = HEADER.unpack(buffer[: HEADER.size])
        if magic == MAGIC and number != FORMAT:
            raise OldIndex(path=self.path, found=number, expected=FORMAT)
        if magic != MAGIC or block != BLOCK:
            raise ValueError
        contents = json.loads(bytes(buffer[table:directory]))
        self.meta: dict[str, Any] = dict(contents["meta"])
        self._sections = {name: (start, end) for name, (start, end) in contents["sections"].items()}
        if not all(0 <= start <= end <= body for start, end in self._sections.values()):
            raise ValueError
        self._body = body
        self._sums = buffer[body:table].tobytes()
        self.checked = bytearray(-(-body // BLOCK))
        if len(self._sums) != 4 * len(self.checked):
            raise ValueError
        self.seal = Seal(len(buffer), check)

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def names(self) -> list[str]:
        return list(self._sections)

    def numbers(self, name: str, code: Code) -> Numbers:
        """A section as numbers of `array` type code `code`."""
        start, end = self.span(name)
        if (end - start) % SIZES[code]:
            raise DamagedIndex(path=self.path.name, reason=name)
        return Numbers(self, start, end, code)

    def span(self, name: str) -> tuple[int, int]:
        """Where a section lies. Raises DamagedIndex where there is none of that name."""
        try:
            return self._sections[name]
        except KeyError as error:
            raise DamagedIndex(path=self.path.name, reason=f"no {name}") from error

    def bytes(self, start: int, end: int) -> memoryview:
        """Checked bytes of the file."""
        self.touch(start, end)
        return self.buffer[start:end]

    def section(self, name: str) -> memoryview:
        return self.bytes(*self.span(name))

    def touch(self, start: int, end: int) -> None:
        """Checks every block of a range that has not been checked."""
        first, last = start >> BLOCK_BITS, (end + BLOCK - 1) >> BLOCK_BITS
        if 0 in self.checked[first:last]:
            self.check(first, last)

    def check(self, first: int, last: int) -> None:
        for block in range(first, last):
            if self.checked[block]:
                continue
            start = block << BLOCK_BITS
            found = zlib.crc32(self.buffer[start : min(start + BLOCK, self._body)])
            if found != int.from_bytes(self._sums[4 * block : 4 * block + 4], "little"):
                raise DamagedIndex(path=self.path.name, reason=f"block {block}")
            self.checked[block] = 1

    def forget(self) -> None:
        """Gives back the memory of what was read; it is read again where it is wanted."""
        if sys.platform != "win32":
            self._map.madvise(mmap.MADV_DONTNEED)

    def check_all(self) -> None:
        self.check(0, len(self.checked))


def _map(path: Path) -> mmap.mmap:
    descriptor = regular.descriptor(path)
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)
