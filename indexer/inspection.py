"""Whether every file of an index is as it was written: each block, each seal, each record."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chabao.indexer import manifest, regular
from chabao.indexer.codecs import soundness, toc
from chabao.indexer.codecs.container import Reader, Seal
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.toc import RECORDS, SUFFIXES, Contents, Entry
from chabao.indexer.errors import DamagedIndex, OldIndex, RestlessIndex

TABLE, POSTINGS, ITEMS, MANIFEST, FOLDERS = "table", "postings", "items", "manifest", "folders"
LOCK = "lock"
"""What a file of an index is for."""
OWN = frozenset({*toc.LOCKS, "MAIN_WRITELOCK", "MAIN.tmp"})
"""What stands in an index and holds nothing."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that an index needs: its name, what it is for, its bytes, how many blocks of it carry
    a checksum of their own; and what is wrong with it, "" where nothing is."""

    name: str
    kind: str
    bytes: int
    blocks: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found of an index. `generation` is that of the commit, None where it cannot be told;
    `items` are those that could be read; `spare` are files that it does not need."""

    path: Path
    generation: int | None
    files: tuple[File, ...]
    items: int
    spare: tuple[str, ...]

    @property
    def damaged(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.wrong)

    @property
    def sound(self) -> bool:
        return not self.damaged


def inspect(index: Path, *, deep: bool = False) -> Inspection:
    """Reads every byte of an index and every item, and compares with what its checksums say.

    With `deep` also what the postings say is held against what a builder can have written. Raises
    MissingIndex, OldIndex where the format is another one, and RestlessIndex where a writer has
    replaced each of many commits before it was looked through.
    """
    for _ in range(toc.REPLACED):
        contents, table = _table(index)
        files, items = [table, *_said(index, contents), *_locks(index)], 0
        for entry in contents.segments if contents else _strays(index):
            parts, count = _segment(index, entry, deep and contents is not None)
            files += parts
            items += count
        number = contents.generation if contents else None
        found = Inspection(index, number, tuple(files), items, _spare(index, files, contents))
        if not _is_newest(index, contents):
            if found.sound:
                return replace(found, spare=())
        elif all(file.wrong or (index / file.name).exists() for file in files):
            return found
        time.sleep(toc.PAUSE)
    raise RestlessIndex(path=index)


def _is_newest(index: Path, contents: Contents | None) -> bool:
    try:
        return contents is None or toc.generation(index) == contents.generation
    except DamagedIndex:
        return True


def _table(index: Path) -> tuple[Contents | None, File]:
    """The table of contents, if it can be read, and what is to be said of its file."""
    try:
        contents = toc.newest(index, lambda contents: contents)
    except DamagedIndex as error:
        name, wrong = str(error.values["path"]), str(error.values["reason"])
        return None, _whole(index / name, TABLE, wrong)
    return contents, _whole(toc.path_of(index, contents.generation), TABLE)


def _manifests(index: Path, contents: Contents | None) -> dict[str, str]:
    """The names of the files of which one is the manifest of a commit, as far as can be told, each
    with what is wrong with it: of a commit that can be read it is one, if any is right."""
    right, there = manifest.verdicts(index, contents.commit if contents else -1)
    if right:
        return {right: ""}
    damaged = {name: wrong for name, wrong in there.items() if wrong}
    if not contents or damaged:
        return damaged if contents else there
    if manifest.NAME not in there:
        return {manifest.NAME: "missing"} if contents.segments else {}
    foreign = contents.segments and manifest.is_of_this_version(index / manifest.NAME)
    return {manifest.NAME: "of another commit" if foreign else ""}


def _said(index: Path, contents: Contents | None) -> Iterator[File]:
    """The files in which the index says of what it was made."""
    manifests = _manifests(index, contents)
    for name, wrong in manifests.items():
        yield _whole(index / name, MANIFEST, wrong)
    path = index / manifest.FOLDERS
    if path.exists() or (contents and contents.segments):
        wrong = "" if manifest.folders(index) is not None else "checksum"
        foreign = contents and manifest.folders(index, contents.commit) is None
        # Beside a manifest of another index those of this one are right.
        compared = not (contents and any(manifests.values()))
        if not wrong and (foreign or (compared and manifest.are_of_another(index))):
            wrong = "of another index"
        yield _whole(path, FOLDERS, wrong if path.exists() else "missing")


def _locks(index: Path) -> Iterator[File]:
    """What no writer can hold in the place of a lock: folders, links and pipes."""
    for path in (index / name for name in toc.LOCKS):
        if regular.is_other(path):
            yield File(path.name, LOCK, 0, 0, "not a file")


def _strays(index: Path) -> Iterator[Entry]:
    """The segments that are there, where nobody says which belong to the index."""
    names = {path.stem for path in index.iterdir() if toc.FILE.fullmatch(path.name)}
    return (Entry(name, 0, frozenset(), {}) for name in sorted(names))


def _segment(index: Path, entry: Entry, deep: bool) -> tuple[list[File], int]:
    """The files of a segment, and how many items of it can be read."""
    files = [_sealed(index / (entry.name + suffix), entry.seals.get(suffix)) for suffix in SUFFIXES]
    count = 0
    if entry.seals and not any(file.wrong for file in files):
        wrong = ""
        try:
            segment = Segment.named(index, entry)
            soundness.measured(segment)
            for document in segment.live():
                segment.record(document)
                count += 1
            wrong = next(soundness.faults(segment), "") if deep else ""
        except DamagedIndex as error:
            wrong = str(error.values["reason"])
        except (ArithmeticError, LookupError, TypeError, ValueError, MemoryError) as error:
            wrong = type(error).__name__
        files[0] = replace(files[0], wrong=wrong)
    return files, count


def _sealed(path: Path, seal: Seal | None) -> File:
    """A file of a segment, every block of it read."""
    blocks, wrong = 0, ""
    try:
        reader = Reader(path, seal)
        blocks = len(reader.checked)
        reader.check_all()
    except DamagedIndex as error:
        wrong = str(error.values["reason"])
    except OldIndex as error:
        # Whoever wrote the table has written this too, in its format.
        wrong = f"format {error.values['found']}"
    return File(
        path.name, ITEMS if path.suffix == RECORDS else POSTINGS, regular.size(path), blocks, wrong
    )


def _whole(path: Path, kind: str, wrong: str = "") -> File:
    """A file with one checksum."""
    return File(path.name, kind, regular.size(path), int(path.exists()), wrong)


def _spare(index: Path, files: Iterable[File], contents: Contents | None) -> tuple[str, ...]:
    needed = {file.name for file in files} | OWN
    names = {path.name for path in index.iterdir()} - needed
    # Where the newest table is damaged, an older one may be all that there is.
    return tuple(sorted(name for name in names if contents or not toc.TOC.fullmatch(name)))
