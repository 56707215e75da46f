"""Xapian, by words (cut by rjieba) and by its own CJK n-grams. Runs in the system's Python."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xapian

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.words import words

DATE, DEPARTMENT = 0, 1
PYTHON = "/usr/bin/python3"
COLD = """
import xapian
base = xapian.Database({path!r})
enquire = xapian.Enquire(base)
enquire.set_query(xapian.Query(xapian.Query.OP_PHRASE, {words!r}, {window}))
found = enquire.get_mset(0, 10)
for match in found:
    text = match.document.get_data()
    print(match.weight, found.snippet(text, 200, xapian.Stem("none"), 0).decode())
"""


class Words:
    """Terms and positions given by hand."""

    sees: Sees = "words"
    shapes = frozenset({Shape.TERM, Shape.ALL, Shape.ANY, Shape.PHRASE, Shape.RANGE, Shape.NOT})
    wants = frozenset(Want)

    def about(self) -> str:
        return f"Xapian {xapian.version_string()}, glass; words by rjieba with positions"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        base = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OPEN)
        for doc in docs:
            row = xapian.Document()
            row.set_data(doc.text)
            row.add_value(DATE, doc.date)
            row.add_value(DEPARTMENT, doc.department)
            self.index(row, doc.text)
            base.add_document(row)
        base.commit()
        base.close()

    def index(self, row: Any, text: str) -> None:
        for position, word in enumerate(words(text), 1):
            row.add_posting(word, position)

    def open(self, folder: Path) -> None:
        self.base = xapian.Database(str(folder))
        self.size = self.base.get_doccount()
        self.enquire = xapian.Enquire(self.base)

    def strings(self, query: Query) -> list[Any]:
        return [
            xapian.Query(pieces[0])
            if len(pieces) == 1
            else xapian.Query(xapian.Query.OP_PHRASE, list(pieces), len(pieces))
            for pieces in query.words
        ]

    def tree(self, query: Query) -> Any:
        parts = self.strings(query)
        if query.shape is Shape.RANGE:
            days = (query.first, query.last)
            range_ = xapian.Query(xapian.Query.OP_VALUE_RANGE, DATE, *days)
            return xapian.Query(xapian.Query.OP_FILTER, parts[0], range_)
        if len(parts) == 1:
            return parts[0]
        operators = {Shape.ANY: xapian.Query.OP_OR, Shape.NOT: xapian.Query.OP_AND_NOT}
        return xapian.Query(operators.get(query.shape, xapian.Query.OP_AND), parts)

    def answer(self, query: Query) -> object:
        self.enquire.set_query(self.tree(query))
        if query.want is Want.COUNT:
            return self.enquire.get_mset(0, 0, self.size).get_matches_estimated()
        if query.want is Want.EVERY:
            return [match.docid for match in self.enquire.get_mset(0, self.size)]
        if query.want is Want.FACET:
            spy = xapian.ValueCountMatchSpy(DEPARTMENT)
            self.enquire.add_matchspy(spy)
            self.enquire.get_mset(0, TOP, self.size)
            self.enquire.clear_matchspies()
            return [(value.term, value.termfreq) for value in spy.values()]
        found = self.enquire.get_mset(0, TOP)
        if query.want is Want.TOP:
            return [(match.docid, match.weight) for match in found]
        return [self.snippet(found, match) for match in found]

    def snippet(self, found: Any, match: Any) -> object:
        return found.snippet(match.document.get_data(), 200, xapian.Stem("none"), self.flags)

    flags = xapian.MSet.SNIPPET_BACKGROUND_MODEL | xapian.MSet.SNIPPET_EXHAUSTIVE

    def total(self, query: Query) -> int:
        self.enquire.set_query(self.tree(query))
        return int(self.enquire.get_mset(0, 0, self.size).get_matches_estimated())

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        pieces = list(query.words[0])
        code = COLD.format(path=str(folder), words=pieces, window=len(pieces))
        return {"xapian, python, query cut already": [PYTHON, "-c", code]}


class Ngrams(Words):
    """Characters and pairs of them by Xapian's own TermGenerator and QueryParser."""

    sees: Sees = "neither"
    shapes = Words.shapes | {Shape.CHARACTER}
    flags = Words.flags | xapian.MSet.SNIPPET_CJK_NGRAM

    def about(self) -> str:
        return f"Xapian {xapian.version_string()}, TermGenerator and QueryParser, CJK n-grams"

    def index(self, row: Any, text: str) -> None:
        generator = xapian.TermGenerator()
        generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        generator.set_document(row)
        generator.index_text(text)

    def strings(self, query: Query) -> list[Any]:
        parser = xapian.QueryParser()
        flags = xapian.QueryParser.FLAG_CJK_NGRAM | xapian.QueryParser.FLAG_PHRASE
        return [parser.parse_query(f'"{term}"', flags) for term in query.terms]

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        return {}
