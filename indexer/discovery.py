"""Which files of which folders are bulletins, and what each is called as a source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HIDDEN = (".", "~$")
"""How names begin of what nobody means: hidden files, and what Word keeps beside an open one."""

JUNCTION = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT."""

DOCUMENTS = {
    ".pdf", ".docx", ".doc", ".wps", ".xlsx", ".xls", ".et", ".ods", ".odt", ".rtf", ".html",
    ".htm", ".mht", ".zip", ".ofd", ".ceb", ".gd", ".caj", ".ppt", ".pptx", ".dps", ".odp",
    ".epub", ".eml", ".msg", ".rar", ".7z", ".tar", ".gz", ".png", ".jpg", ".jpeg", ".tif",
    ".tiff", ".bmp",
}  # fmt: skip
"""Suffixes of what bulletins are kept in: where one is not read, that is said."""


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
    to the one that was named first. Hidden files and what office programs lay beside an open file
    are left out; read-me files, links that leave the root, and what is no file are, with a note.
    """
    wanted, found = frozenset(suffixes), Findings()
    notes: set[Note] = set()
    seen: set[Path] = set()
    for name, root in roots.items():
        prefix = f"{name}/" if len(roots) > 1 else ""
        base = Path(root)
        walked = list(_walk(base, found.refused, notes))
        paths = [path for path in walked if path.suffix.lower() in wanted]
        for suffix in sorted({path.suffix.lower() for path in walked} & DOCUMENTS - wanted):
            message = "{path} was left out: files of this kind cannot be read"
            notes.add(Note(str(base / f"*{suffix}"), message=message))
        if not base.exists():
            message = "{path} is no longer there; chabao remove takes it out"
            notes.add(Note(str(base), message=message))
        elif not paths:
            notes.add(Note(str(base), message="there is no file in {path} that can be read"))
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
    if path.is_symlink() and path.exists() and _leads_out(path, root):
        return Note(str(path), message="{path} was left out: it leads out of the folder")
    if path.exists() and not path.is_file():
        return Note(str(path), message="{path} was left out: it is not a file")
    return None


def _leads_out(path: Path, root: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        # A link to itself.
        return False


def _walk(root: Path, refused: dict[str, str], notes: set[Note]) -> Iterator[Path]:
    """All that is below a root and no folder. Links to folders are not followed, so that there is
    an end."""
    if not root.is_dir():
        if root.exists():
            yield root
        return
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if folder != root or root.exists():
                refused[str(folder)] = error.strerror or str(error)
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith(HIDDEN):
                continue
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                waiting.append(path)
            elif not _is_folder(entry):
                yield path
            elif _leads_out(path, root):
                notes.add(
                    Note(str(path), message="{path} was left out: it leads out of the folder")
                )


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is what Windows calls a junction: a link that does not look like one."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return getattr(status, "st_reparse_tag", 0) == JUNCTION


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
