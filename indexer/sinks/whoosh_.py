"""Items into a Whoosh index: one writer at a time, each commit whole or not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from chabao.indexer.codecs import builder, toc
from chabao.indexer.codecs.schema import schema
from chabao.indexer.codecs.whoosh_ import BulletinSegment, BulletinWriter
from chabao.indexer.errors import CannotWrite, IndexBusy, MissingIndex

PATIENCE = 600.0
"""Seconds that a writer waits for its turn."""
FANOUT = 8
"""So many segments of one size are merged into one of the next: a segment is written again only
log₈ times, and a lookup reads few of them."""
LARGEST = 50_000_000
"""Characters beyond which segments stay as they are."""


class WhooshSink:
    """Takes records, and takes them out again by source; nothing is seen before `commit`.

    Raises IndexBusy when another writer does not end in time, CannotWrite where the folder cannot
    be written. `waiting` is called once if there is a wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        patience: float = PATIENCE,
        waiting: Callable[[], None] | None = None,
    ) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder, patience, waiting)
        except OSError as error:
            raise CannotWrite(path=folder, reason=error.strerror or error) from error
        try:
            self._writer = BulletinWriter(_index(folder))
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> WhooshSink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drops what was not committed."""
        try:
            if not self._writer.is_closed:
                self._writer.cancel()
        finally:
            self._lock.release()

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        for record in records:
            self._writer.add_record(record)

    def remove(self, source: str) -> None:
        """Takes out what was committed of a source."""
        term = source.encode()
        base = 0
        for segment in self._writer.segments:
            posting = segment.open(self.folder).terms("source").get(term)
            for document in posting.unpack() if posting else ():
                if not segment.is_deleted(document):
                    self._writer.delete_document(base + document)
            base += segment.doc_count_all()

    def commit(self) -> int:
        """Makes what was added and removed visible at once; returns the commit's number."""
        try:
            self._writer.commit(mergetype=merge)
        except OSError as error:
            raise CannotWrite(path=self.folder, reason=error.strerror or error) from error
        return int(self._writer.generation)


def _lock(folder: Path, patience: float, waiting: Callable[[], None] | None) -> FileLock:
    lock = FileLock(folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if waiting:
            waiting()
        started = time.monotonic()
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            seconds = round(time.monotonic() - started)
            raise IndexBusy(path=folder, seconds=seconds) from error
    return lock


def _index(folder: Path) -> FileIndex:
    """The index of a folder, made if there is none. What is there is read by our own reader first,
    which runs nothing, and the schema is ours: Whoosh's reader sees only what passed."""
    storage = FileStorage(str(folder))
    try:
        toc.read(folder)
    except MissingIndex:
        return FileIndex.create(storage, schema(), toc.NAME)
    return FileIndex(storage, schema(), toc.NAME)


def merge(writer: BulletinWriter, segments: Sequence[BulletinSegment]) -> list[BulletinSegment]:
    """Whoosh's merge policy: eight of one size become one; half empty ones are written again."""
    folder = Path(writer.storage.folder)
    kept = [segment for segment in segments if segment.doc_count()]
    for group in _groups(kept, folder):
        fresh = BulletinSegment(writer.indexname)
        parts = [segment.open(folder) for segment in group]
        fresh.set_doc_count(builder.join(folder, fresh.segment_id(), parts))
        at = kept.index(group[0])
        kept = [segment for segment in kept if segment not in group]
        kept.insert(at, fresh)
    return kept


def _groups(segments: list[BulletinSegment], folder: Path) -> list[list[BulletinSegment]]:
    tiers: dict[int, list[BulletinSegment]] = {}
    groups = []
    for segment in segments:
        characters = segment.open(folder).characters
        tier = len(f"{max(characters, 1000):o}")
        if 2 * segment.deleted_count() > segment.doc_count_all():
            groups.append([segment])
        elif characters <= LARGEST:
            tiers.setdefault(tier, []).append(segment)
    groups += [tier for tier in tiers.values() if len(tier) >= FANOUT]
    return groups
