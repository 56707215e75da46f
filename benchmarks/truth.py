"""What the right counts are: a plain scan of the texts, by string and by words."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from benchmarks.engine import REACH, Query, Sees, Shape
from benchmarks.texts import Doc
from benchmarks.words import words

GAP = f".{{0,{REACH}}}"
BETWEEN = "\0"


def glob(term: str) -> str:
    """The regular expression of a pattern: `?` one character, `*` up to `REACH`."""
    signs = {"?": ".", "*": GAP}
    return "".join(signs.get(char) or re.escape(char) for char in term)


def near(one: str, other: str) -> str:
    """The regular expression of two strings with at most `REACH` characters between them."""
    one, other = re.escape(one), re.escape(other)
    return f"{one}{GAP}{other}|{other}{GAP}{one}"


class Scan:
    """All texts as one string, a line each, searched from front to back."""

    def __init__(self, docs: Iterable[Doc]) -> None:
        texts: list[str] = []
        self.dates: list[str] = []
        self.starts = array("Q")
        at = 0
        for doc in docs:
            self.starts.append(at)
            texts.append(doc.text)
            self.dates.append(doc.date)
            at += len(doc.text) + 1
        self.texts = "\n".join(texts)

    def doc(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def places(self, string: str) -> list[int]:
        """Where the string stands, overlapping ones each."""
        found: list[int] = []
        at = self.texts.find(string)
        while at >= 0:
            found.append(at)
            at = self.texts.find(string, at + 1)
        return found

    def holders(self, string: str) -> set[int]:
        """The docs that hold the string."""
        found: set[int] = set()
        at = self.texts.find(string)
        while at >= 0:
            doc = self.doc(at)
            found.add(doc)
            if doc + 1 == len(self.starts):
                break
            at = self.texts.find(string, self.starts[doc + 1])
        return found

    def matching(self, pattern: str) -> set[int]:
        return {self.doc(found.start()) for found in re.finditer(pattern, self.texts)}

    def answer(self, query: Query) -> set[int]:
        if query.shape in (Shape.PATTERN, Shape.GAP):
            return self.matching(glob(query.terms[0]))
        if query.shape is Shape.NEAR:
            return self.matching(near(*query.terms))
        return combine(query, [self.holders(term) for term in query.terms], self.dates)


class Tokens:
    """The texts as words, and where the words that are asked for stand."""

    def __init__(self, docs: Iterable[Doc], queries: Iterable[Query]) -> None:
        asked = {word for query in queries for pieces in query.words for word in pieces}
        self.texts: list[str] = []
        self.dates: list[str] = []
        self.holding: defaultdict[str, set[int]] = defaultdict(set)
        for number, doc in enumerate(docs):
            cut = words(doc.text)
            self.texts.append(BETWEEN + BETWEEN.join(cut) + BETWEEN)
            self.dates.append(doc.date)
            for word in asked.intersection(cut):
                self.holding[word].add(number)

    def holders(self, pieces: tuple[str, ...]) -> set[int]:
        """The docs that hold the words one after another."""
        docs = set.intersection(*(self.holding[word] for word in pieces))
        string = BETWEEN + BETWEEN.join(pieces) + BETWEEN
        return docs if len(pieces) == 1 else {doc for doc in docs if string in self.texts[doc]}

    def answer(self, query: Query) -> set[int]:
        return combine(query, [self.holders(pieces) for pieces in query.words], self.dates)


def combine(query: Query, parts: list[set[int]], dates: list[str]) -> set[int]:
    """What the docs of the terms make together."""
    if query.shape is Shape.ANY:
        return set.union(*parts)
    if query.shape is Shape.NOT:
        return parts[0] - parts[1]
    found = set.intersection(*parts)
    if query.shape is Shape.RANGE:
        return {doc for doc in found if query.first <= dates[doc] <= query.last}
    return found


def totals(docs: list[Doc], queries: list[Query]) -> dict[Sees, list[int]]:
    """The right count of each query, for engines that see words and for those that see strings."""
    scan, tokens = Scan(docs), Tokens(docs, queries)
    scarce = {Shape.CHARACTER, Shape.PATTERN, Shape.GAP, Shape.NEAR}
    return {
        "characters": [len(scan.answer(query)) for query in queries],
        "words": [-1 if query.shape in scarce else len(tokens.answer(query)) for query in queries],
    }
