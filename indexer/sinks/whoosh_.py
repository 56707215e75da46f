"""Items into a Whoosh index: one writer at a time, each commit whole or not there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from chabao.indexer import fields
from chabao.indexer.codecs import builder, toc
from chabao.indexer.codecs.whoosh_ import BulletinIndex, BulletinSegment, BulletinWriter
from chabao.indexer.errors import CannotWrite, IndexBusy

PATIENCE = 600.0
"""Seconds that a writer waits for its turn."""
FANOUT = 8
"""So many segments of one size are merged into one of the next: a segment is written again only
log₈ times, and a lookup reads few of them."""
ORPHAN = re.compile(rf"({toc.NAME}_[0-9a-z]+)\.(?:chp|chr|run\d+)|_{toc.NAME}_\d+\.toc\..+")
"""Files of a segment, and a table of contents that has not got its name yet."""
LARGEST = 50_000_000
"""Characters beyond which segments stay as they are."""


class WhooshSink:
    """Takes records, and takes them out again by source; nothing is seen before `commit`.

    Raises IndexBusy when another writer does not end in time, CannotWrite where the folder cannot
    be written. `waiting` is called once if there is a wait. What the index had is left out of the
    commit where `afresh`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        patience: float = PATIENCE,
        waiting: Callable[[], None] | None = None,
        afresh: bool = False,
    ) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder, patience, waiting)
        except OSError as error:
            raise CannotWrite(path=folder, reason=error.strerror or error) from error
        try:
            with self._writing():
                self._writer = BulletinWriter(BulletinIndex(folder, afresh=afresh))
                if not afresh:
                    _sweep(folder, {each.segment_id() for each in self._writer.segments})
        except BaseException:
            self._lock.release()
            raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CannotWrite(path=self.folder, reason=error.strerror or error) from error

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
        with self._writing():
            for record in records:
                self._writer.add_record(record)

    def sources(self) -> set[str]:
        """The files of which something was committed."""
        found: set[str] = set()
        for part in self._writer.segments:
            terms = part.open(self.folder).terms("source")
            for number, term in enumerate(terms.all()):
                if not part.deleted.issuperset(terms.posting(number).unpack()):
                    found.add(term.decode("utf-8", "surrogatepass"))
        return found

    def remove(self, source: str) -> None:
        """Takes out what was committed of a source."""
        term = source.encode("utf-8", "surrogatepass")
        base = 0
        for segment in self._writer.segments:
            posting = segment.open(self.folder).terms("source").get(term)
            for document in posting.unpack() if posting else ():
                if not segment.is_deleted(document):
                    self._writer.delete_document(base + document)
            base += segment.doc_count_all()

    def texts(self, source: str) -> list[str]:
        """The texts of what was committed of a source, in document order."""
        term = source.encode("utf-8", "surrogatepass")
        found: list[Mapping[str, Any]] = []
        for part in self._writer.segments:
            segment = part.open(self.folder)
            posting = segment.terms("source").get(term)
            documents = posting.unpack() if posting else ()
            found += (segment.record(at) for at in documents if not part.is_deleted(at))
        return [record["text"] for record in sorted(found, key=fields.document_order)]

    @property
    def coming(self) -> int:
        """The number that the next commit will have."""
        return int(self._writer.generation)

    def commit(self) -> int:
        """Makes what was added and removed visible at once; returns the commit's number."""
        with self._writing():
            self._writer.commit(mergetype=merge)
            number = int(self._writer.generation)
            self._writer = BulletinWriter(BulletinIndex(self.folder))
        return number


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


def _sweep(folder: Path, kept: Iterable[str]) -> None:
    """Removes what a writer that was killed has left; those of no commit, that is."""
    for path in folder.iterdir():
        name = ORPHAN.fullmatch(path.name)
        if name and name[1] not in kept:
            # Windows keeps a file that someone reads; a later writer removes it.
            with suppress(OSError):
                path.unlink()


def merge(writer: BulletinWriter, segments: Sequence[BulletinSegment]) -> list[BulletinSegment]:
    """Whoosh's merge policy: eight of one size become one; half empty ones are written again."""
    folder = Path(writer.storage.folder)
    kept = [segment for segment in segments if segment.doc_count()]
    for group in _groups(kept, folder):
        fresh = BulletinSegment(writer.indexname)
        parts = [segment.open(folder) for segment in group]
        fresh.set_doc_count(builder.join(folder, fresh.segment_id(), parts))
        fresh.seal(folder)
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
