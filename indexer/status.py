"""What an index holds, and whether the files are still as they were when it was made.

Files are compared by their stamps, as `build` does; none is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from chabao.indexer import discovery, manifest, regular, sinks
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.errors import ChabaoError, UnreadableFile
from chabao.indexer.manifest import Manifest

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place


@dataclass(frozen=True, slots=True)
class Amount:
    """How much was indexed: of a folder, of a format, of everything. Characters are code points."""

    files: int = 0
    issues: int = 0
    items: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is indexed; `name` begins its sources where there are several."""

    name: str
    path: Path
    there: bool
    amount: Amount


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the files since they were indexed: paths, in order."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class Size:
    """An index from outside: bytes on the disk, items, and when it was last written."""

    bytes: int
    items: int
    written: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """An index and its files. `formats` go by the suffix of the file, the most frequent first.

    `refused` pairs a path with the reason, `remarks` one with what looks wrong about its text,
    `copies` one with the path of the copy that is indexed in its place. `known` is false where the
    index no longer tells what it was made of: everything counts as new then.
    """

    path: Place
    format: int
    size: Size
    known: bool
    folders: tuple[Folder, ...]
    total: Amount
    formats: dict[str, Amount]
    refused: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]
    changes: Changes

    @property
    def fresh(self) -> bool:
        """Whether it is known that nothing has changed since the files were indexed."""
        return self.known and not self.changes


@dataclass(frozen=True, slots=True)
class Listed:
    """An index among others: `name` is "" for the one of this user; `size` is None, and `wrong`
    says why, where it cannot be read. `default` is what commands take where none is named."""

    name: str
    path: Place
    default: bool
    size: Size | None
    wrong: ChabaoError | None = None


def status(index: Place) -> Status:
    """What an index says of itself, held against the files that are there now.

    Raises MissingIndex, OldIndex, DamagedIndex, RestlessIndex.
    """
    weighed, known = _told(index)
    paths = manifest.paths(known)
    parts = [part for entry in known.files.values() for part in entry.parts]
    return Status(
        path=index,
        format=_format(index),
        size=weighed,
        known=bool(known.files) or not weighed.items,
        folders=tuple(_folders(known)),
        total=_amount(known.files.values()),
        formats=_formats(known),
        refused=tuple(sorted(manifest.refused(known).items())),
        remarks=tuple(sorted((paths[p.source], said) for p in parts for said in p.remarks)),
        copies=tuple(sorted((paths[p.source], paths[p.copy_of]) for p in parts if p.copy_of)),
        changes=changes(known),
    )


def size(index: Place) -> Size:
    """How large an index is; on a cluster without the copies that it keeps.

    Raises MissingIndex, OldIndex, DamagedIndex, RestlessIndex.
    """
    if isinstance(index, Path):
        return toc.newest(index, partial(_weighed, index))
    from chabao.indexer.cluster.state import weighed

    count, said = weighed(index)
    return Size(count, said.items, datetime.fromisoformat(said.written))


def _told(index: Place) -> tuple[Size, Manifest]:
    """How large an index is, and what it says of itself, as of one commit."""
    if not isinstance(index, Path):
        return size(index), sinks.known(index)

    def told(contents: toc.Contents) -> tuple[Size, Manifest]:
        return _weighed(index, contents), manifest.read(index, contents.commit)

    return toc.beside(index, told)


def _weighed(index: Path, contents: toc.Contents) -> Size:
    items = [Segment.named(index, entry).size - len(entry.deleted) for entry in contents.segments]
    table = toc.path_of(index, contents.generation)
    written = datetime.fromtimestamp(table.stat().st_mtime, UTC)
    return Size(sum(map(regular.size, index.iterdir())), sum(items), written)


def _format(index: Place) -> int:
    if isinstance(index, Path):
        return FORMAT
    from chabao.indexer.cluster import mapping

    return mapping.VERSION


def listed(name: str, index: Place, default: bool) -> Listed:
    """One line of a list of indexes; what is wrong with one does not hide the others."""
    try:
        return Listed(name, index, default, size(index))
    except ChabaoError as error:
        return Listed(name, index, default, None, error)
    except OSError as error:
        wrong = UnreadableFile(path=index, reason=error.strerror or str(error))
        return Listed(name, index, default, None, wrong)


def changes(known: Manifest) -> Changes:
    """The files that `build` would look at again."""
    from chabao.indexer.reader import SUFFIXES, formats

    found = discovery.files(known.roots, SUFFIXES)
    same_readers = known.readers == formats.readers()
    new, changed = [], []
    for file in found.files:
        path, entry = str(file.path), known.files.get(file.source)
        if entry is None and path not in known.refused:
            new.append(path)
        elif entry is not None:
            settled = same_readers or not entry.refused
            if (entry.path, entry.stamp) != (path, file.stamp) or not settled:
                changed.append(path)
        elif not same_readers or known.stamps.get(path) != file.stamp:
            changed.append(path)
    there = {str(file.path) for file in found.files} | found.refused.keys()
    before = {entry.path for entry in known.files.values()} | known.refused.keys()
    new += sorted(found.refused.keys() - before)
    changed += sorted(found.refused.keys() & {entry.path for entry in known.files.values()})
    return Changes(tuple(new), tuple(changed), tuple(sorted(before - there)))


def _folders(known: Manifest) -> Iterator[Folder]:
    several = len(known.roots) > 1
    for name, root in known.roots.items():
        prefix = f"{name}/" if several else ""
        entries = [entry for at, entry in known.files.items() if at.startswith(prefix)]
        yield Folder(name, Path(root), Path(root).exists(), _amount(entries))


def _formats(known: Manifest) -> dict[str, Amount]:
    by_suffix: dict[str, list[manifest.Entry]] = {}
    for source, entry in known.files.items():
        by_suffix.setdefault(PurePosixPath(source).suffix.lower(), []).append(entry)
    order = Counter({suffix: len(entries) for suffix, entries in by_suffix.items()})
    return {suffix: _amount(by_suffix[suffix]) for suffix, _ in order.most_common()}


def _amount(entries: Iterable[manifest.Entry]) -> Amount:
    entries = list(entries)
    return Amount(
        len(entries),
        sum(entry.issues for entry in entries),
        sum(entry.items for entry in entries),
        sum(entry.characters for entry in entries),
    )
