"""SQLite's FTS5, by words (cut by rjieba, joined by spaces) and by trigrams of the raw text."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.words import words

FILE = "fts5.db"
TABLE = """
CREATE TABLE docs (id INTEGER PRIMARY KEY, date TEXT, first TEXT, last TEXT,
                   department TEXT, section TEXT, text TEXT);
CREATE INDEX days ON docs (date);
"""
INSERT = "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)"


def source(condition: str, all_columns: bool = False) -> tuple[str, str]:
    """The table that a condition is about and the name of its key; joined only where it must be."""
    if "MATCH" not in condition:
        return "docs", "docs.id"
    if all_columns or "docs." in condition:
        return "fts JOIN docs ON docs.id = fts.rowid", "fts.rowid"
    return "fts", "fts.rowid"


def best(columns: str, condition: str) -> str:
    """The first ten, ranked where the index is asked."""
    order = "ORDER BY rank" if "MATCH" in condition else ""
    return f"SELECT {columns} FROM {source(condition)[0]} WHERE {condition} {order} LIMIT {TOP}"


def texts(condition: str) -> str:
    """The texts of the first ten."""
    keys = best(f"{source(condition)[1]} AS at", condition)
    return f"SELECT text FROM ({keys}) JOIN docs ON id = at"


def quoted(text: str) -> str:
    """A string of FTS5's query language."""
    return '"' + text.replace('"', '""') + '"'


class Words:
    """Contentless index of words; the text stands in a table beside it."""

    sees: Sees = "words"
    shapes = frozenset({Shape.TERM, Shape.ALL, Shape.ANY, Shape.PHRASE, Shape.RANGE, Shape.NOT})
    wants = frozenset(Want)
    fts = "CREATE VIRTUAL TABLE fts USING fts5(words, content='', tokenize='unicode61')"

    def about(self) -> str:
        version = sqlite3.sqlite_version
        return f"SQLite {version} FTS5, contentless, unicode61 over words by rjieba"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        base = sqlite3.connect(folder / FILE)
        base.executescript(TABLE + self.fts)
        for doc in docs:
            row = (doc.id, doc.date, *doc.period, doc.department, doc.section, doc.text)
            base.execute(INSERT, row)
            self.index(base, doc)
        base.commit()
        base.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        base.commit()
        base.close()

    def index(self, base: sqlite3.Connection, doc: Doc) -> None:
        sql = "INSERT INTO fts(rowid, words) VALUES (?, ?)"
        base.execute(sql, (doc.id, " ".join(map(token, words(doc.text)))))

    def open(self, folder: Path) -> None:
        self.base = sqlite3.connect(folder / FILE)
        self.base.execute("PRAGMA mmap_size = 4000000000")

    def condition(self, query: Query) -> tuple[str, list[str]]:
        """An SQL condition and its values."""
        strings = [quoted(" ".join(map(token, pieces))) for pieces in query.words]
        return self.matching(query, strings)

    def matching(self, query: Query, strings: list[str]) -> tuple[str, list[str]]:
        join = {Shape.ANY: " OR ", Shape.NOT: " NOT "}.get(query.shape, " AND ")
        condition, values = "fts MATCH ?", [join.join(strings)]
        if query.shape is Shape.RANGE:
            condition += " AND docs.date BETWEEN ? AND ?"
            values += [query.first, query.last]
        return condition, values

    def answer(self, query: Query) -> object:
        condition, values = self.condition(query)
        table, key = source(condition)
        if query.want is Want.SNIPPETS:
            return self.snippets(query, condition, values)
        sql = {
            Want.TOP: best(key, condition),
            Want.COUNT: f"SELECT count(*) FROM {table} WHERE {condition}",
            Want.EVERY: f"SELECT {key} FROM {table} WHERE {condition}",
            Want.FACET: f"SELECT department, count(*) FROM {source(condition, True)[0]} "
            f"WHERE {condition} GROUP BY department",
        }[query.want]
        return self.base.execute(sql, values).fetchall()

    def snippets(self, query: Query, condition: str, values: list[str]) -> list[str]:
        """FTS5's snippet() needs the content that this table does not keep: cut by hand."""
        return [cut(text, query) for (text,) in self.base.execute(texts(condition), values)]

    def total(self, query: Query) -> int:
        condition, values = self.condition(query)
        sql = f"SELECT count(*) FROM {source(condition)[0]} WHERE {condition}"
        return int(self.base.execute(sql, values).fetchone()[0])

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        if not (shell := shutil.which("sqlite3")):
            return {}
        condition, (value,) = self.condition(query)
        literal = "'" + value.replace("'", "''") + "'"
        sql = texts(condition).replace("?", literal, 1)
        return {f"{self.label}, its C shell": [shell, str(folder / FILE), sql]}

    label = "fts5, query cut already"


class Trigrams(Words):
    """Trigrams over the text itself; strings of fewer than three characters by LIKE, unranked."""

    sees: Sees = "characters"
    shapes = frozenset(Shape) - {Shape.NEAR, Shape.GAP}
    fts = (
        "CREATE VIRTUAL TABLE fts USING "
        "fts5(text, content='docs', content_rowid='id', tokenize='trigram')"
    )
    label = "fts5-trigram"

    def about(self) -> str:
        version = sqlite3.sqlite_version
        return f"SQLite {version} FTS5 trigram over the text; under three characters by LIKE"

    def index(self, base: sqlite3.Connection, doc: Doc) -> None:
        base.execute("INSERT INTO fts(rowid, text) VALUES (?, ?)", (doc.id, doc.text))

    def condition(self, query: Query) -> tuple[str, list[str]]:
        if query.shape is Shape.PATTERN:
            return "docs.text GLOB ?", [f"*{query.terms[0]}*"]
        if min(map(len, query.terms)) >= 3:
            return self.matching(query, [quoted(term) for term in query.terms])
        # On the table of texts: SQLite 3.40 finds nothing by LIKE of two characters on `fts`.
        likes = ["docs.text LIKE ?"] * len(query.terms)
        values = [f"%{term}%" for term in query.terms]
        if query.shape is Shape.NOT:
            likes[1] = "docs.text NOT LIKE ?"
        condition = (" OR " if query.shape is Shape.ANY else " AND ").join(likes)
        if query.shape is Shape.RANGE:
            condition = f"({condition}) AND docs.date BETWEEN ? AND ?"
            values += [query.first, query.last]
        return condition, values

    def snippets(self, query: Query, condition: str, values: list[str]) -> list[str]:
        if "MATCH" not in condition:
            return super().snippets(query, condition, values)
        sql = best("snippet(fts, 0, '【', '】', '…', 40)", condition)
        return [text for (text,) in self.base.execute(sql, values)]


def token(word: str) -> str:
    """One token whatever unicode61 makes of a stop: 28.6 is a word here."""
    return re.sub(r"\W|_", "点", word)


def cut(text: str, query: Query) -> str:
    """Forty characters around the first string that stands in the text, marked."""
    for string in (*query.terms, *(piece for pieces in query.words for piece in pieces)):
        if (at := text.find(string)) >= 0:
            end = at + len(string)
            return f"{text[max(0, at - 20) : at]}【{string}】{text[end : end + 20]}"
    return text[:40]
