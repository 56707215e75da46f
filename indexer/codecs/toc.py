"""Whoosh's table of contents, read without Whoosh and without running anything it says.

The table holds a pickled schema, which is skipped, and a pickled list of segments, which is read by
an unpickler that can build one plain class and sets.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chabao.indexer.errors import DamagedIndex, MissingIndex

NAME = "MAIN"
TOC = re.compile(rf"_{NAME}_(\d+)\.toc")
SEGMENT_CLASS = ("chabao.indexer.codecs.whoosh_", "BulletinSegment")
MARK = -12345
"""What Whoosh writes to tell byte orders apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment of the index as the table names it."""

    name: str
    size: int
    deleted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Contents:
    """A commit: its generation and its segments, oldest first."""

    generation: int
    segments: tuple[Entry, ...]


def generation(folder: Path) -> int:
    """The newest commit's number. Raises MissingIndex where there is none."""
    try:
        names = [TOC.fullmatch(path.name) for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingIndex(path=folder) from error
    found = [int(match[1]) for match in names if match]
    if not found:
        raise MissingIndex(path=folder)
    return max(found)


def read(folder: Path) -> Contents:
    """The newest commit. Raises MissingIndex, DamagedIndex; FileNotFoundError where a writer put a
    newer one in its place meanwhile."""
    number = generation(folder)
    path = folder / f"_{NAME}_{number}.toc"
    data = path.read_bytes()
    try:
        entries = _entries(io.BytesIO(data), number)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError) as error:
        raise DamagedIndex(path=path.name, reason="not a table of contents") from error
    except (struct.error, pickle.UnpicklingError, MemoryError, OverflowError) as error:
        raise DamagedIndex(path=path.name, reason="not a table of contents") from error
    return Contents(number, entries)


def _entries(file: io.BytesIO, number: int) -> tuple[Entry, ...]:
    for _ in range(3):
        _varint(file)
    if _int(file) != MARK:
        raise ValueError("byte order")
    _int(file)
    for _ in range(3):
        _varint(file)
    file.seek(_varint(file), io.SEEK_CUR)
    if _int(file) != number:
        raise ValueError("generation")
    _int(file)
    segments = _Unpickler(file).load()
    if file.read(1):
        raise ValueError("more than a table")
    return tuple(segment.entry() for segment in segments)


def _int(file: io.BytesIO) -> int:
    (number,) = struct.unpack("!i", file.read(4))
    return int(number)


def _varint(file: io.BytesIO) -> int:
    number = shift = 0
    while True:
        byte = file.read(1)[0]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number
        shift += 7
        if shift > 35:
            raise ValueError("number too long")


class _Segment:
    """Stands in for the segment class: takes its state as data."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.state = dict(state)

    def entry(self) -> Entry:
        name = f"{self.state['indexname']}_{self.state['segid']}"
        if not re.fullmatch(rf"{NAME}_[0-9a-z]+", name):
            raise ValueError(name)
        size, deleted = int(self.state["size"]), frozenset(self.state["deleted"])
        if size < 0 or not all(type(at) is int and 0 <= at < size for at in deleted):
            raise ValueError("deleted")
        return Entry(name, size, deleted)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == SEGMENT_CLASS:
            return _Segment
        if (module, name) == ("builtins", "set"):
            return set
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("no persistent objects")
