"""The index format as Whoosh sees it: a codec, its segments and its writer.

Stock queries, searchers and collectors work on it. Everything that is indexed follows from the
record, so the codec writes postings from records, in bulk, and not from Whoosh's own tokens.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.writing import SegmentWriter

from chabao.indexer import regular
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.builder import Builder
from chabao.indexer.codecs.container import Seal
from chabao.indexer.codecs.durable import DurableStorage, settle_above, settle_folder
from chabao.indexer.codecs.reading import RecordsReader, TermsReader
from chabao.indexer.codecs.schema import schema
from chabao.indexer.codecs.segment import Segment, seals
from chabao.indexer.errors import CannotWrite, DamagedIndex, MissingIndex, OldIndex


class BulletinCodec(base.Codec):  # type: ignore[misc]
    """Makes the parts; the segment names it, so that any index can be opened."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> BulletinSegment:
        return BulletinSegment(indexname)

    def per_document_writer(self, storage: Any, segment: BulletinSegment) -> RecordsWriter:
        return RecordsWriter(Path(storage.folder), segment)

    def field_writer(self, storage: Any, segment: BulletinSegment) -> PostingsWriter:
        return PostingsWriter()

    def terms_reader(self, storage: Any, segment: BulletinSegment) -> TermsReader:
        return TermsReader(segment.open(Path(storage.folder)))

    def per_document_reader(self, storage: Any, segment: BulletinSegment) -> RecordsReader:
        return RecordsReader(segment.open(Path(storage.folder)))


class BulletinSegment(base.Segment):  # type: ignore[misc]
    """What the table of contents says of a segment: plain values only."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.size = 0
        self.deleted: set[int] = set()
        self.seals: dict[str, Seal] = {}

    def entry(self) -> toc.Entry:
        """What the table of contents says of it."""
        return toc.Entry(self.segment_id(), self.size, frozenset(self.deleted), self.seals)

    def seal(self, folder: Path) -> None:
        """Takes the files that were written for its own, and no others from then on."""
        self.seals = seals(folder, self.segment_id())

    @classmethod
    def named(cls, entry: toc.Entry) -> BulletinSegment:
        """The segment of which a table of contents speaks."""
        segment = cls(toc.NAME)
        segment.segid = entry.name.removeprefix(toc.NAME + "_")
        segment.size, segment.deleted = entry.size, set(entry.deleted)
        segment.seals = dict(entry.seals)
        return segment

    @classmethod
    def _random_id(cls, size: int = 16) -> str:
        """Not from `random`, which a caller may have seeded: names must not meet again."""
        return secrets.token_hex(size // 2)

    def codec(self) -> BulletinCodec:
        return BulletinCodec()

    def should_assemble(self) -> bool:
        return False

    def open(self, folder: Path) -> Segment:
        return Segment.named(folder, self.entry())

    def set_doc_count(self, count: int) -> None:
        self.size = count

    def doc_count_all(self) -> int:
        return self.size

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self.deleted))

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self.deleted.add(docnum)
        else:
            self.deleted.discard(docnum)


class BulletinIndex(FileIndex):  # type: ignore[misc]
    """The index of a folder, made if there is none. Its table of contents is read by our reader,
    which runs nothing; one that is to be built `afresh` begins without what it had, even damaged.

    `identity` is what commits will bear, `known` what the last one bore, "" where nobody can tell.
    """

    def __init__(self, folder: Path, *, afresh: bool = False) -> None:
        self.storage, self.indexname = DurableStorage(str(folder)), toc.NAME
        self._schema, self._afresh = schema(), afresh
        self.identity, self.known = secrets.token_hex(8), ""
        try:
            toc.generation(folder)
        except (MissingIndex, DamagedIndex) as error:
            if isinstance(error, DamagedIndex) and not afresh:
                raise
            settle_above(folder)
            _write_toc(self.storage, [], 0, self.identity)

    def _read_toc(self) -> TOC:
        folder = Path(self.storage.folder)
        if self._afresh:
            with suppress(OldIndex, DamagedIndex, FileNotFoundError):
                self.known = self.identity = toc.read(folder).identity
            return TOC(self._schema, [], _last(folder))
        found = toc.read(folder)
        self.known = self.identity = found.identity
        return TOC(
            self._schema, [BulletinSegment.named(each) for each in found.segments], found.generation
        )


def _last(folder: Path) -> int:
    """The number of the newest commit, of those that leave room for as many again: whoever lays a
    table there that has the last number of all does not end an index with it."""
    numbers = toc.numbers(path.name for path in folder.iterdir())
    return max((number for number in numbers if number <= toc.LAST // 2), default=0)


def _write_toc(
    storage: DurableStorage, segments: list[BulletinSegment], number: int, identity: str
) -> None:
    """Puts the table of a commit in its place: Whoosh's own, and what we read of it, sealed.
    Raises OSError, CannotWrite."""
    folder = Path(storage.folder)
    if number > toc.LAST:
        raise CannotWrite(path=folder, reason="no number is left for another commit")
    whoosh = RamStorage()
    TOC(schema(), segments, number).write(whoosh, toc.NAME)
    path = toc.path_of(folder, number)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    entries = [each.entry() for each in segments]
    table = toc.sealed(whoosh.files[path.name], number, entries, identity)
    with partial.open("xb") as file:
        file.write(table)
    storage.rename_file(partial.name, path.name, safe=True)


def _uncover(folder: Path, number: int) -> None:
    """Makes a commit the newest. Until the last table that has a larger number is gone, what was
    there before is whole."""
    numbers = toc.numbers(path.name for path in folder.iterdir())
    above = [toc.path_of(folder, each) for each in sorted(numbers) if each > number]
    for path in above:
        regular.make_way(path)
        path.unlink(missing_ok=True)
    if above:
        settle_folder(folder)


class RecordsWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Takes each document's record and builds the segment from it."""

    def __init__(self, folder: Path, segment: BulletinSegment) -> None:
        self._folder, self._segment = folder, segment
        self._builder: Builder | None = None
        self._record: Any = None
        self.is_closed = False

    @property
    def builder(self) -> Builder:
        """Made when the first document comes: a commit may have none."""
        if self._builder is None:
            self._builder = Builder(self._folder, self._segment.segment_id())
        return self._builder

    def start_doc(self, docnum: int) -> None:
        self._record = None

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        if fieldname == "record":
            self._record = value

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        """Columns follow from the record."""

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Any) -> None:
        raise NotImplementedError("no field of the schema has vectors")

    def finish_doc(self) -> None:
        self.builder.add(self._record)

    def cancel_doc(self) -> None:
        self._record = None

    def close(self) -> None:
        if self._builder is not None and not self.is_closed:
            self._builder.close()
            self._segment.seal(self._folder)
        self.is_closed = True

    def cancel(self) -> None:
        if self._builder is not None and not self.is_closed:
            self._builder.cancel()
        self.is_closed = True


class PostingsWriter(base.FieldWriter):  # type: ignore[misc]
    """Drops Whoosh's own postings: the segment has them from the records."""

    is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


class BulletinWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer without its tokens: records go to the codec as they are."""

    def __init__(self, index: Any, **options: Any) -> None:
        # The sink has a lock of its own; Whoosh's would stay with a writer that was never whole.
        super().__init__(index, codec=BulletinCodec(), _lk=False, **options)
        self._identity = getattr(index, "identity", "")

    def add_record(self, record: Any) -> None:
        self._check_state()
        self.perdocwriter.builder.add(record)
        self._added = True
        self.docnum += 1

    def _commit_toc(self, segments: list[BulletinSegment]) -> None:
        _write_toc(self.storage, segments, self.generation, self._identity)
        _uncover(Path(self.storage.folder), self.generation)
        clean_files(self.storage, self.indexname, self.generation, segments)

    def commit(self, **options: Any) -> None:
        try:
            super().commit(**options)
        except BaseException:
            # Whoosh leaves what it was writing as it was.
            with suppress(OSError):
                self.perdocwriter.cancel()
            raise

    def cancel(self) -> None:
        self.perdocwriter.cancel()
        super().cancel()
