"""Stock whoosh3 with jieba in search mode, true positions, its own writer, ranking, highlights."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import whoosh
from whoosh import analysis, fields, highlight, index, query, sorting

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.words import load

COLD = """
import sys; sys.path.insert(0, {root!r})
import jieba, whoosh.index, whoosh.query, whoosh.highlight
jieba.setLogLevel(60)
index = whoosh.index.open_dir({path!r})
with index.searcher() as searcher:
    found = searcher.search(whoosh.query.Phrase("text", {words}), limit=10)
    found.fragmenter = whoosh.highlight.ContextFragmenter(maxchars=200, surround=40)
    for hit in found:
        print(hit.score, hit["date"], hit.highlights("text"))
"""


@cache
def segmenter() -> Any:
    """jieba, loaded when it has to cut."""
    jieba = load("jieba")
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return jieba


@cache
def cut(term: str) -> list[str]:
    """As the index was cut: rjieba's search mode has parts of Latin words that jieba's has not."""
    return [word for word in segmenter().cut_for_search(term) if word[0].isalnum()]


class Cutter(analysis.Tokenizer):  # type: ignore[misc]
    """jieba.cut_for_search, a position a word."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **_: Any) -> Any:
        return self.tokens(value, positions, chars)

    def tokens(self, value: str, positions: bool, chars: bool) -> Iterator[Any]:
        token = analysis.Token(positions=positions, chars=chars)
        place = 0
        for word, start, end in segmenter().tokenize(value, mode="search"):
            if word[0].isalnum():
                token.text, token.boost, token.stopped = word, 1.0, False
                token.pos, token.startchar, token.endchar = place, start, end
                place += 1
                yield token


def schema() -> Any:
    return fields.Schema(
        id=fields.STORED,
        date=fields.DATETIME(stored=True, sortable=True),
        period=fields.STORED,
        department=fields.ID(stored=True, sortable=True),
        section=fields.ID(stored=True),
        text=fields.TEXT(analyzer=Cutter(), stored=True),
    )


class Peer:
    sees: Sees = "words"
    shapes = frozenset({Shape.TERM, Shape.ALL, Shape.ANY, Shape.PHRASE, Shape.RANGE, Shape.NOT})
    wants = frozenset(Want)

    def about(self) -> str:
        versions = f"whoosh3 {whoosh.versionstring()}, jieba {segmenter().__version__}"
        return f"{versions}, search mode with positions; stock writer, BM25F and highlights"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        writer = index.create_in(folder, schema()).writer()
        for doc in docs:
            writer.add_document(
                id=doc.id,
                date=datetime.fromisoformat(doc.date),
                period=doc.period,
                department=doc.department,
                section=doc.section,
                text=doc.text,
            )
        writer.commit()

    def open(self, folder: Path) -> None:
        segmenter()
        self.searcher = index.open_dir(folder).searcher()

    def tree(self, asked: Query) -> Any:
        parts = [
            query.Term("text", pieces[0])
            if len(pieces) == 1
            else query.Phrase("text", list(pieces))
            for pieces in (map(cut, asked.terms) if asked.shape is Shape.PHRASE else asked.words)
        ]
        if asked.shape is Shape.ANY:
            return query.Or(parts)
        if asked.shape is Shape.NOT:
            # AndNot counts some unwanted items where nothing is scored.
            return query.And([parts[0], query.Not(parts[1])])
        if asked.shape is Shape.RANGE:
            days = (datetime.fromisoformat(asked.first), datetime.fromisoformat(asked.last))
            parts.append(query.ConstantScoreQuery(query.DateRange("date", *days)))
        return query.And(parts) if len(parts) > 1 else parts[0]

    def answer(self, asked: Query) -> object:
        tree = self.tree(asked)
        if asked.want in (Want.COUNT, Want.EVERY):
            found = self.searcher.search(tree, limit=None, scored=False)
            return list(found.docs()) if asked.want is Want.EVERY else len(found.docs())
        if asked.want is Want.FACET:
            found = self.searcher.search(tree, groupedby=sorting.FieldFacet("department"))
            return {name: len(docs) for name, docs in found.groups().items()}
        found = self.searcher.search(tree, limit=TOP)
        if asked.want is Want.TOP:
            return [(hit.docnum, hit.score) for hit in found]
        found.fragmenter = highlight.ContextFragmenter(maxchars=200, surround=40)
        return [hit.highlights("text") for hit in found]

    def total(self, asked: Query) -> int:
        return len(self.searcher.search(self.tree(asked), limit=None, scored=False).docs())

    def cold(self, folder: Path, asked: Query) -> dict[str, list[str]]:
        text = f"jieba.lcut_for_search({asked.terms[0]!r})"
        code = COLD.format(root=str(Path.cwd()), path=str(folder), words=text)
        return {"whoosh3, query cut by jieba": [sys.executable, "-c", code]}
