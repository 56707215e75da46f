"""The words of items: what the segmenter cuts, where each stands and how often it comes.

A word is a token with a letter, a digit or a character in it, folded; punctuation is none. No
segmenter is loaded here: whoever asks hands over how to cut, `chabao.indexer.tokens.cut`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.folding import fold_text
from chabao.search.backends.parts import Deferred, find, ordered
from chabao.search.backends.whoosh_ import Index
from chabao.search.mentions import Mention
from chabao.search.query import Node

Cut = Callable[[str], Sequence[str]]
"""A text to its tokens in order; joined, they are the text."""

Place = tuple[Segment, int]
"""An item of an index, not yet read: its segment and its number there."""

IN_NUMBERS = frozenset(".,%/-:+")


class Word(NamedTuple):
    """A word as it is counted, and its place in the text: half-open, in code points."""

    text: str
    start: int
    end: int


def words(text: str, cut: Cut) -> list[Word]:
    """The words of a text, in order."""
    found, end = [], 0
    for token in cut(fold_text(text)):
        start, end = end, end + len(token)
        if is_word(token):
            found.append(Word(token, start, end))
    return found


def is_word(token: str) -> bool:
    """Whether a token is a word: some sign in it is a letter, a digit or a character."""
    return token.isalnum() or any(map(str.isalnum, token))


def says_something(word: str) -> bool:
    """Whether a word is worth a row: no number, and not one of `stopwords.txt`."""
    return word not in stopwords() and not all(
        char.isnumeric() or char in IN_NUMBERS for char in word
    )


@cache
def stopwords() -> frozenset[str]:
    """The words of `stopwords.txt`, folded."""
    text = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(fold_text(word) for line in lines for word in line.split())


@dataclass(slots=True)
class Counts:
    """How often each word comes, in how many items, and where first; `total` words in all."""

    total: int = 0
    words: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    firsts: dict[str, Mention] = field(default_factory=dict)


def counting(items: Iterable[Place], counts: Counts, cut: Cut) -> Iterator[Mapping[str, Any]]:
    """Passes items on, and adds their words to the counts as they go by; these hold at the end."""
    seen: set[str] = set()
    for segment, document in items:
        item = Deferred(segment, document)
        tokens = cut(fold_text(item["text"]))
        kinds = set(tokens)
        counts.words.update(tokens)
        counts.items.update(kinds)
        if not kinds <= seen:
            seen |= kinds
            unread = Deferred(segment, document)  # else all texts would stay in memory
            for word in words(item["text"], cut):
                counts.firsts.setdefault(word.text, Mention(unread, word.start, word.end))
        yield item
    for token in seen - counts.firsts.keys():
        del counts.words[token], counts.items[token]
    counts.total = counts.words.total()


def counted(items: Iterable[Place], cut: Cut) -> Counts:
    """The words of items."""
    found = Counts()
    for _ in counting(items, found, cut):
        pass
    return found


def items(index: Index, node: Node) -> Iterator[Place]:
    """The items that a query finds, in document order: file by file, from top to bottom."""
    parts = find(index, node)
    for number, document in ordered(parts):
        yield parts[number].segment, document
