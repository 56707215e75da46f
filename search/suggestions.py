"""What may have been meant by a term that is mentioned nowhere: texts of the corpus that are near.

They are read off the index's bigrams (`backends.slots`), so phrases that no segmenter keeps in one
piece are found too, and none is suggested that is not mentioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import WORDS
from chabao.indexer.folding import fold
from chabao.search import pinyin
from chabao.search.backends.evaluation import encoded
from chabao.search.backends.parts import mentions
from chabao.search.backends.related import cut
from chabao.search.backends.slots import CHINESE, Bigrams, Slot, standing
from chabao.search.backends.whoosh_ import Index

MOST = 3
LONGEST = 12
"""Characters of terms for which anything is suggested: longer ones are not names but sentences."""
LOOKED_AT = 12
"""Texts of one likeness, the most mentioned first, that are held to be words or not."""
MOST_INITIALS = 8
LEAST_TOKEN = 3
"""Letters of a Latin word that one slip leaves recognizable."""
Row = Sequence[Slot]


class Likeness(IntEnum):
    """How a suggestion is like the term, the best first."""

    SOUND = 0
    """The same syllables without tones, or the pinyin that was typed."""
    SPELLING = 1
    """One character more, less, other, or two that changed places."""
    INITIALS = 2
    """Its syllables begin with the letters that were typed."""
    FUZZY = 3
    """The same syllables but for z and zh, c and ch, s and sh, n and l, -n and -ng."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A folded text of the corpus with how often it is mentioned."""

    text: str
    mentions: int
    likeness: Likeness


def suggestions(index: Index, term: str, most: int = MOST) -> list[Suggestion]:
    """The texts that a term without mentions is likest to, the most mentioned first.

    At most `most`, all like it in the same way: the first of `Likeness` in which any is. Only words
    and what is made of words: 务服 of 政务服务 is none.
    """
    folded = fold(term)
    letters = folded.replace(" ", "'").replace('"', "'").replace("ü", "v")
    latin = is_spelled(letters)
    chinese = 2 <= len(folded) <= LONGEST and max(folded) >= CHINESE
    if not (chinese or latin or is_token(folded)):
        return []
    bigrams = [Bigrams(segment) for segment in index.segments]
    for likeness in Likeness:
        if likeness is Likeness.SPELLING and is_token(folded):
            found = near_tokens(index, folded)
        else:
            found = {}
            for row in rows(letters if latin else folded, likeness):
                found.update(standing(bigrams, row))
        if best := list(islice(_whole(index.segments, found, likeness), most)):
            return best
    return []


def is_spelled(text: str) -> bool:
    """Whether it may be pinyin: letters, with apostrophes or without."""
    return text.isascii() and text.replace("'", "").isalpha()


def is_token(text: str) -> bool:
    """Whether it may be a word in Latin letters, with digits or without."""
    return text.isascii() and text.isalnum() and not text.isdecimal()


def rows(folded: str, likeness: Likeness) -> Iterator[Row]:
    """The rows of slots that the texts of a likeness fit, of a term in letters or in characters."""
    latin = is_spelled(folded)
    match likeness:
        case Likeness.SOUND if latin:
            for way in _ways(folded):
                yield [pinyin.sounding([syllable]) for syllable in way]
        case Likeness.SOUND:
            yield [pinyin.homophones(char) for char in folded]
        case Likeness.SPELLING if not latin:
            yield from _edited(folded)
        case Likeness.INITIALS if latin and folded.isalpha() and 2 <= len(folded) <= MOST_INITIALS:
            yield [pinyin.initial(letter) for letter in folded]
        case Likeness.FUZZY if latin:
            for way in _ways(folded):
                yield [pinyin.sounding(pinyin.fuzzy(syllable)) for syllable in way]
        case Likeness.FUZZY:
            yield [_fuzzy(char) for char in folded]


def _ways(letters: str) -> list[tuple[str, ...]]:
    return [way for way in pinyin.readings(letters) if 2 <= len(way) <= LONGEST]


def _fuzzy(char: str) -> frozenset[str]:
    near = (each for syllable in pinyin.syllables(char) for each in pinyin.fuzzy(syllable))
    return pinyin.sounding(list(near)) | {char}


def _edited(text: str) -> Iterator[Row]:
    """One character left out, put in, replaced, or two exchanged; digits stay: another number is
    another thing. Of short terms too little is left to go by: two characters are only exchanged, of
    three none is left out or replaced."""
    size = len(text)
    for at in range(size - 1):
        pair = text[at : at + 2]
        if pair[0] != pair[1] and not any(map(str.isdecimal, pair)):
            yield [*text[:at], *reversed(pair), *text[at + 2 :]]
    for at in range(1, size if size > 2 else 0):
        yield [*text[:at], None, *text[at:]]
    for at in range(size if size > 3 else 0):
        if not text[at].isdecimal():
            yield [*text[:at], *text[at + 1 :]]
            yield [*text[:at], None, *text[at + 1 :]]


def near_tokens(index: Index, token: str) -> dict[str, int]:
    """The Latin words of the index that are one slip of the keyboard away, with their mentions."""
    if len(token) < LEAST_TOKEN:
        return {}
    known: set[bytes] = set()
    for segment in index.segments:
        terms = segment.terms(WORDS)
        known.update(terms.among(range(terms.bisect(b"0"), terms.bisect(b"{"))))
    near = (each.decode() for each in known if abs(len(each) - len(token)) <= 1 and each.isalnum())
    return {
        each: count
        for each in near
        if not each.isdecimal() and is_one_slip(token, each) and (count := mentions(index, each))
    }


def is_one_slip(one: str, other: str) -> bool:
    """Whether one sign left out, put in, replaced or exchanged with the next makes the other."""
    if one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] + a[2:] == b)


def _whole(
    segments: Sequence[Segment], found: dict[str, int], likeness: Likeness
) -> Iterator[Suggestion]:
    """The most mentioned ones that are words or made of words."""
    best = sorted(found, key=lambda text: (-found[text], text))[:LOOKED_AT]
    for text in best:
        if text.isascii() or is_whole(segments, text, found[text], likeness):
            yield Suggestion(text, found[text], likeness)


def is_whole(segments: Sequence[Segment], text: str, count: int, likeness: Likeness) -> bool:
    """Whether the segmenter began and ended words where the text does in half its mentions, as far
    as counts tell. Of what is known by initials only, words have two characters on average."""
    words = cut(segments, text)
    if len(words) == 1:
        return True
    if likeness is Likeness.INITIALS and len(text) < 2 * len(words):
        return False
    if len(text) == 2:
        return is_edge(segments, text)
    if max(map(len, words)) == 1 and count < 2:
        return False
    return all(2 * _count(segments, word) >= count for word in words)


def is_edge(segments: Sequence[Segment], text: str) -> bool:
    """Whether a word begins or ends with the text: 川渝 and 通办 of 川渝通办."""
    term = encoded(text)
    for segment in segments:
        terms = segment.terms(WORDS)
        words = (terms[number] for number in terms.holding(term))
        if any(word.startswith(term) or word.endswith(term) for word in words):
            return True
    return False


def _count(segments: Iterable[Segment], word: str) -> int:
    """How often a word was cut."""
    postings = (segment.terms(WORDS).get(encoded(word)) for segment in segments)
    return sum(len(posting) for posting in postings if posting)
