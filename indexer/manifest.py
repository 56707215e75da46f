"""What an index says of itself: which files are in it, in what state, and what was refused.

`manifest.json` belongs to one commit; beside another it says nothing, and every file is read again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"
VERSION = 3
"""Rises when the same file would give other items: what was read before is then read again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that was indexed: its state on disk, its digest, and what it gave."""

    path: str
    stamp: tuple[int, ...]
    digest: str
    issues: int
    items: int
    characters: int


@dataclass(slots=True)
class Manifest:
    """`roots` are the folders indexed, by the name that begins their sources; `files` are the
    entries by source; `refused` the reason by path."""

    roots: dict[str, str] = field(default_factory=dict)
    files: dict[str, Entry] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def read(folder: Path, generation: int) -> Manifest:
    """The manifest of a commit; an empty one where there is none that can be trusted."""
    try:
        data = json.loads((folder / NAME).read_bytes())
        if (data["version"], data["generation"]) != (VERSION, generation):
            return Manifest(roots=_strings(data["roots"]))
        files = {source: _entry(entry) for source, entry in data["files"].items()}
        return Manifest(_strings(data["roots"]), files, _strings(data["refused"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def _strings(data: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(**{**data, "stamp": tuple(data["stamp"])})


def write(folder: Path, generation: int, manifest: Manifest) -> None:
    """Replaces the manifest in one step."""
    said = {"version": VERSION, "generation": generation, **asdict(manifest)}
    partial = folder / (NAME + ".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(said, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / NAME)
