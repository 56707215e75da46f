"""Which files of which folders are bulletins, and what each is called as a source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


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


def files(roots: Mapping[str, str], suffixes: Iterable[str]) -> Iterator[Found]:
    """Every bulletin file below the roots, in the order of its source.

    Sources begin with the root's name only where there are several. Hidden files, read-me files and
    links that leave the root are left out.
    """
    wanted = frozenset(suffixes)
    found = []
    for name, root in roots.items():
        prefix = f"{name}/" if len(roots) > 1 else ""
        base = Path(root)
        for path in _walk(base):
            if path.suffix.lower() in wanted:
                relative = path.relative_to(base) if path != base else Path(path.name)
                status = path.stat()
                stamp = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
                found.append(Found(path, prefix + relative.as_posix(), stamp))
    yield from sorted(found, key=lambda file: file.source)


def _walk(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    real = root.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder, name)
            if name.startswith(".") or path.stem.lower() == "readme" or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(real):
                continue
            yield path
