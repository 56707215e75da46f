"""The table of contents of a commit: which segments it has, and the seals of their files.

    Whoosh's table | segments as JSON | length of Whoosh's table · checksum · format · magic

Whoosh's part is for Whoosh, which pickles; here it is never read. What stands behind it is data,
and the checksum is of everything before it, so that nothing changes unseen.
"""

from __future__ import annotations

import json
import re
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from chabao.indexer import regular
from chabao.indexer.codecs.container import FORMAT, MAGIC, Seal
from chabao.indexer.errors import DamagedIndex, MissingIndex, OldIndex, OtherIndex, RestlessIndex

NAME = "MAIN"
TOC = re.compile(rf"_{NAME}_(\d{{1,9}})\.toc")
LAST = 999_999_999
"""The largest number that a commit can have."""
SEGMENT = re.compile(rf"{NAME}_[0-9a-z]{{1,64}}")
FILE = re.compile(rf"{SEGMENT.pattern}\.ch[pr]")
LOCKS = "queue.lock", "writer.lock"
"""What the next writer of an index holds, and the one that writes."""
POSTINGS, RECORDS = SUFFIXES = ".chp", ".chr"
"""What the names of the two files of a segment end in."""
TRAILER = struct.Struct("<QIH6s")
WHOOSH = b"\xff\xff\xcf\xc7"
"""What Whoosh writes at place 3 to tell byte orders apart."""
PROGRAM = b"chabao"
"""Stands in what Whoosh pickles for us: where the kinds of our fields come from."""
PICKLED = b"\x80\x02"
"""How what is pickled begins."""
ATTEMPTS = 5
PAUSE = 0.01
"""How often, and after how many seconds, a folder is looked into again that has files of an index
and no table: one may be put in another's place while the folder is being read."""
REPLACED = 50
"""How often a commit is looked at whose place another has taken meanwhile."""
T = TypeVar("T")


Commit = tuple[int, str]
"""The number of a commit, and the identity of its index."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment of the index as the table names it; `seals` are those of its files by suffix."""

    name: str
    size: int
    deleted: frozenset[int]
    seals: Mapping[str, Seal]


@dataclass(frozen=True, slots=True)
class Contents:
    """A commit: its generation and its segments, oldest first; `identity` tells its index from
    every other."""

    generation: int
    segments: tuple[Entry, ...]
    identity: str

    @property
    def commit(self) -> Commit:
        return self.generation, self.identity


def path_of(folder: Path, number: int) -> Path:
    """The table of a commit."""
    return folder / f"_{NAME}_{number}.toc"


def generation(folder: Path) -> int:
    """The newest commit's number. Raises MissingIndex where there is none, DamagedIndex where there
    is only what it was made of."""
    for _ in range(ATTEMPTS):
        try:
            names = [path.name for path in folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingIndex(path=folder) from error
        found = numbers(names)
        if found:
            return max(found)
        if not any(map(FILE.fullmatch, names)):
            raise MissingIndex(path=folder)
        time.sleep(PAUSE)
    raise DamagedIndex(path=f"_{NAME}_*.toc", reason="missing")


def numbers(names: Iterable[str]) -> set[int]:
    """The numbers of the commits whose tables are among the files of a folder."""
    return {int(match[1]) for match in map(TOC.fullmatch, names) if match}


def read(folder: Path) -> Contents:
    """The newest commit. Raises MissingIndex, DamagedIndex, OldIndex, OtherIndex; FileNotFoundError
    where a writer put a newer one in its place meanwhile."""
    number = generation(folder)
    path = path_of(folder, number)
    try:
        data = regular.read(path)
    except FileNotFoundError as error:
        if generation(folder) != number:
            raise
        raise DamagedIndex(path=path.name, reason="missing") from error
    except PermissionError:
        raise
    except OSError as error:
        raise DamagedIndex(path=path.name, reason=error.strerror or str(error)) from error
    try:
        return _contents(data, number)
    except _Old as error:
        if _is_anothers(data) and not any(FILE.fullmatch(each.name) for each in folder.iterdir()):
            raise OtherIndex(path=folder) from error
        raise OldIndex(path=folder, found=error.args[0], expected=FORMAT) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedIndex(path=path.name, reason="not a table of contents") from error


def check_own(folder: Path) -> None:
    """Raises OtherIndex where there is an index, and it is none of this program."""
    with suppress(MissingIndex, DamagedIndex, OldIndex, FileNotFoundError):
        read(folder)


def commit(folder: Path) -> Commit:
    """Number and index of the newest commit. Raises MissingIndex, DamagedIndex, OldIndex."""
    return newest(folder, lambda contents: contents.commit)


def newest(folder: Path, take: Callable[[Contents], T]) -> T:
    """What is taken of the newest commit; of the next where a writer replaced it meanwhile.

    Raises what `read` and `take` raise of a commit that is still the newest, RestlessIndex where
    none of many was it for long enough.
    """
    for _ in range(REPLACED):
        number = generation(folder)
        try:
            return take(read(folder))
        except (FileNotFoundError, DamagedIndex):
            if generation(folder) == number:
                raise
        time.sleep(PAUSE)
    raise RestlessIndex(path=folder)


def beside(folder: Path, take: Callable[[Contents], T]) -> T:
    """As `newest`, of what lies beside a commit in files that the next one replaces, so that they
    may be of that one unless the commit is still the newest behind it."""

    def taken(contents: Contents) -> T:
        found = take(contents)
        if generation(folder) != contents.generation:
            raise FileNotFoundError("what it says of itself may be of the next commit")
        return found

    return newest(folder, taken)


def sealed(whoosh: bytes, number: int, segments: Iterable[Entry], identity: str = "") -> bytes:
    """The table of a commit; `whoosh` is Whoosh's own."""
    said = {
        "generation": number,
        "index": identity,
        "segments": [
            [each.name, each.size, sorted(each.deleted), dict(each.seals)] for each in segments
        ],
    }
    data = whoosh + json.dumps(said, separators=(",", ":")).encode("ascii")
    return data + TRAILER.pack(len(whoosh), _check(data, len(whoosh)), FORMAT, MAGIC)


class _Old(Exception):
    """The number of another format."""


def _check(data: bytes, whoosh: int) -> int:
    return zlib.crc32(struct.pack("<QH", whoosh, FORMAT), zlib.crc32(data))


def _contents(data: bytes, number: int) -> Contents:
    if len(data) < TRAILER.size:
        raise ValueError("too short")
    body = data[: -TRAILER.size]
    whoosh, check, found, magic = TRAILER.unpack(data[-TRAILER.size :])
    if magic != MAGIC:
        # The first format was Whoosh's table alone, which ends as pickles do.
        if data[3:7] == WHOOSH and data.endswith(b"."):
            raise _Old(1)
        raise ValueError("no trailer")
    if found != FORMAT:
        raise _Old(found)
    if check != _check(body, whoosh):
        raise ValueError("checksum")
    said = json.loads(body[whoosh:])
    entries = tuple(_entry(*each) for each in said["segments"])
    if said["generation"] != number or len({each.name for each in entries}) != len(entries):
        raise ValueError("generation")
    if type(said["index"]) is not str:
        raise TypeError("index")
    return Contents(number, entries, said["index"])


def _is_anothers(table: bytes) -> bool:
    """Whether it is a whole table of Whoosh's, and not for us. What is pickled there is passed
    over, and makes nothing."""
    import pickletools

    if PROGRAM in table:
        return False
    try:
        for _step in pickletools.genops(table[table.index(PICKLED) :]):
            pass
    except ValueError:
        return False
    return True


def _entry(name: str, size: int, deleted: list[int], seals: dict[str, Any]) -> Entry:
    found = {suffix: Seal(*seals[suffix]) for suffix in SUFFIXES}
    if not SEGMENT.fullmatch(name) or not _are_numbers([size, *chain(*found.values())]):
        raise ValueError(name)
    if not _are_numbers(deleted) or not all(at < size for at in deleted):
        raise ValueError("deleted")
    return Entry(name, size, frozenset(deleted), found)


def _are_numbers(values: Iterable[object]) -> bool:
    return all(type(value) is int and value >= 0 for value in values)
