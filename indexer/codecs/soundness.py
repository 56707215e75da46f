"""Whether a segment says what a segment can say, checksums apart.

Checksums find what came to harm; who means harm makes them right. `measured` is asked when a
segment is opened: sizes that have to agree, which is soon done. `faults` reads all of it, and is
asked where a search failed: what was found unsound is the index's fault, and else it is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from chabao.indexer.codecs.postings import CHUNKED, Posting
from chabao.indexer.codecs.segment import Segment, Terms
from chabao.indexer.errors import ChabaoError, DamagedIndex
from chabao.indexer.fields import CALENDAR, KEYWORDS, OWN, TEXT, WORDS, Record

UNSOUND = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, MemoryError)
"""What reading something that no builder wrote may raise, where its checksums are right."""
LAST_DAY = 3652059
"""9999-12-31 as a number."""


def blame(error: BaseException | None, segments: Iterable[Segment]) -> None:
    """Raises DamagedIndex where an error comes of a segment that no builder wrote; where none is
    found, the mistake is ours."""
    if isinstance(error, UNSOUND):
        for segment in segments:
            for reason in faults(segment):
                raise DamagedIndex(path=segment.path.name, reason=reason) from error


def measured(segment: Segment) -> None:
    """Raises DamagedIndex where the sizes of a segment's parts do not agree."""
    reason = next(_sizes(segment), None)
    if reason:
        raise DamagedIndex(path=segment.path.name, reason=reason)


def _sizes(segment: Segment) -> Iterator[str]:
    size, words = segment.size, segment.reader.meta.get("words")
    if type(size) is not int or type(words) is not int or size < 0 or words < 0:
        yield "numbers"
    elif len(segment.starts) != size + 1 or segment.starts[0]:
        yield "starts"
    elif len(segment.word_counts) != size or any(
        len(column) != size for column in segment.columns.values()
    ):
        yield "columns"
    # A character is a place, and a place has a posting of two bytes or four.
    elif not size <= segment.starts[size] <= size + len(segment.terms(TEXT).units):
        yield "characters"


def faults(segment: Segment) -> Iterator[str]:
    """What is not as a builder writes it, a word each; reads everything."""
    try:
        segment.reader.check_all()
        yield from _sizes(segment)
        starts = segment.starts.whole()
        if any(before >= after for before, after in pairwise(starts)):
            yield "starts"
        for name in CALENDAR:
            if not all(0 <= day <= LAST_DAY for day in segment.columns[name].whole()):
                yield name
        if sum(segment.word_counts.whole()) != segment.words:
            yield "word counts"
        for field in (TEXT, WORDS, *KEYWORDS):
            yield from _terms(segment, field, starts[-1] if field == TEXT else segment.size)
        for document, (start, after) in enumerate(pairwise(starts)):
            if not _is_record(segment.record(document), after - start - 1):
                yield f"record {document}"
    except (ChabaoError, ArithmeticError, LookupError, TypeError, ValueError, MemoryError) as error:
        yield str(error) or type(error).__name__


def _terms(segment: Segment, field: str, limit: int) -> Iterator[str]:
    """What is wrong with the terms of a field, whose postings are below `limit`."""
    terms = segment.terms(field)
    ends = [end & ~CHUNKED for end in terms.ends.whole()]
    if len(ends) != len(terms) or not _rise([0, *ends]) or (ends or [0])[-1] > len(terms.units):
        yield f"{field} ends"
        return
    before = b""
    spelled = [terms[number] for number in range(len(terms))]
    if b"".join(spelled) != terms.blob() or spelled != list(terms.all()):
        yield f"{field} terms"
    for number, term in enumerate(spelled):
        if number and term <= before:
            yield f"{field} {number}"
        before = term
        term.decode("utf-8", "surrogatepass")
        posting = terms.posting(number)
        if not _is_packed(terms, number, posting) or not _are_below(posting.unpack(), limit):
            yield f"{field} {number}"


def _is_packed(terms: Terms, number: int, posting: Posting) -> bool:
    """Whether the chunks of a list are as long as the list."""
    start = terms.ends[number - 1] & ~CHUNKED if number else 0
    end = terms.ends[number]
    units = terms.units.part(start, end & ~CHUNKED)
    if not end & CHUNKED:
        return len(units) > 0 and len(units) % 2 == 0
    chunks = units[0]
    sizes = units[1 + chunks : 1 + 2 * chunks]
    return 0 < chunks == len(sizes) and sum(sizes) + chunks == len(posting)


def _are_below(numbers: Sequence[int], limit: int) -> bool:
    return _rise(numbers) and (not numbers or numbers[-1] < limit)


def _rise(numbers: Sequence[int]) -> bool:
    return all(before <= after for before, after in pairwise(numbers))


def _is_record(record: Record, length: int) -> bool:
    """Whether a record has the types of schema 1, and a text of the length that was indexed."""
    days = [record["period"], *record["dates"]]
    texts = (record["text"], record["id"], record["item"], record["source"])
    return (
        all(isinstance(text, str) for text in chain(texts, record["section"], record["department"]))
        and len(record["text"]) == length
        and all(name in record for name in OWN)
        and all(
            value is None or isinstance(value, str)
            for value in (record["title"], record["number"], record["publisher"], record["date"])
        )
        and all(day.keys() == {"first", "last"} for day in days)
        and type(record["line"]) is int
        and all(type(at) is int and type(line) is int for at, line in record["lines"])
    )
