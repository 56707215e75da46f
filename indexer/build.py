"""Folders of bulletins to an index; only what changed is read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chabao.indexer import discovery, manifest, sinks
from chabao.indexer.discovery import Found, Note
from chabao.indexer.errors import LostFolders, NoFolder, UnknownFolder
from chabao.indexer.manifest import Manifest
from chabao.indexer.update import Progress, Update

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place
    from chabao.indexer.sinks import Sink


__all__ = ["Note", "Progress", "Report", "build", "remove"]


@dataclass(frozen=True, slots=True)
class Report:
    """What the index holds after an indexing, and what the indexing did.

    `files` are those that were read, `issues`, `items` and `characters` what of them is indexed;
    `unchanged` and `removed` count files. `refused` pairs a path with the reason, `copies` one with
    the path of the better copy that is indexed in its place, `remarks` one with what looks wrong
    about its text. What lies in an archive has a path that goes on inside of it.
    """

    files: int = 0
    issues: int = 0
    items: int = 0
    characters: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


def build(
    folders: Sequence[Path],
    index: Place,
    *,
    rebuild: bool = False,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    waiting: Callable[[], None] | None = None,
    absent: Collection[str] = (),
) -> Report:
    """Brings an index up to date with folders, beside those it has already.

    Files that cannot be read are reported and the rest is indexed. Of the folders that are `absent`
    for a while the index keeps what it has. `workers` are processes that read files, as many as
    there are cores where it is None. Raises IndexBusy, CannotWrite, DamagedIndex, OldIndex;
    LostFolders where there are items of folders that nothing tells any more, NoFolder.
    """
    demand_readable(folders)
    with sinks.opened(index, waiting=waiting, afresh=rebuild, workers=workers) as sink:
        known = sink.known()
        steps = not (rebuild and known.files)  # who reads it meanwhile would see a part of it
        if rebuild:
            known = Manifest(roots=known.roots)
        else:
            _demand_folders(sink, known, index)
        for folder in folders:
            root = folder.resolve()
            known.roots[discovery.label(known.roots, root)] = str(root)
        return _update(sink, known, progress, absent, workers, steps)


def remove(folder: Path, index: Place, waiting: Callable[[], None] | None = None) -> Report:
    """Takes a folder out of an index; its files stay where they are.

    Raises MissingIndex, IndexBusy, CannotWrite, DamagedIndex, OldIndex, LostFolders; UnknownFolder
    where it is not in the index.
    """
    sinks.stamp(index)
    with sinks.opened(index, waiting=waiting) as sink:
        known = sink.known()
        _demand_folders(sink, known, index)
        root = str(folder.resolve())
        if root not in known.roots.values():
            raise UnknownFolder(path=folder)
        known.roots = {name: path for name, path in known.roots.items() if path != root}
        return _update(sink, known, None)


def demand_readable(folders: Sequence[Path]) -> None:
    """Raises NoFolder where something is there that can never be read, as a device: an index that
    has it would say so for ever."""
    from chabao.indexer.reader import SUFFIXES

    for path in folders:
        readable = path.is_file() and path.suffix.lower() in SUFFIXES
        if path.exists() and not (path.is_dir() or readable):
            raise NoFolder(path=path)


def _demand_folders(sink: Sink, known: Manifest, index: Place) -> None:
    """Whoever named some folders to an index that has forgotten its own would lose the others."""
    if not known.roots and sink.sources():
        raise LostFolders(path=index)


def _update(
    sink: Sink,
    known: Manifest,
    progress: Callable[[Progress], None] | None,
    absent: Collection[str] = (),
    workers: int | None = None,
    steps: bool = True,
) -> Report:
    from chabao.indexer.reader import SUFFIXES

    found = discovery.files(known.roots, SUFFIXES)
    found.files += _kept(known, absent)
    update = Update(sink, known, found.files, found.refused, progress, workers, steps)
    update.run()
    before, now = known.files, update.fresh.files
    same = sum(source in before and before[source].digest == now[source].digest for source in now)
    return _report(update.fresh, unchanged=same, removed=len(update.removed), notes=found.notes)


def _kept(known: Manifest, absent: Collection[str]) -> Iterator[Found]:
    """The files of folders that cannot be looked into, as they were."""
    several = len(known.roots) > 1
    names = [f"{name}/" * several for name, root in known.roots.items() if root in absent]
    for source, entry in known.files.items():
        if source.startswith(tuple(names)):
            yield Found(Path(entry.path), source, entry.stamp)


def _report(
    known: Manifest, *, unchanged: int = 0, removed: int = 0, notes: tuple[Note, ...] = ()
) -> Report:
    entries = known.files.values()
    paths = manifest.paths(known)
    parts = [part for entry in entries for part in entry.parts]
    return Report(
        files=len(entries),
        issues=sum(entry.issues for entry in entries),
        items=sum(entry.items for entry in entries),
        characters=sum(entry.characters for entry in entries),
        unchanged=unchanged,
        removed=removed,
        refused=tuple(sorted(manifest.refused(known).items())),
        copies=tuple(sorted((paths[p.source], paths[p.copy_of]) for p in parts if p.copy_of)),
        remarks=tuple(sorted((paths[p.source], said) for p in parts for said in p.remarks)),
        notes=notes,
    )
