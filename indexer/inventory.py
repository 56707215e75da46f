"""What an index says of the files in it: their states, their documents, what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a file. `source` is the file's, or goes on with the path inside of it.

    `issue` is a digest of what the issue is called, `text` one of what it says ("" where nothing
    does); `copy_of` the source of the better copy that is indexed in its place. `remarks` say what
    looks wrong: messages, translated where they are shown.
    """

    source: str
    issue: str
    text: str
    items: int
    characters: int
    copy_of: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that was read: its state on disk, its digest, and the documents that it gave.

    `refused` is the reason by the path inside the file, "" for what is left of the file.
    """

    path: str
    stamp: tuple[int, ...]
    digest: str
    parts: tuple[Part, ...]
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def indexed(self) -> tuple[Part, ...]:
        """The documents that are no copies of others."""
        return tuple(part for part in self.parts if not part.copy_of)

    @property
    def issues(self) -> int:
        return len(self.indexed)

    @property
    def items(self) -> int:
        return sum(part.items for part in self.indexed)

    @property
    def characters(self) -> int:
        return sum(part.characters for part in self.indexed)


@dataclass(slots=True)
class Manifest:
    """`roots` are the folders indexed, by the name that begins their sources; `files` are the
    entries by source; `refused` the reason by path, of files that gave nothing.

    `stamps` are the states of refused files that are not worth another try while `readers`, what
    this machine can read, stays the same.
    """

    roots: dict[str, str] = field(default_factory=dict)
    files: dict[str, Entry] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, tuple[int, ...]] = field(default_factory=dict)
    readers: str = ""

    def kept(self) -> Manifest:
        """As it is now, whatever becomes of it."""
        return Manifest(
            dict(self.roots), dict(self.files), dict(self.refused), dict(self.stamps), self.readers
        )


def paths(known: Manifest) -> dict[str, str]:
    """Where each document is, by source: the path of its file, and on inside of it."""
    return {
        part.source: entry.path + part.source.removeprefix(source)
        for source, entry in known.files.items()
        for part in entry.parts
    }


def refused(known: Manifest) -> dict[str, str]:
    """What could not be read, and why, by path; what lies in an archive too."""
    found = dict(known.refused)
    for entry in known.files.values():
        for name, reason in entry.refused.items():
            found[f"{entry.path}/{name}" if name else entry.path] = reason
    return found


def read(data: dict[str, Any]) -> Manifest:
    """A manifest of what JSON says. Raises ValueError, KeyError, TypeError, AttributeError."""
    files = {source: _entry(entry) for source, entry in data["files"].items()}
    stamps = {path: tuple(stamp) for path, stamp in data["stamps"].items()}
    roots, refused = folders(data["roots"]), _strings(data["refused"])
    parts = [part for entry in files.values() for part in entry.parts]
    if not {part.copy_of for part in parts} <= {"", *(part.source for part in parts)}:
        raise ValueError("a copy of nothing")
    return Manifest(roots, files, refused, stamps, str(data["readers"]))


def folders(data: dict[str, Any]) -> dict[str, str]:
    """The folders by name. Raises ValueError, AttributeError."""
    roots = _strings(data)
    if any("\0" in path for path in roots.values()):
        raise ValueError("no path")
    return roots


def _strings(data: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}


def _entry(data: dict[str, Any]) -> Entry:
    parts = tuple(Part(**{**part, "remarks": tuple(part["remarks"])}) for part in data["parts"])
    for part in parts:
        texts = (part.source, part.issue, part.text, part.copy_of, *part.remarks)
        _demand(str, *texts)
        _demand(int, part.items, part.characters)
    _demand(str, data["path"], data["digest"])
    _demand(int, *data["stamp"])
    if "\0" in data["path"]:
        raise ValueError("no path")
    refused = _strings(data["refused"])
    return Entry(**{**data, "stamp": tuple(data["stamp"]), "parts": parts, "refused": refused})


def _demand(kind: type, *values: object) -> None:
    """Raises TypeError where a value is of another kind."""
    if not all(type(value) is kind for value in values):
        raise TypeError(kind)


def values(of: Part | Entry | Manifest) -> dict[str, Any]:
    return {each.name: getattr(of, each.name) for each in fields(of)}
