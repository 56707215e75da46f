"""Items into a Whoosh index: one writer at a time, each commit whole or not there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from chabao.indexer import fields, manifest, regular, tracing
from chabao.indexer.codecs import builder, durable, soundness, toc
from chabao.indexer.codecs.whoosh_ import BulletinIndex, BulletinSegment, BulletinWriter
from chabao.indexer.errors import CannotWrite, ChabaoError, IndexBusy
from chabao.indexer.manifest import Manifest

PATIENCE = 600.0
"""Seconds that a writer waits for its turn."""
POLL = 0.02
"""Seconds between two looks at whether it is there."""
FANOUT = 8
"""So many segments of one size are merged into one of the next: a segment is written again only
log₈ times, and a lookup reads few of them."""
ORPHAN = re.compile(
    rf"({toc.NAME}_[0-9a-z]+)\.(?:chp|chr|run\d+)|_{toc.NAME}_\d+\.toc\..+|manifest.*\.partial"
)
"""Files of a segment, and a table of contents or a manifest that has not got its name yet."""
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
        self.folder, self._afresh = folder, afresh
        self._said: Manifest | None = None
        try:
            toc.check_own(folder)
            folder.mkdir(parents=True, exist_ok=True)
            if afresh:
                _free(folder)
            self._lock = _lock(folder, patience, waiting)
        except OSError as error:
            raise _refused(folder, error) from error
        with ExitStack() as undone:
            undone.callback(self._lock.release)
            with self._writing():
                # The last writer may have been killed before what it named was on the disk.
                durable.settle_folder(folder)
                self._index = BulletinIndex(folder, afresh=afresh)
                self._writer = BulletinWriter(self._index)
                if not afresh:
                    _sweep(folder)
            undone.pop_all()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _refused(self.folder, error) from error

    def __enter__(self) -> WhooshSink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drops what was not committed. What cannot be removed goes with the next writer."""
        try:
            with suppress(OSError):
                if not self._writer.is_closed:
                    self._writer.cancel()
            with suppress(OSError, ChabaoError):
                if error:
                    # What a commit wrote that failed may be what filled the disk.
                    _sweep(self.folder)
            soundness.blame(error, (part.open(self.folder) for part in self._writer.segments))
        finally:
            self._lock.release()

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        with self._writing():
            for record in records:
                self._writer.add_record(record)

    def known(self) -> Manifest:
        """What the index says of itself, as of the last commit."""
        self._said = manifest.recalled(self.folder, (self.coming - 1, self._index.known))
        if not self._index.known:
            self._said = Manifest(tracing.own(self.folder, self._said.roots))
        return self._said.kept()

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
            for document in segment.open(self.folder).holding("source", term):
                if document >= segment.size:
                    raise IndexError(document)
                self._writer.delete_document(base + document)
            base += segment.doc_count_all()

    def count(self) -> int:
        """How many items were committed."""
        return sum(int(part.doc_count()) for part in self._writer.segments)

    def texts(self, source: str) -> list[str]:
        """The texts of what was committed of a source, in document order."""
        term = source.encode("utf-8", "surrogatepass")
        found: list[Mapping[str, Any]] = []
        for part in self._writer.segments:
            segment = part.open(self.folder)
            found += map(segment.record, segment.holding("source", term))
        return [record["text"] for record in sorted(found, key=fields.document_order)]

    @property
    def coming(self) -> int:
        """The number that the next commit will have."""
        return int(self._writer.generation)

    def commit(self, known: Manifest | None = None, whole: bool = True) -> int:
        """Makes what was added and removed visible at once; returns the commit's number."""
        with self._writing():
            if known is not None:
                # A writer that was killed behind its commit has left the only right one there.
                identity = self._index.identity
                if manifest.is_unsettled(self.folder, (self.coming - 1, identity)):
                    self._settle()
                manifest.prepare(self.folder, (self.coming, identity), known)
            self._writer.commit(mergetype=merge)
            number = int(self._writer.generation)
            if known is not None:
                self._settle()
            self._index = BulletinIndex(self.folder)
            self._writer = BulletinWriter(self._index)
        self._said, self._afresh = known and known.kept(), False
        return number

    def note(self, known: Manifest) -> None:
        """Changes only what the index says of itself, if it says anything else."""
        if self._afresh:
            self.commit(known)
        elif known != self._said or not manifest.is_whole(self.folder, self._last):
            with self._writing():
                manifest.write(self.folder, self._last, known)
                durable.settle_folder(self.folder)
            self._said = known.kept()

    @property
    def _last(self) -> manifest.Commit:
        return self.coming - 1, self._index.identity

    def _settle(self) -> None:
        """The manifest of the last commit takes its place, for good."""
        manifest.settle(self.folder)
        durable.settle_folder(self.folder)


def _refused(folder: Path, error: OSError) -> CannotWrite:
    """What is said where a folder cannot be written, or a file of it that the error names."""
    path, name = folder, error.filename
    if isinstance(name, str) and Path(name).parent.resolve() == folder.resolve():
        path = folder / Path(name).name
    return CannotWrite(path=path, reason=error.strerror or error)


def _free(folder: Path) -> None:
    """Takes away what no writer can hold in the place of a lock: folders, links and pipes."""
    for path in (folder / name for name in toc.LOCKS):
        regular.make_way(path)
        if regular.is_other(path):
            path.unlink(missing_ok=True)


def _lock(folder: Path, patience: float, waiting: Callable[[], None] | None) -> FileLock:
    """Whoever is the next holds a lock, too: who has just written waits behind, and cannot keep
    those who look every now and then from ever finding the index free."""
    first, lock = (FileLock(folder / name, poll_interval=POLL) for name in toc.LOCKS)
    started = time.monotonic()
    try:
        try:
            first.acquire(timeout=0)
            lock.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting()
            if not first.is_locked:
                first.acquire(timeout=patience)
            lock.acquire(timeout=max(0.0, started + patience - time.monotonic()))
    except Timeout as error:
        seconds = round(time.monotonic() - started)
        raise IndexBusy(path=folder, seconds=seconds) from error
    finally:
        first.release()
    return lock


def _sweep(folder: Path) -> None:
    """Removes what is of no commit, or of one before the last."""
    contents = toc.read(folder)
    kept = {entry.name for entry in contents.segments}
    left = [path for path in folder.iterdir() if _is_left(path.name, contents.generation, kept)]
    if left:
        # Nothing that an older table needs may go before the last one is on the disk.
        durable.settle_folder(folder)
    for path in left:
        # Windows keeps a file that someone reads; a later writer removes it.
        with suppress(OSError):
            path.unlink()


def _is_left(name: str, generation: int, kept: Collection[str]) -> bool:
    if table := toc.TOC.fullmatch(name):
        return int(table[1]) < generation
    orphan = ORPHAN.fullmatch(name)
    return orphan is not None and orphan[1] not in kept


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
