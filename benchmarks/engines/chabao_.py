"""This program: asked in its own query language, through the function that the command calls."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.engine import REACH, TOP, Query, Sees, Shape, Want
from benchmarks.judged import Ranking
from benchmarks.texts import Doc
from chabao.indexer.fields import SCHEMA, Record
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine, language
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.parts import find, mentioned
from chabao.search.results import Results

PUBLISHER = "四川省政府政务服务和公共资源交易服务中心"


def record(doc: Doc) -> Record:
    """A paragraph as an item of a weekly bulletin; a week's paragraphs make an issue."""
    first, last = doc.period
    return {
        "schema": SCHEMA,
        "id": f"{doc.id:012d}",
        "title": "窗口工作周报",
        "number": None,
        "serial": None,
        "date": doc.date,
        "period": {"first": first, "last": last},
        "publisher": PUBLISHER,
        "section": [doc.section],
        "item": "",
        "department": [doc.department],
        "dates": [],
        "text": doc.text,
        "source": f"{doc.date}.txt",
        "line": doc.id + 1,
        "page": None,
        "inferred": [],
        "lines": [[0, doc.id + 1]],
    }


def line(query: Query) -> str:
    """The query as someone would type it; quoted, so that 5G+ stays what it is."""
    terms = [f'"{term}"' for term in query.terms]
    match query.shape:
        case Shape.PATTERN | Shape.GAP:
            return query.terms[0]
        case Shape.ANY:
            return " OR ".join(terms)
        case Shape.NOT:
            return " NOT ".join(terms)
        case Shape.NEAR:
            return f" NEAR/{REACH} ".join(terms)
        case Shape.RANGE:
            return f"{terms[0]} 日期:{query.first}..{query.last}"
    return " ".join(terms)


class Peer:
    sees: Sees = "characters"
    shapes = frozenset(Shape)
    wants = frozenset(Want)

    def about(self) -> str:
        from importlib.metadata import version

        return f"chabao {version('chabao')}, bigrams with positions and words; the whole program"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        with WhooshSink(folder) as sink:
            sink.add(map(record, docs))
            sink.commit()

    def open(self, folder: Path) -> None:
        # As any process that answers more than one question would: the first is not kept waiting.
        import numpy  # noqa: F401

        self.index = engine.open_index(folder)

    def search(self, query: Query, **options: Any) -> Results:
        found: Results = engine.search(self.index, line(query), mode=engine.Mode.EXACT, **options)
        return found

    def answer(self, query: Query) -> object:
        match query.want:
            case Want.COUNT:
                return self.search(query, limit=0).total
            case Want.EVERY:
                return self.every(query)
            case Want.FACET:
                return self.search(query, limit=0, facets=True).facet
            case Want.SNIPPETS:
                return self.search(query, limit=TOP, snippets=1).hits
        return self.search(query, limit=TOP, snippets=0).hits

    def every(self, query: Query) -> list[Any]:
        """Each item that matches and how often it does, without its text: what peers hand back."""
        node = language.parse(line(query)).node
        assert node
        wanted = leaves(node)
        parts = find(self.index, node)
        return [(part.documents, mentioned(part, wanted)) for part in parts]

    def total(self, query: Query) -> int:
        return self.search(query, limit=0).total

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        program = str(Path(sys.executable).with_name("chabao"))
        options = ["--color", "always", "--index", str(folder)]
        return {"chabao search, ten coloured": [program, "search", *options, query.terms[0]]}


def related(documents: Mapping[str, str], folder: Path, depth: int) -> Ranking:
    """Documents as items, and a question answered as `search --related` does."""
    names = list(documents)
    docs = (
        Doc(number, "2023-02-08", ("2023-01-16", "2023-01-20"), "", "", text)
        for number, text in enumerate(documents.values())
    )
    with WhooshSink(folder) as sink:
        sink.add(bare(doc) for doc in docs)
        sink.commit()
    index = engine.open_index(folder)

    def rank(question: str) -> list[str]:
        options = {"mode": engine.Mode.RELATED, "limit": depth, "snippets": 0}
        found = engine.search(index, question, literal=True, **options)
        return [names[int(str(hit.item["id"]))] for hit in found.hits]

    return rank


def bare(doc: Doc) -> Record:
    """A text alone, so that nothing but it is ranked."""
    fields: Record = {"title": None, "publisher": None, "section": [], "department": []}
    return record(doc) | fields
