"""XML read piece by piece, without recursion, and without declarations of types or entities."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from chabao.indexer.reader.document import Unreadable

Attributes = dict[str, str]
DEEPEST = 10_000
LONGEST_TAG = 4 << 20
MOST_ELEMENTS = 1_000_000
"""Elements within one another and in all; a report of 300 pages has 200,000."""


class Handler:
    """Told of elements by their local names; attributes lose their prefixes as well."""

    def start(self, name: str, values: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def characters(self, text: str) -> None: ...

    def parse(self, chunks: Iterable[bytes]) -> None:
        """Reads a whole file. Raises Unreadable where it is broken, or declares a type."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.characters
        self._deep = self._count = 0
        try:
            fed = 0
            for chunk in chunks:
                parser.Parse(chunk, False)
                fed += len(chunk)
                # What is not told yet is read again with each chunk: a tag of 60 MB took minutes.
                if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                    raise Unreadable(reason="refused: its XML has too long a tag")
            parser.Parse(b"", True)
        except (expat.ExpatError, UnicodeError, LookupError) as error:
            raise Unreadable(reason="damaged: its XML is broken") from error

    def _start(self, name: str, values: Attributes) -> None:
        self._deep += 1
        self._count += 1
        if self._deep > DEEPEST or self._count > MOST_ELEMENTS:
            raise Unreadable(reason="refused: its XML has too many elements")
        self.start(local(name), {local(key): value for key, value in values.items()})

    def _end(self, name: str) -> None:
        self._deep -= 1
        self.end(local(name))


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_declared: object) -> None:
    raise Unreadable(reason="refused: its XML declares a document type")
