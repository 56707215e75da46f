"""What is gathered of records until there is enough of it to be inverted."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from chabao.indexer import fields
from chabao.indexer.codecs.container import Writer
from chabao.indexer.tokens import is_word, pieces


class Vocabulary(dict[str, int]):
    """Numbers strings in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Run:
    """What one run holds of each field; texts stay as they are until they are inverted."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.characters = 0
        self.columns = {name: array("i") for name in fields.CALENDAR}
        self.keywords = {name: (Vocabulary(), array("I"), array("I")) for name in fields.KEYWORDS}

    def add(self, record: Mapping[str, Any]) -> None:
        document = len(self.texts)
        text = record["text"]
        self.texts.append(text)
        self.characters += len(text) + 1
        for field, term in fields.keywords(record):
            vocabulary, numbers, documents = self.keywords[field]
            numbers.append(vocabulary[term])
            documents.append(document)
        for name, day in zip(fields.CALENDAR, fields.calendar(record), strict=True):
            self.columns[name].append(day)

    def write(self, writer: Writer) -> dict[str, int]:
        """Inverts and writes everything but the records; returns the segment's meta data."""
        from chabao.indexer.codecs import inversion, merging

        codes = inversion.folded(self.texts)
        inverted, starts = inversion.bigrams(codes)
        writer.section("starts", starts.tobytes())
        words, counts = inversion.words(*cut(inversion.split(codes)), is_word)
        writer.section("word counts", counts.tobytes())
        for name, column in self.columns.items():
            writer.section(name, memoryview(column))
        merging.write_field(writer, fields.TEXT, inverted)
        merging.write_field(writer, fields.WORDS, words)
        for field, tokens in self.keywords.items():
            merging.write_field(writer, field, inversion.terms(*tokens))
        return {"documents": len(self.texts), "words": int(counts.sum())}


def cut(texts: Sequence[str]) -> tuple[Vocabulary, array[int], array[int]]:
    """The tokens of folded texts, numbered; all that there are, and how many each text has."""
    vocabulary, tokens, counts = Vocabulary(), array("I"), array("I")
    number = vocabulary.__getitem__
    for text in texts:
        found = pieces(text)
        tokens.extend(map(number, found))
        counts.append(len(found))
    return vocabulary, tokens, counts
