"""What an index says of itself: which files are in it, in what state, and what was refused.

`manifest.json` belongs to one commit; beside another it says nothing, and every file is read again.
The folders are kept a second time: without them nobody knows what an index was made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from chabao.indexer import inventory, regular, sealed, sharing
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.inventory import Entry as Entry
from chabao.indexer.inventory import Manifest as Manifest
from chabao.indexer.inventory import Part as Part
from chabao.indexer.inventory import paths as paths
from chabao.indexer.inventory import refused as refused

NAME = "manifest.json"
NEXT = "manifest.next.json"
"""What the index will say of itself after the commit at hand."""
FOLDERS = "manifest.folders.json"
"""The folders once more."""
Commit = tuple[int, str]
"""The number of a commit, and the identity of its index; a number alone is that of any index."""
VERSION = 5
"""Rises when the same file would give other items: what was read before is then read again."""


def read(folder: Path, commit: int | Commit) -> Manifest:
    """The manifest of a commit; one that tells only the folders where there is none.

    Raises DamagedIndex where it may be the right one that is damaged, or it is of another index.
    """
    found = {name: _read(folder / name, commit) for name in (NEXT, NAME)}
    if name := _right(found):
        return found[name][0]
    for name, (_, _, reason) in found.items():
        if reason:
            raise DamagedIndex(path=name, reason=reason)
    told = (each.roots for each, *_ in found.values() if each.roots)
    return Manifest(roots=folders(folder, commit) or next(told, {}))


def verdicts(folder: Path, commit: int | Commit) -> tuple[str, dict[str, str]]:
    """The name of the file in which the manifest of a commit is, "" where it is in none; and what
    is wrong with each that is there, "" where nothing is."""
    found = {name: _read(folder / name, commit) for name in (NEXT, NAME)}
    there = {name: wrong for name, (_, _, wrong) in found.items() if (folder / name).exists()}
    return _right(found), there


def _right(found: dict[str, tuple[Manifest, bool, str]]) -> str:
    # Whoever was stopped between a commit and the next step has left the right one beside.
    return next((name for name, (_, trusted, _) in found.items() if trusted), "")


def recalled(folder: Path, commit: int | Commit) -> Manifest:
    """As `read`, for who will read every file again that is not known: never an error. Where two
    files tell other folders and of two indexes, and nobody which this is, it is empty."""
    told = zip(*_tellers(folder), strict=True)
    if not _identity(commit) and [len(set(each)) > 1 for each in told] == [True, True]:
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
        return None if foreign else inventory.folders(said["folders"])
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


def _tellers(folder: Path) -> Iterator[tuple[str, str]]:
    """Of which index each file says that it is, and of which folders that was made."""
    for name, key in ((NEXT, "roots"), (NAME, "roots"), (FOLDERS, "folders")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = sealed.read(folder / name)
            yield str(said["index"]), json.dumps(said[key], sort_keys=True)


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
            return Manifest(roots=inventory.folders(data["roots"])), False, ""
        return inventory.read(data), True, ""
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
        return inventory.folders(data["roots"]) if int(data["version"]) < VERSION else None
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
    ):  # fmt: skip
        return None


def write(folder: Path, commit: int | Commit, manifest: Manifest) -> None:
    """Replaces the manifest in one step."""
    prepare(folder, commit, manifest)
    settle(folder)


def prepare(folder: Path, commit: int | Commit, manifest: Manifest) -> None:
    """Lays the manifest of the next commit beside that of the last one, so that there is a right
    one at any moment; `settle` puts it in its place."""
    number, identity = (commit, "") if isinstance(commit, int) else commit
    said = {
        "version": VERSION,
        "index": identity,
        "generation": number,
        **inventory.values(manifest),
    }
    sealed.write(folder / NEXT, said, inventory.values)
    # Behind it, so that the folders are those of one of both whenever the writer is killed.
    if folders(folder, commit) != manifest.roots:
        sealed.write(folder / FOLDERS, {"index": identity, "folders": manifest.roots})


def settle(folder: Path) -> None:
    """What was prepared is what the index says from now on."""
    regular.make_way(folder / NAME)
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
    said = {"version": VERSION, **inventory.values(known)}
    return json.dumps(said, separators=(",", ":"), default=inventory.values).encode("ascii")


def loaded(data: bytes) -> Manifest:
    """What was `dumped`; of another version only the folders. Raises ValueError, KeyError,
    TypeError, AttributeError where it is something else."""
    said = json.loads(data)
    return (
        inventory.read(said)
        if said["version"] == VERSION
        else Manifest(inventory.folders(said["roots"]))
    )
