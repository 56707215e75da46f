"""What an index says of itself: which files are in it, in what state, and what was refused.

`manifest.json` belongs to one commit; beside another it says nothing, and every file is read again.
The folders are kept a second time: without them nobody knows what an index was made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from chabao.indexer import regular, sealed, sharing
from chabao.indexer.errors import DamagedIndex

NAME = "manifest.json"
NEXT = "manifest.next.json"
"""What the index will say of itself after the commit at hand."""
FOLDERS = "manifest.folders.json"
"""The folders once more."""
Commit = tuple[int, str]
"""The number of a commit, and the identity of its index; a number alone is that of any index."""
VERSION = 5
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


def read(folder: Path, commit: int | Commit) -> Manifest:
    """The manifest of a commit; one that tells only the folders where there is none.

    Raises DamagedIndex where it may be the right one that is damaged, or it is of another index.
    """
    # Whoever was stopped between a commit and the next step has left the right one beside.
    found = [_read(folder / name, commit) for name in (NEXT, NAME)]
    right = next((each for each, trusted, _ in found if trusted), None)
    if right:
        return right
    for name, (_, _, reason) in zip((NEXT, NAME), found, strict=True):
        if reason:
            raise DamagedIndex(path=name, reason=reason)
    roots = folders(folder, commit) or next((each.roots for each, *_ in found if each.roots), {})
    return Manifest(roots=roots)


def recalled(folder: Path, commit: int | Commit) -> Manifest:
    """As `read`, for who will read every file again that is not known: never an error. Where two
    files tell of two indexes, and nobody which of them this is, it is empty."""
    if not _identity(commit) and len(set(_identities(folder))) > 1:
        return Manifest()
    try:
        return read(folder, commit)
    except DamagedIndex:
        return Manifest(roots=folders(folder, commit) or {})


def folders(folder: Path, commit: int | Commit = -1) -> dict[str, str] | None:
    """The folders as they were kept a second time; None where they cannot be told."""
    try:
        said = sealed.read(folder / FOLDERS)
        foreign = _identity(commit) not in ("", said["index"])
        return None if foreign else _strings(said["folders"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def are_of_another(folder: Path) -> bool:
    """Whether the folders that were kept a second time are those of no manifest that lies there."""
    there = [folder / name for name in (NEXT, NAME) if (folder / name).exists()]
    told = [_read(path, -1) for path in there]
    if not told or any(wrong for *_, wrong in told):
        return False
    return folders(folder) not in [each.roots for each, *_ in told]


def _identity(commit: int | Commit) -> str:
    return "" if isinstance(commit, int) else commit[1]


def _identities(folder: Path) -> Iterator[str]:
    """Of which indexes the files say that they are."""
    for name in (NEXT, NAME, FOLDERS):
        with suppress(OSError, ValueError, KeyError, TypeError):
            yield str(sealed.read(folder / name)["index"])


def _read(path: Path, commit: int | Commit) -> tuple[Manifest, bool, str]:
    """A manifest, whether it is that of the commit, else it only tells the folders; and what is
    wrong with it, which may be nothing."""
    number, identity = (commit, "") if isinstance(commit, int) else commit
    try:
        data = sealed.read(path)
    except FileNotFoundError:
        return Manifest(), False, ""
    except OSError as error:
        return Manifest(), False, error.strerror or str(error)
    except ValueError as error:
        roots = _unsealed(path)
        return (Manifest(), False, str(error)) if roots is None else (Manifest(roots), False, "")
    try:
        if identity not in ("", data["index"]):
            return Manifest(), False, "of another index"
        if (data["version"], data["generation"]) != (VERSION, number):
            return Manifest(roots=_strings(data["roots"])), False, ""
        return _manifest(data), True, ""
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Manifest(), False, type(error).__name__


def is_of_this_version(path: Path) -> bool:
    """Whether a manifest has the form that this program writes, whichever commit it is of."""
    try:
        return bool(sealed.read(path)["version"] == VERSION)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _unsealed(path: Path) -> dict[str, str] | None:
    """The folders of a manifest from before they had checksums."""
    try:
        data = json.loads(regular.read(path).decode("utf-8", "surrogatepass"))
        return _strings(data["roots"]) if int(data["version"]) < VERSION else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _manifest(data: dict[str, Any]) -> Manifest:
    files = {source: _entry(entry) for source, entry in data["files"].items()}
    stamps = {path: tuple(stamp) for path, stamp in data["stamps"].items()}
    roots, refused = _strings(data["roots"]), _strings(data["refused"])
    return Manifest(roots, files, refused, stamps, str(data["readers"]))


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
    refused = _strings(data["refused"])
    return Entry(**{**data, "stamp": tuple(data["stamp"]), "parts": parts, "refused": refused})


def _demand(kind: type, *values: object) -> None:
    """Raises TypeError where a value is of another kind."""
    if not all(type(value) is kind for value in values):
        raise TypeError(kind)


def write(folder: Path, commit: int | Commit, manifest: Manifest) -> None:
    """Replaces the manifest in one step."""
    prepare(folder, commit, manifest)
    settle(folder)


def prepare(folder: Path, commit: int | Commit, manifest: Manifest) -> None:
    """Lays the manifest of the next commit beside that of the last one, so that there is a right
    one at any moment; `settle` puts it in its place."""
    number, identity = (commit, "") if isinstance(commit, int) else commit
    said = {"version": VERSION, "index": identity, "generation": number, **_values(manifest)}
    sealed.write(folder / NEXT, said, _values)
    # Behind it, so that the folders are those of one of both whenever the writer is killed.
    if folders(folder, commit) != manifest.roots:
        sealed.write(folder / FOLDERS, {"index": identity, "folders": manifest.roots})


def settle(folder: Path) -> None:
    """What was prepared is what the index says from now on."""
    with suppress(FileNotFoundError):
        sharing.replace(folder / NEXT, folder / NAME)


def is_unsettled(folder: Path, commit: int | Commit) -> bool:
    """Whether the manifest of a commit was prepared and lies there still."""
    return _read(folder / NEXT, commit)[1]


def is_whole(folder: Path, commit: int | Commit) -> bool:
    """Whether nothing that was prepared lies there, and the folders are kept a second time."""
    return not (folder / NEXT).exists() and folders(folder, commit) is not None


def dumped(known: Manifest) -> bytes:
    """A manifest as bytes, for who keeps it elsewhere than in a folder."""
    said = {"version": VERSION, **_values(known)}
    return json.dumps(said, separators=(",", ":"), default=_values).encode("ascii")


def loaded(data: bytes) -> Manifest:
    """What was `dumped`; of another version only the folders. Raises ValueError, KeyError,
    TypeError, AttributeError where it is something else."""
    said = json.loads(data)
    return _manifest(said) if said["version"] == VERSION else Manifest(_strings(said["roots"]))


def _values(of: Part | Entry | Manifest) -> dict[str, Any]:
    return {each.name: getattr(of, each.name) for each in fields(of)}
