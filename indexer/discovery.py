"""Which files of which folders are bulletins, and what each is called as a source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What may surprise about a path: a format string, translated where it is shown."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: `source` is its POSIX path as records show it."""

    path: Path
    source: str
    stamp: tuple[int, ...]


def label(roots: Mapping[str, str], root: Path) -> str:
    """The name of a folder among those indexed: its own, with a number where another has it."""
    for name, path in roots.items():
        if Path(path) == root:
            return name
    base = root.name or "root"
    name, number = base, 1
    while name in roots:
        number += 1
        name = f"{base}~{number}"
    return name


@dataclass(slots=True)
class Findings:
    """What stands below the folders: files to read, what cannot be looked at and why, by path, and
    what was left out that may surprise."""

    files: list[Found] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def files(roots: Mapping[str, str], suffixes: Iterable[str]) -> Findings:
    """Every bulletin file below the roots, in the order of its source.

    Sources begin with the root's name only where there are several. A file below two roots belongs
    to the one that was named first. Hidden files are left out; read-me files and links that leave
    the root are, with a note.
    """
    wanted, found = frozenset(suffixes), Findings()
    notes: set[Note] = set()
    seen: set[Path] = set()
    for name, root in roots.items():
        prefix = f"{name}/" if len(roots) > 1 else ""
        base = Path(root)
        paths = [p for p in _walk(base, found.refused) if p.suffix.lower() in wanted]
        if not base.exists():
            message = "{path} is no longer there; chabao remove takes it out"
            notes.add(Note(str(base), message=message))
        elif not paths:
            notes.add(Note(str(base), message="no .txt or .md file is in {path}"))
        for path in paths:
            if path in seen:
                continue
            if note := _left_out(path, base):
                notes.add(note)
                continue
            seen.add(path)
            relative = path.relative_to(base) if path != base else Path(path.name)
            try:
                status = path.stat()
            except OSError as error:
                found.refused[str(path)] = error.strerror or str(error)
                continue
            stamp = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            found.files.append(Found(path, prefix + relative.as_posix(), stamp))
    found.files.sort(key=lambda file: file.source)
    found.notes = tuple(sorted(notes))
    return found


def _left_out(path: Path, root: Path) -> Note | None:
    """Why a file below a root is not read, or nothing. One that was named itself always is."""
    if path == root:
        return None
    if path.stem.lower() == "readme":
        return Note(str(path), message="{path} was left out: it tells about the folder")
    if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(root.resolve()):
        return Note(str(path), message="{path} was left out: it leads out of the folder")
    return None


def _walk(root: Path, refused: dict[str, str]) -> Iterator[Path]:
    if root.is_file():
        yield root
        return

    def refuse(error: OSError) -> None:
        if Path(error.filename) != root or root.exists():
            refused[str(error.filename)] = error.strerror or str(error)

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder, name)
            # A broken link is refused below; a pipe or a socket is nothing to read.
            if not name.startswith(".") and (path.is_file() or path.is_symlink()):
                yield path
