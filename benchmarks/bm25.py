"""BM25 over lists of tokens, small enough to be trusted: the reference for ranking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy

from benchmarks import words as door

K1, B = 1.2, 0.75
Scores = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
RUN = re.compile(r"[㐀-鿿]+|[^\W㐀-鿿]+")


class Bm25:
    """Scores of all documents for a list of tokens; the idf is Lucene's, never negative."""

    def __init__(self, documents: Iterable[list[str]]) -> None:
        postings: dict[str, list[tuple[int, int]]] = {}
        lengths: list[int] = []
        for number, tokens in enumerate(documents):
            lengths.append(len(tokens))
            for token, count in Counter(tokens).items():
                postings.setdefault(token, []).append((number, count))
        share = numpy.array(lengths) / (sum(lengths) / len(lengths))
        self.size = len(lengths)
        self.postings: dict[str, tuple[Any, Scores]] = {}
        for token, places in postings.items():
            numbers, counts = numpy.array(places).T
            idf = numpy.log(1 + (self.size - len(numbers) + 0.5) / (len(numbers) + 0.5))
            norm = counts + K1 * (1 - B + B * share[numbers])
            impact = (idf * counts * (K1 + 1) / norm).astype("f4")
            self.postings[token] = (numbers.astype("i4"), impact)

    def scores(self, tokens: Iterable[str]) -> Scores:
        total = numpy.zeros(self.size, "f4")
        for token in tokens:
            if found := self.postings.get(token):
                numbers, impacts = found
                total[numbers] += impacts
        return total


def words(text: str) -> list[str]:
    """jieba's search mode."""
    return door.words(text.lower())


def bigrams(text: str) -> list[str]:
    """Pairs of Chinese characters; a run of other letters or digits is one token."""
    return [pair for run in RUN.findall(text.lower()) for pair in pairs(run)]


def pairs(run: str) -> list[str]:
    if len(run) == 1 or not "㐀" <= run[0] <= "鿿":
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def characters(text: str) -> list[str]:
    """Chinese characters one by one."""
    return [c for run in RUN.findall(text.lower()) for c in (run if run[0] >= "㐀" else [run])]
