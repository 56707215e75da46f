"""tantivy: words by rjieba, joined by spaces for its whitespace tokenizer, with positions."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.words import words

HEAP = 256_000_000
COLD = """
import tantivy
{cutter}
index = tantivy.Index.open({path!r})
searcher = index.searcher()
query = tantivy.Query.phrase_query(index.schema, "words", {words})
generator = tantivy.SnippetGenerator.create(searcher, query, index.schema, "words")
for score, address in searcher.search(query, 10, count=False).hits:
    doc = searcher.doc(address)
    print(score, doc["date"], generator.snippet_from_doc(doc).to_html())
"""


def schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(
        "words", stored=True, tokenizer_name="whitespace", index_option="position"
    )
    # The joined words are kept for its snippets; the text beside them would cost 22 MB in 72.
    for field in ("period", "section"):
        builder.add_bytes_field(field, stored=True)
    builder.add_integer_field("id", stored=True, fast=True)
    builder.add_date_field("date", stored=True, indexed=True, fast=True)
    builder.add_text_field(
        "department", stored=True, fast=True, tokenizer_name="raw", index_option="basic"
    )
    return builder.build()


class Peer:
    sees: Sees = "words"
    shapes = frozenset({Shape.TERM, Shape.ALL, Shape.ANY, Shape.PHRASE, Shape.RANGE, Shape.NOT})
    wants = frozenset(Want)

    def about(self) -> str:
        how = "words by rjieba with positions, joined and kept for its snippets"
        return f"{tantivy.__version__}; {how}; 2 writer threads, 256 MB"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        writer = tantivy.Index(schema(), path=str(folder)).writer(HEAP, 2)
        for doc in docs:
            row = tantivy.Document()
            row.add_text("words", " ".join(words(doc.text)))
            row.add_integer("id", doc.id)
            row.add_date("date", datetime.fromisoformat(doc.date))
            row.add_bytes("period", "..".join(doc.period).encode())
            row.add_text("department", doc.department)
            row.add_bytes("section", doc.section.encode())
            writer.add_document(row)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self.index = tantivy.Index.open(str(folder))
        self.schema = self.index.schema
        self.searcher = self.index.searcher()

    def term(self, word: str) -> Any:
        return tantivy.Query.term_query(self.schema, "words", word)

    def string(self, pieces: tuple[str, ...]) -> Any:
        if len(pieces) == 1:
            return self.term(pieces[0])
        return tantivy.Query.phrase_query(self.schema, "words", list(pieces))

    def tree(self, query: Query) -> Any:
        parts = [self.string(pieces) for pieces in query.words]
        if query.shape is Shape.ANY:
            return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
        if query.shape is Shape.NOT:
            wanted, unwanted = parts
            return tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, wanted), (tantivy.Occur.MustNot, unwanted)]
            )
        if query.shape is Shape.RANGE:
            days = (datetime.fromisoformat(query.first), datetime.fromisoformat(query.last))
            kind = tantivy.FieldType.Date
            parts.append(tantivy.Query.range_query(self.schema, "date", kind, *days))
        if len(parts) == 1:
            return parts[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def answer(self, query: Query) -> object:
        tree = self.tree(query)
        if query.want is Want.COUNT:
            return self.searcher.search(tree, 1).count
        if query.want is Want.EVERY:
            return self.searcher.search(tree, self.searcher.num_docs, count=False).hits
        if query.want is Want.FACET:
            wanted = {"by": {"terms": {"field": "department", "size": 100}}}
            return self.searcher.aggregate(tree, wanted)
        hits = self.searcher.search(tree, TOP, count=False).hits
        if query.want is Want.TOP:
            return hits
        make = tantivy.SnippetGenerator.create(self.searcher, tree, self.schema, "words")
        return [make.snippet_from_doc(self.searcher.doc(at)).to_html() for _, at in hits]

    def total(self, query: Query) -> int:
        return int(self.searcher.search(self.tree(query), 1).count)

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        cut = COLD.format(cutter="", path=str(folder), words=list(query.words[0]))
        text = f"rjieba.cut_for_search({query.terms[0]!r})"
        uncut = COLD.format(cutter="import rjieba", path=str(folder), words=text)
        return {
            "tantivy, query cut already": [sys.executable, "-c", cut],
            "tantivy, query cut by rjieba": [sys.executable, "-c", uncut],
        }
