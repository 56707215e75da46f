"""A segment of the index, read where it lies: term dictionaries, postings, columns, records.

Global places: a segment's folded texts lie one after the other with one free place behind each, so
that a place is one number and no phrase runs from one item into the next. `starts[d]` is the place
of item `d`'s first character, `starts[d + 1] - starts[d] - 1` its length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import Reader, Seal
from chabao.indexer.codecs.postings import CHUNKED, Posting
from chabao.indexer.codecs.stored import Records
from chabao.indexer.codecs.toc import POSTINGS as POSTINGS
from chabao.indexer.codecs.toc import RECORDS as RECORDS
from chabao.indexer.codecs.toc import SUFFIXES
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import CALENDAR, TEXT, WORDS, Record


class Terms:
    """The term dictionary of one field: sorted terms in UTF-8, each with its posting list."""

    def __init__(self, reader: Reader, field: str) -> None:
        self._reader, self._field = reader, field
        self._at = reader.span(f"{field} terms")[0]
        self._term_ends = reader.numbers(f"{field} term ends", "I")
        self.units = reader.numbers(f"{field} postings", "H")
        self.ends = reader.numbers(f"{field} posting ends", "I")
        self._found: dict[bytes, int] = {}
        self._blob: bytes | None = None

    def __len__(self) -> int:
        return len(self._term_ends)

    def __getitem__(self, index: int) -> bytes:
        start = self._term_ends[index - 1] if index else 0
        return bytes(self._reader.bytes(self._at + start, self._at + self._term_ends[index]))

    def all(self) -> Iterator[bytes]:
        """Every term in order; reads the whole dictionary."""
        blob = self.blob()
        start = 0
        for end in self._term_ends.whole():
            yield blob[start:end]
            start = end

    def blob(self) -> bytes:
        """Every term, one after the other."""
        return bytes(self._reader.section(f"{self._field} terms"))

    def among(self, numbers: range) -> Iterator[bytes]:
        """Some terms that stand side by side, read at once."""
        if not numbers:
            return
        ends = self._term_ends.part(numbers[0], numbers[-1] + 1)
        first = start = self._term_ends[numbers[0] - 1] if numbers[0] else 0
        blob = bytes(self._reader.bytes(self._at + first, self._at + ends[-1]))
        for end in ends:
            yield blob[start - first : end - first]
            start = end

    def bisect(self, term: bytes) -> int:
        """The number of terms before `term`."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < term:
                low = middle + 1
            else:
                high = middle
        return low

    def holding(self, part: bytes) -> list[int]:
        """The numbers of the terms that have `part` in them; reads the whole dictionary."""
        if self._blob is None:
            self._blob = self.blob()
        found: list[int] = []
        at = self._blob.find(part)
        while at >= 0:
            number = bisect_right(self._term_ends, at)
            end = self._term_ends[number]
            if at + len(part) <= end:
                found.append(number)
                at = self._blob.find(part, end)
            else:
                at = self._blob.find(part, at + 1)
        return found

    def find(self, term: bytes) -> int:
        """The number of a term, or -1."""
        index = self._found.get(term)
        if index is None:
            index = self.bisect(term)
            if index == len(self) or self[index] != term:
                index = -1
            if len(self._found) > 65536:
                self._found.clear()
            self._found[term] = index
        return index

    def prefixed(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with `prefix`."""
        start = self.bisect(prefix)
        end = self.bisect(prefix + b"\xff")
        return range(start, end)

    def weight(self, numbers: range) -> int:
        """About how many postings the terms have together."""
        if not numbers:
            return 0
        start = self.ends[numbers[0] - 1] & ~CHUNKED if numbers[0] else 0
        return ((self.ends[numbers[-1]] & ~CHUNKED) - start) // 2

    def posting(self, index: int) -> Posting:
        """The packed list of a term's places or documents."""
        start = self.ends[index - 1] & ~CHUNKED if index else 0
        end = self.ends[index]
        return Posting(self.units.part(start, end & ~CHUNKED), bool(end & CHUNKED))

    def get(self, term: bytes) -> Posting | None:
        index = self.find(term)
        return None if index < 0 else self.posting(index)


UNSEALED: Mapping[str, Seal] = {}


class Segment:
    """One segment, given the path of its postings. `deleted` are documents no longer there.

    Raises DamagedIndex where a file is damaged, or not the one of the `seals`; OldIndex.
    """

    def __init__(
        self, path: Path, deleted: frozenset[int] = frozenset(),
        seals: Mapping[str, Seal] = UNSEALED,
    ) -> None:  # fmt: skip
        self.path = path
        self.reader = Reader(path, seals.get(path.suffix))
        self.files = [self.reader]
        self.deleted = deleted
        self._seals = seals
        self.size: int = self.reader.meta["documents"]
        self.starts = self.reader.numbers("starts", "I")
        self.word_counts = self.reader.numbers("word counts", "I")
        self.columns = {name: self.reader.numbers(name, "i") for name in CALENDAR}
        self._check_sizes()
        self._records = self._open_records()
        self._places: memoryview | None = None
        self._terms: dict[str, Terms] = {}

    @classmethod
    def named(cls, folder: Path, entry: toc.Entry) -> Segment:
        """The segment of which a table of contents speaks."""
        segment = cls(folder / (entry.name + POSTINGS), entry.deleted, entry.seals)
        if segment.size != entry.size:
            raise DamagedIndex(path=segment.path.name, reason="another number of items")
        return segment

    def terms(self, field: str) -> Terms:
        if field not in self._terms:
            self._terms[field] = Terms(self.reader, field)
        return self._terms[field]

    @property
    def places(self) -> memoryview:
        """`starts`, checked as a whole, for many look-ups."""
        if self._places is None:
            self._places = self.starts.whole()
        return self._places

    @property
    def characters(self) -> int:
        """Characters of all texts, deleted ones too."""
        return self.starts[self.size] - self.size

    @property
    def words(self) -> int:
        """Words of all texts, deleted ones too."""
        return int(self.reader.meta["words"])

    def document_at(self, place: int) -> int:
        """The document whose text has a place."""
        return bisect_right(self.places, place) - 1

    def length(self, field: str, document: int) -> int:
        """How many bigrams or words a document has; 0 for other fields."""
        if field == TEXT:
            return self.starts[document + 1] - self.starts[document] - 1
        return self.word_counts[document] if field == WORDS else 0

    def _check_sizes(self) -> None:
        """Raises DamagedIndex where there are not as many numbers as items, or not as many places
        as characters: whoever makes room for these makes it for what is there."""
        sizes = {len(self.starts) - 1, len(self.word_counts), *map(len, self.columns.values())}
        if any(self.size != size for size in sizes):
            raise DamagedIndex(path=self.path.name, reason="another number of items")
        start, end = self.reader.span(f"{TEXT} postings")
        if self.characters - self.size > (end - start) // 2:
            raise DamagedIndex(path=self.path.name, reason="another number of characters")

    def _open_records(self) -> Records | None:
        """At once, as a writer may remove what it has merged; a run of a builder has none."""
        if self.path.suffix != POSTINGS:
            return None
        self.files.append(Reader(self.path.with_suffix(RECORDS), self._seals.get(RECORDS)))
        return Records(self.files[-1])

    def record(self, doc: int) -> Record:
        if self._records is None:
            raise DamagedIndex(path=self.path.name, reason="no records")
        return self._records[doc]

    def holding(self, field: str, term: bytes) -> Iterator[int]:
        """The documents that have a term in a keyword field, without those deleted."""
        posting = self.terms(field).get(term)
        documents = posting.unpack() if posting else ()
        return (document for document in documents if document not in self.deleted)

    def live(self) -> Iterator[int]:
        return (doc for doc in range(self.size) if doc not in self.deleted)


def seals(folder: Path, name: str) -> dict[str, Seal]:
    """The seals of the files of a segment that was just written, by suffix."""
    return {suffix: Reader(folder / (name + suffix)).seal for suffix in SUFFIXES}
