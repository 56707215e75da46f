"""Folders of bulletins to an index; only what changed is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chabao.indexer import discovery, fields, manifest
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.discovery import Found, Note
from chabao.indexer.errors import MissingIndex, UnreadableFile
from chabao.indexer.manifest import Entry, Manifest

if TYPE_CHECKING:
    from chabao.indexer.sinks.whoosh_ import WhooshSink


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing is: files done, files in all, and the one at hand."""

    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the index holds after an indexing, and what the indexing did.

    `unchanged` and `removed` count files; `refused` pairs a path with the reason.
    """

    files: int = 0
    issues: int = 0
    items: int = 0
    characters: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


def build(
    folders: Sequence[Path],
    index: Path,
    *,
    rebuild: bool = False,
    progress: Callable[[Progress], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Report:
    """Brings an index up to date with folders, beside those it has already.

    Files that cannot be read are reported and the rest is indexed. Raises IndexBusy, CannotWrite.
    """
    from chabao.indexer.sinks.whoosh_ import WhooshSink

    with WhooshSink(index, waiting=waiting, afresh=rebuild) as sink:
        known = manifest.read(index, toc.generation(index))
        if rebuild:
            known = Manifest(roots=known.roots)
        for folder in folders:
            root = folder.resolve()
            known.roots[discovery.label(known.roots, root)] = str(root)
        return _update(sink, known, progress)


def remove(folder: Path, index: Path, waiting: Callable[[], None] | None = None) -> Report:
    """Takes a folder out of an index; its files stay where they are.

    Raises MissingIndex, IndexBusy, CannotWrite.
    """
    from chabao.indexer.sinks.whoosh_ import WhooshSink

    toc.generation(index)
    with WhooshSink(index, waiting=waiting) as sink:
        known = manifest.read(index, toc.generation(index))
        root = str(folder.resolve())
        if root not in known.roots.values():
            return _report(known, notes=(Note(str(folder), message="{path} is not in the index"),))
        known.roots = {name: path for name, path in known.roots.items() if path != root}
        return _update(sink, known, None)


def bundled_index() -> Path:
    """The index of the bundled bulletins, built once into the user's cache directory."""
    import platformdirs

    from chabao import __version__

    folder = Path(__file__).resolve().parent.parent / "corpus"
    name = f"bundled-{__version__}-{FORMAT}-{manifest.VERSION}"
    index = platformdirs.user_cache_path("chabao", appauthor=False) / name
    try:
        toc.generation(index)
    except MissingIndex:
        build([folder], index)
    return index


def _update(
    sink: WhooshSink, known: Manifest, progress: Callable[[Progress], None] | None
) -> Report:
    from chabao.indexer.reader import SUFFIXES

    found = discovery.files(known.roots, SUFFIXES)
    fresh = Manifest(known.roots, refused=dict(found.refused))
    same = 0
    for number, file in enumerate(found.files):
        if progress:
            progress(Progress(number, len(found.files), file.source))
        entry = known.files.get(file.source)
        try:
            fresh.files[file.source] = now = _add(sink, file, entry)
        except UnreadableFile as error:
            fresh.refused[str(file.path)] = str(error.values["reason"])
            continue
        same += entry is not None and now.digest == entry.digest
    # Not only what the manifest knows: it may be lost, or of a commit before the last.
    gone = (known.files.keys() | sink.sources()) - fresh.files.keys()
    for source in gone:
        sink.remove(source)
    if progress:
        progress(Progress(len(found.files), len(found.files), ""))
    changed = bool(gone) or same < len(fresh.files)
    generation = sink.commit() if changed else toc.generation(sink.folder)
    if changed or fresh != known:
        manifest.write(sink.folder, generation, fresh)
    return _report(fresh, unchanged=same, removed=len(gone), notes=found.notes)


def _add(sink: WhooshSink, file: Found, entry: Entry | None) -> Entry:
    """Reads a file and replaces what the index has of it, unless it says the same as before."""
    from chabao.indexer import parser, reader

    if entry and (entry.path, entry.stamp) == (str(file.path), file.stamp):
        return entry
    data = reader.load(file.path)
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    if entry and entry.digest == digest:
        return replace(entry, path=str(file.path), stamp=file.stamp)
    issue = parser.parse(reader.decode(data, file.path), file.source)
    records = list(fields.records(issue))
    sink.remove(file.source)
    sink.add(records)
    characters = sum(len(record["text"]) for record in records)
    return Entry(str(file.path), file.stamp, digest, 1, len(records), characters)


def _report(
    known: Manifest, *, unchanged: int = 0, removed: int = 0, notes: tuple[Note, ...] = ()
) -> Report:
    entries = known.files.values()
    return Report(
        files=len(entries),
        issues=sum(entry.issues for entry in entries),
        items=sum(entry.items for entry in entries),
        characters=sum(entry.characters for entry in entries),
        unchanged=unchanged,
        removed=removed,
        refused=tuple(sorted(known.refused.items())),
        notes=notes,
    )
