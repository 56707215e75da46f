"""What is gathered of records until there is enough of it to be inverted."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chabao.indexer import fields
from chabao.indexer.codecs.container import Writer
from chabao.indexer.tokens import is_word, pieces

if TYPE_CHECKING:
    from chabao.indexer.codecs.inversion import Codes, Inverted

    Words = tuple[Inverted, Codes]


class Vocabulary(dict[str, int]):
    """Numbers strings in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def number(words: Iterable[str]) -> tuple[Vocabulary, array[int]]:
    """Words, each once, and what comes when by number."""
    vocabulary = Vocabulary()
    return vocabulary, array("I", map(vocabulary.__getitem__, words))


class Run:
    """What one run holds of each field; texts stay as they are until they are inverted."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.characters = 0
        self.columns = {name: array("i") for name in fields.CALENDAR}
        self.keywords = {name: (list[str](), array("I")) for name in fields.KEYWORDS}

    def add(self, record: Mapping[str, Any]) -> None:
        document = len(self.texts)
        text = record["text"]
        self.texts.append(text)
        self.characters += len(text) + 1
        for field, term in fields.keywords(record):
            terms, documents = self.keywords[field]
            terms.append(term)
            documents.append(document)
        for name, day in zip(fields.CALENDAR, fields.calendar(record), strict=True):
            self.columns[name].append(day)

    def write(
        self, writer: Writer, words: Callable[[], Words], *, spilled: bool = False
    ) -> dict[str, int]:
        """Inverts and writes everything but the records; returns the segment's meta data.

        The words are asked for when all else has been inverted: they may take their time. What is
        `spilled`, to be merged, is not packed.
        """
        from chabao.indexer.codecs import inversion, merging, packing

        bigrams, starts = inversion.bigrams(inversion.folded(self.texts))
        keywords = {
            field: inversion.terms(*number(terms), documents)
            for field, (terms, documents) in self.keywords.items()
        }
        inverted, counts = words()
        writer.section("starts", starts.tobytes())
        writer.section("word counts", counts.tobytes())
        for name, column in self.columns.items():
            writer.section(name, memoryview(column))
        pack = packing.lay if spilled else packing.pack
        for field, found in {fields.TEXT: bigrams, fields.WORDS: inverted, **keywords}.items():
            merging.write_field(writer, field, found, pack)
        return {"documents": len(self.texts), "words": int(counts.sum())}

    def words(self) -> Words:
        return words(self.texts)


def words(texts: Sequence[str]) -> Words:
    """The words of texts, inverted, and how many each text has."""
    from chabao.indexer.codecs import inversion

    vocabulary, tokens, counts = Vocabulary(), array("I"), array("I")
    for text in inversion.split(inversion.folded(texts)):
        found = pieces(text)
        tokens.extend(map(vocabulary.__getitem__, found))
        counts.append(len(found))
    return inversion.words(vocabulary, tokens, counts, is_word)
