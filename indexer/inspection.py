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

LOCK = "lock"
TABLE, POSTINGS, ITEMS, MANIFEST, FOLDERS = "table", "postings", "items", "manifest", "folders"
"""What a file of an index is for."""
OWN = frozenset({*toc.LOCKS, "MAIN_WRITELOCK", "MAIN.tmp"})
"""What stands in an index and holds nothing."""
UNREADABLE = (DamagedIndex, ArithmeticError, LookupError, TypeError, ValueError, MemoryError)
"""What reading a segment raises that no builder wrote."""


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
    replaced each of many commits before it was opened.
    """
    for _ in range(toc.REPLACED):
        contents, table = _table(index)
        files, items = [table, *_said(index, contents), *_locks(index)], 0
        # All at once, as a writer may remove what it has merged while the rest is being read.
        parts = [
            _opened(index, each) for each in (contents.segments if contents else _strays(index))
        ]
        wrong = any(file.wrong for file in files) or any(
            part.wrong or any(file.wrong for file in part.files) for part in parts
        )
        if wrong and not _is_newest(index, contents):
            time.sleep(toc.PAUSE)
            continue
        for part in parts:
            read, count = _read(part, deep and contents is not None)
            files += read
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


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment of a commit, open: its files, what reads them, and what reads its items, unless
    something is wrong with them, which may be a block."""

    files: list[File]
    readers: list[Reader]
    segment: Segment | None = None
    wrong: str = ""


def _opened(index: Path, entry: Entry) -> _Part:
    found = [_sealed(index / (entry.name + suffix), entry.seals.get(suffix)) for suffix in SUFFIXES]
    files, readers = [file for file, _ in found], [each for _, each in found if each]
    if not entry.seals or len(readers) < len(files):
        return _Part(files, readers)
    try:
        return _Part(files, readers, Segment.named(index, entry))
    except UNREADABLE as error:
        return _Part(files, readers, wrong=_reason(error))


def _read(part: _Part, deep: bool) -> tuple[list[File], int]:
    """The files of a segment, every block of them read, and how many items of it can be read."""
    files, count = list(part.files), 0
    for reader in part.readers:
        try:
            reader.check_all()
        except DamagedIndex as error:
            at = SUFFIXES.index(reader.path.suffix)
            files[at] = replace(files[at], wrong=_reason(error))
    if any(file.wrong for file in files):
        return files, count
    wrong = part.wrong
    if part.segment:
        try:
            soundness.measured(part.segment)
            for document in part.segment.live():
                part.segment.record(document)
                count += 1
            wrong = next(soundness.faults(part.segment), "") if deep else ""
        except UNREADABLE as error:
            wrong = _reason(error)
    files[0] = replace(files[0], wrong=wrong)
    return files, count


def _reason(error: Exception) -> str:
    return str(error.values["reason"]) if isinstance(error, DamagedIndex) else type(error).__name__


def _sealed(path: Path, seal: Seal | None) -> tuple[File, Reader | None]:
    """A file of a segment, and what reads it, if it is the one that it should be."""
    reader, wrong = None, ""
    try:
        reader = Reader(path, seal)
    except DamagedIndex as error:
        wrong = _reason(error)
    except OldIndex as error:
        # Whoever wrote the table has written this too, in its format.
        wrong = f"format {error.values['found']}"
    kind = ITEMS if path.suffix == RECORDS else POSTINGS
    blocks = len(reader.checked) if reader else 0
    return File(path.name, kind, regular.size(path), blocks, wrong), reader


def _whole(path: Path, kind: str, wrong: str = "") -> File:
    """A file with one checksum."""
    return File(path.name, kind, regular.size(path), int(path.exists()), wrong)


def _spare(index: Path, files: Iterable[File], contents: Contents | None) -> tuple[str, ...]:
    needed = {file.name for file in files} | OWN
    names = {path.name for path in index.iterdir()} - needed
    # Where the newest table is damaged, an older one may be all that there is.
    return tuple(sorted(name for name in names if contents or not toc.TOC.fullmatch(name)))
