"""A segment as Whoosh's searchers read it: terms, postings, lengths, columns and stored fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from whoosh.codec import base
from whoosh.columns import ColumnReader
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from chabao.indexer.codecs.segment import Segment, Terms
from chabao.indexer.fields import CALENDAR, KEYWORDS, TEXT, WORDS


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Whoosh's view of the term dictionaries and postings of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def indexed_field_names(self) -> list[str]:
        return [TEXT, WORDS, *KEYWORDS]

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term)[1] >= 0

    def _find(self, fieldname: str, text: bytes) -> tuple[Terms, int]:
        terms = self._segment.terms(fieldname)
        return terms, terms.find(text)

    def cursor(self, fieldname: str, fieldobj: Any) -> Cursor:
        return Cursor(self._segment.terms(fieldname), fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in sorted(self.indexed_field_names()):
            for term in self._segment.terms(name).all():
                yield name, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return (term for term in self.terms() if term >= (fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        found = self.documents(fieldname, text)
        weights = [len(places) for _, places in found]
        lengths = [self._segment.length(fieldname, document) for document, _ in found]
        return TermInfo(
            weight=sum(weights), df=len(found), minlength=min(lengths), maxlength=max(lengths),
            maxweight=max(weights), minid=found[0][0], maxid=found[-1][0],
        )  # fmt: skip

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term: 0 where a segment does not know it."""
        known = (fieldname, text) in self
        return int(self.term_info(fieldname, text).doc_frequency()) if known else 0

    def frequency(self, fieldname: str, text: bytes) -> float:
        known = (fieldname, text) in self
        return float(self.term_info(fieldname, text).weight()) if known else 0.0

    def documents(self, fieldname: str, text: bytes) -> list[tuple[int, list[int]]]:
        """Each document that has a term, with the places in it (or as many zeros)."""
        terms, index = self._find(fieldname, text)
        if index < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        numbers = terms.posting(index).unpack()
        if fieldname != TEXT:
            return [(document, [0] * len(list(group))) for document, group in groupby(numbers)]
        starts = self._segment.starts
        owned = groupby(numbers, key=self._segment.document_at)
        return [(document, [at - starts[document] for at in group]) for document, group in owned]

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        found = self.documents(fieldname, text)
        encode = format_.encode if fieldname == TEXT else lambda _: b""
        values = [encode(places) for _, places in found]
        return ListMatcher(
            [document for document, _ in found],
            [float(len(places)) for _, places in found],
            values, format_, scorer=scorer, term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )  # fmt: skip


class Cursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a term dictionary."""

    def __init__(self, terms: Terms, fieldobj: Any) -> None:
        self._terms, self._field, self._at = terms, fieldobj, 0

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, string: Any) -> Any:
        text = string if isinstance(string, bytes) else self._field.to_bytes(string)
        self._at = self._terms.bisect(text)
        return self.text()

    def next(self) -> Any:
        self._at += 1
        return self.text()

    def text(self) -> Any:
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term(self) -> Any:
        return self.text()

    def is_valid(self) -> bool:
        return self._at < len(self._terms)

    def term_info(self) -> None:
        return None


class RecordsReader(base.PerDocumentReader):  # type: ignore[misc]
    """Whoosh's view of a segment's documents."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        return self._segment.size - len(self._segment.deleted)

    def doc_count_all(self) -> int:
        return self._segment.size

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._segment.deleted

    def deleted_docs(self) -> frozenset[int]:
        return self._segment.deleted

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in CALENDAR

    def column_reader(self, fieldname: str, column: Any) -> DayColumn:
        return DayColumn(self._segment, fieldname)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return self._segment.length(fieldname, docnum) or default

    def field_length(self, fieldname: str) -> int:
        return sum(self._lengths(fieldname))

    def min_field_length(self, fieldname: str) -> int:
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._lengths(fieldname), default=0)

    def _lengths(self, fieldname: str) -> Iterator[int]:
        return (self._segment.length(fieldname, number) for number in range(self._segment.size))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {"record": self._segment.record(docnum)}


class DayColumn(ColumnReader):  # type: ignore[misc]
    """A calendar column, a number at a time."""

    def __init__(self, segment: Segment, name: str) -> None:
        self._numbers, self._size = segment.columns[name], segment.size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, docnum: int) -> int:
        return self._numbers[docnum]

    def sort_key(self, docnum: int) -> int:
        return self._numbers[docnum]
