"""The index's schema and analyzers, for Whoosh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from whoosh.analysis import Token, Tokenizer
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from chabao.indexer import fields
from chabao.indexer.folding import fold_text
from chabao.indexer.tokens import words


class Bigrams(Tokenizer):  # type: ignore[misc]
    """Each character with the one that follows; the last with U+0000."""

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        text = fold_text(value) + "\0"
        token = Token(positions=True, stopped=False, removestops=True, mode="")
        for place in range(len(text) - 1):
            token.text, token.pos, token.boost = text[place : place + 2], place, 1.0
            yield token


class Words(Tokenizer):  # type: ignore[misc]
    """The words that items are ranked by."""

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        token = Token(positions=True, stopped=False, removestops=True, mode="")
        for place, word in enumerate(words(fold_text(value))):
            token.text, token.pos, token.boost = word, place, 1.0
            yield token


def schema() -> Schema:
    """Fields by name; see `indexer.fields`."""
    found = Schema(record=STORED())
    found.add(fields.TEXT, TEXT(analyzer=Bigrams(), phrase=True))
    found.add(fields.WORDS, TEXT(analyzer=Words(), phrase=False))
    for name in fields.KEYWORDS:
        found.add(name, ID())
    for name in fields.CALENDAR:
        found.add(name, COLUMN(NumericColumn("i")))
    return found


def document(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as Whoosh's writer takes it."""
    terms: dict[str, list[str]] = {}
    for field, term in fields.keywords(record):
        terms.setdefault(field, []).append(term)
    days = dict(zip(fields.CALENDAR, fields.calendar(record), strict=True))
    text = record["text"]
    return {"record": record, fields.TEXT: text, fields.WORDS: text, **terms, **days}
