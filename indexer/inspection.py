"""Whether every file of an index is as it was written: each block, each seal, each record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chabao.indexer import manifest
from chabao.indexer.codecs import soundness, toc
from chabao.indexer.codecs.container import Reader, Seal
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.toc import RECORDS, SUFFIXES, Contents, Entry
from chabao.indexer.errors import DamagedIndex, OldIndex

TABLE, POSTINGS, ITEMS, MANIFEST, FOLDERS = "table", "postings", "items", "manifest", "folders"
"""What a file of an index is for."""
OWN = frozenset({"queue.lock", "writer.lock", "MAIN_WRITELOCK", "MAIN.tmp"})
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
    MissingIndex, and OldIndex where the format is another one. Where a writer replaces the index
    meanwhile, the next commit is looked at.
    """
    while True:
        contents, table = _table(index)
        files, items = [table, *_said(index, contents)], 0
        for entry in contents.segments if contents else _strays(index):
            found, count = _segment(index, entry, deep and contents is not None)
            files += found
            items += count
        if not any(file.wrong for file in files) or _is_newest(index, contents):
            number = contents.generation if contents else None
            return Inspection(index, number, tuple(files), items, _spare(index, files))


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


def _said(index: Path, contents: Contents | None) -> Iterator[File]:
    """The files in which the index says of what it was made."""
    path, wrong = index / manifest.NAME, ""
    try:
        known = manifest.read(index, contents.commit if contents else -1)
        if not path.exists():
            path = index / manifest.NEXT if known.files else path
            wrong = "" if known.files or not (contents and contents.segments) else "missing"
        elif contents and contents.segments and not known.files:
            wrong = "of another commit" if manifest.is_of_this_version(path) else ""
    except DamagedIndex as error:
        path, wrong = index / str(error.values["path"]), str(error.values["reason"])
    if wrong or path.exists():
        yield _whole(path, MANIFEST, wrong)
    path = index / manifest.FOLDERS
    if path.exists() or (contents and contents.segments):
        wrong = "" if manifest.folders(index) is not None else "checksum"
        foreign = contents and manifest.folders(index, contents.commit) is None
        if not wrong and (foreign or manifest.are_of_another(index)):
            wrong = "of another index"
        yield _whole(path, FOLDERS, wrong if path.exists() else "missing")


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
        path.name, ITEMS if path.suffix == RECORDS else POSTINGS, _size(path), blocks, wrong
    )


def _whole(path: Path, kind: str, wrong: str = "") -> File:
    """A file with one checksum."""
    return File(path.name, kind, _size(path), int(path.exists()), wrong)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _spare(index: Path, files: Iterable[File]) -> tuple[str, ...]:
    needed = {file.name for file in files} | OWN
    return tuple(sorted(path.name for path in index.iterdir() if path.name not in needed))
