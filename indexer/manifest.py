"""What an index says of itself: which files are in it, in what state, and what was refused.

`manifest.json` belongs to one commit; beside another it says nothing, and every file is read again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

NAME = "manifest.json"
NEXT = "manifest.next.json"
"""What the index will say of itself after the commit at hand."""
VERSION = 4
"""Rises when the same file would give other items: what was read before is then read again."""


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


def read(folder: Path, generation: int) -> Manifest:
    """The manifest of a commit; an empty one where there is none that can be trusted."""
    # Whoever was stopped between a commit and the next step has left the right one beside.
    found = [_read(folder / name, generation) for name in (NAME, NEXT)]
    right = next((each for each, trusted in found if trusted), None)
    return right or next((each for each, _ in found if each.roots), Manifest())


def _read(path: Path, generation: int) -> tuple[Manifest, bool]:
    """A manifest, and whether it is that of the commit; else it only tells the folders."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
        if (data["version"], data["generation"]) != (VERSION, generation):
            return Manifest(roots=_strings(data["roots"])), False
        files = {source: _entry(entry) for source, entry in data["files"].items()}
        stamps = {path: tuple(stamp) for path, stamp in data["stamps"].items()}
        roots, refused = _strings(data["roots"]), _strings(data["refused"])
        return Manifest(roots, files, refused, stamps, str(data["readers"])), True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest(), False


def _strings(data: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}


def _entry(data: dict[str, Any]) -> Entry:
    parts = tuple(Part(**{**part, "remarks": tuple(part["remarks"])}) for part in data["parts"])
    refused = _strings(data["refused"])
    return Entry(**{**data, "stamp": tuple(data["stamp"]), "parts": parts, "refused": refused})


def write(folder: Path, generation: int, manifest: Manifest) -> None:
    """Replaces the manifest in one step."""
    _write(folder / NAME, generation, manifest)
    (folder / NEXT).unlink(missing_ok=True)


def prepare(folder: Path, generation: int, manifest: Manifest) -> None:
    """Lays the manifest of the next commit beside that of the last one, so that there is a right
    one at any moment; `settle` puts it in its place."""
    _write(folder / NEXT, generation, manifest)


def settle(folder: Path) -> None:
    """What was prepared is what the index says from now on."""
    with suppress(FileNotFoundError):
        (folder / NEXT).replace(folder / NAME)


def is_unsettled(folder: Path) -> bool:
    """Whether one that was prepared still lies there."""
    return (folder / NEXT).exists()


def _values(of: Part | Entry | Manifest) -> dict[str, Any]:
    return {each.name: getattr(of, each.name) for each in fields(of)}


def _write(path: Path, generation: int, manifest: Manifest) -> None:
    said = {"version": VERSION, "generation": generation, **_values(manifest)}
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.write(json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_values))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
