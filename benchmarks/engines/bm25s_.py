"""bm25s: scores computed beforehand, words as numbers, memory-mapped. It ranks, and only that."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import bm25s

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.words import words


class Peer:
    sees: Sees = "neither"
    shapes = frozenset({Shape.TERM, Shape.ANY})
    wants = frozenset({Want.TOP})

    def about(self) -> str:
        return f"bm25s {bm25s.__version__}, numpy, words by rjieba, memory-mapped"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        numbers: dict[str, int] = {}
        rows: list[list[int]] = []
        texts: list[dict[str, object]] = []
        for doc in docs:
            rows.append([numbers.setdefault(word, len(numbers)) for word in words(doc.text)])
            texts.append({"id": doc.id, "date": doc.date, "text": doc.text})
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        index.index((rows, numbers), show_progress=False)
        index.save(folder, corpus=texts, show_progress=False)

    def open(self, folder: Path) -> None:
        self.index = bm25s.BM25.load(folder, mmap=True, load_corpus=False)

    def answer(self, query: Query) -> object:
        pieces = [word for parts in query.words for word in parts]
        return self.index.retrieve([pieces], k=TOP, show_progress=False)

    def total(self, query: Query) -> int:
        return -1

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        return {}
