"""Where a string stands in a segment whose numbers may be written otherwise.

Every spelling of a number has the same first digit, as a digit or as a word: the places of those
say which texts have to be read, and `search.numbers` says where in them the string stands.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT
from chabao.indexer.folding import fold_text
from chabao.search.numbers import Part, Worth, openings, parts, standing

if TYPE_CHECKING:
    from chabao.search.backends.evaluation import Evaluation

READING = 75
"""Postings that could be read while one text is."""


def stretches(evaluation: Evaluation, folded: str) -> tuple[Any, Any]:
    """Starts and ends in the segment, in order."""
    segment, kernel, wanted = evaluation.segment, evaluation.kernel, parts(folded)
    starts: list[int] = []
    ends: list[int] = []
    for document in map(int, _candidates(evaluation, wanted)):
        base = segment.starts[document]
        text = fold_text(segment.record(document)["text"])
        for start, end in standing(text, wanted):
            starts.append(base + start)
            ends.append(base + end)
    return kernel.listed(starts), kernel.listed(ends)


def expected(segment: Segment, folded: str) -> int:
    """About what it costs to look for a string, in postings."""
    terms = segment.terms(TEXT)
    weights = [
        sum(terms.weight(range(number, number + 1)) for number in _opening(segment, part))
        for part in parts(folded)
        if isinstance(part, Worth)
    ]
    return sum(weights) + READING * min(segment.size, *weights)


def _candidates(evaluation: Evaluation, wanted: tuple[Part, ...]) -> Any:
    """The documents that have what stands between the numbers, and the beginnings of these."""
    kernel = evaluation.kernel
    found = []
    for part in dict.fromkeys(wanted):
        if isinstance(part, str):
            found.append(_owners(kernel, evaluation.places(part)))
        else:
            found.append(_having(evaluation, part))
    return evaluation.alive(reduce(kernel.both, sorted(found, key=len)))


def _having(evaluation: Evaluation, worth: Worth) -> Any:
    kernel, terms = evaluation.kernel, evaluation.segment.terms(TEXT)
    lists = [
        _owners(kernel, kernel.unpacked(terms.posting(number)))
        for number in _opening(evaluation.segment, worth)
    ]
    return kernel.either(lists) if lists else kernel.empty()


def _owners(kernel: Any, places: Any) -> Any:
    return kernel.counted(kernel.owners(places))[0]


def _opening(segment: Segment, worth: Worth) -> list[int]:
    """The numbers of the bigrams with which a number's digits may begin."""
    terms, (first, following) = segment.terms(TEXT), openings(worth)
    if following is None:
        return [number for char in first for number in terms.prefixed(char.encode())]
    pairs = (terms.find((char + after).encode()) for char in first for after in following)
    return sorted({number for number in pairs if number >= 0})
