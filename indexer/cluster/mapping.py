"""What the documents of an index are on a cluster: one an item, matched as here and scored as here.

A text is there as its characters and as its bigrams, each with its place, so that a phrase of them
is a mention and its frequency the number of mentions. The cluster's own similarity is the bare
frequency: lengths are columns, exact, and BM25F is computed from both by the query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chabao.indexer import fields
from chabao.indexer.folding import fold_text

VERSION = 1
"""Of the mapping; rises when documents that are there would give other answers."""
CHARACTERS, BIGRAMS, WORDS, ABOVE = "characters", "bigrams", "words", "above"
"""Analysed fields: every character of the folded text, every two that stand together, the words
that it is ranked by, and the characters of what stands above it (`heading`, see `fields`)."""
LENGTH, WORD_LENGTH = "length", "word_length"
"""Characters of the text, and words that it is ranked by."""
YEAR, LINE, ORDINAL = "year", "line", "ordinal"
PLACE: list[dict[str, str]] = [{"source": "asc"}, {LINE: "asc"}, {ORDINAL: "asc"}]
"""Document order; no two documents that count are alike in it."""
RECORD = "record"
"""The record as it is kept (schema 1), not searched."""
COMMIT, GONE = "commit", "gone"
"""The numbers of the turns with which a document came and, if it did, went (see `state`)."""
LONGEST = 8000
"""Characters of a value that is kept whole; Lucene takes 32,766 bytes."""

_SIMILARITY = {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}
_KEYWORD = {"type": "keyword", "ignore_above": LONGEST}
_NUMBER = {"type": "integer"}


def _text(analyzer: str) -> dict[str, Any]:
    return {"type": "text", "analyzer": analyzer, "norms": False, "similarity": "frequency"}


def body(shards: int = 3, replicas: int = 1) -> dict[str, Any]:
    """Settings and mapping of a new index."""
    tokenizers = {f"of{n}": {"type": "ngram", "min_gram": n, "max_gram": n} for n in (1, 2)}
    analyzers: dict[str, Any] = {
        f"of{n}": {"type": "custom", "tokenizer": f"of{n}"} for n in (1, 2)
    }
    analyzers["cut"] = {"type": "custom", "tokenizer": "cut"}
    tokenizers["cut"] = {"type": "pattern", "pattern": "\n"}
    columns = (*fields.CALENDAR, LENGTH, WORD_LENGTH, YEAR, LINE, ORDINAL)
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "similarity": {"frequency": _SIMILARITY},
                "max_result_window": 10_000,
            },
            "analysis": {"analyzer": analyzers, "tokenizer": tokenizers},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"chabao": VERSION, "schema": fields.SCHEMA},
            "properties": {
                CHARACTERS: _text("of1"),
                BIGRAMS: _text("of2"),
                ABOVE: _text("of1"),
                WORDS: _text("cut"),
                **{name: _KEYWORD for name in fields.KEYWORDS if name != "heading"},
                **{name: _NUMBER for name in columns},
                COMMIT: {"type": "long"},
                GONE: {"type": "long"},
                RECORD: {"type": "object", "enabled": False},
            },
        },
    }


def document(
    record: Mapping[str, Any], words: Iterable[str], cut: int, ordinal: int, commit: int
) -> dict[str, Any]:
    """The document of a record. `words` are those that it is ranked by, `cut` how many
    they are, `ordinal` its place among the items of its source."""
    kept: dict[str, Any] = {}
    for name, value in fields.keywords(record):
        kept.setdefault(name, []).append(value if name == "heading" else term(value))
    above = kept.pop("heading")[0]
    days = dict(zip(fields.CALENDAR, fields.calendar(record), strict=True))
    folded = fold_text(record["text"])
    return {
        **kept,
        **days,
        CHARACTERS: folded,
        BIGRAMS: folded,
        ABOVE: above,
        WORDS: "\n".join(word for word in words if len(word) <= LONGEST),
        LENGTH: len(folded),
        WORD_LENGTH: cut,
        YEAR: date.fromordinal(days["date"]).year if days["date"] else 0,
        LINE: record["line"],
        ORDINAL: ordinal,
        COMMIT: commit,
        RECORD: dict(record),
    }


def restored(kept: Mapping[str, Any]) -> fields.Record:
    """The record of a document: a cluster hands back objects with their keys in any order."""
    found = {name: kept[name] for name in fields.ORDER}
    found["period"] = _days(found["period"])
    found["dates"] = list(map(_days, found["dates"]))
    return found


def _days(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"first": said["first"], "last": said["last"]}


def term(value: str) -> str:
    """A value as it is kept whole. Half a character, as in a name of a file that is not in UTF-8,
    would be any half there, and is written out."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def identity(record: Mapping[str, Any], ordinal: int) -> str:
    """The name of a document: the item's id, and whose it is. Sent again it replaces itself; two
    sources that give one id stay two documents."""
    import hashlib

    place = f"{record['source']}\0{ordinal}".encode("utf-8", "surrogatepass")
    return f"{record['id']}-{hashlib.blake2b(place, digest_size=6).hexdigest()}"
