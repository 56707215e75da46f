"""What became of each character of a file: where the text is, and what was dropped as layout.

Every character is entered once, under one kind; nothing is dropped without a name.
"""

from __future__ import annotations

from array import array
from enum import StrEnum
from itertools import groupby

from chabao.indexer.bulletin import Text
from chabao.indexer.folding import is_latin


class Kind(StrEnum):
    """What a character of the source is."""

    ITEM = "item"
    HEADING = "heading"
    LABEL = "label"
    HEADER = "header"
    IMPRINT = "imprint"
    LINE_BREAK = "line break"
    WHITE_SPACE = "white space"
    CONTROL = "control character"
    INVISIBLE = "invisible character"
    BOLD = "bold mark"
    BULLET = "bullet"
    HEADING_MARK = "heading mark"
    FURNITURE = "page furniture"
    RULE = "rule"
    CONTENTS = "table of contents"
    DOUBLED = "doubled character"


PUBLISHED = frozenset({Kind.ITEM, Kind.HEADING, Kind.LABEL, Kind.HEADER, Kind.IMPRINT})
"""The kinds that hold what the bulletin says; the others are layout."""

KINDS = (None, *Kind)
CODE = {kind: code for code, kind in enumerate(KINDS)}
GAPS = frozenset(CODE[kind] for kind in (Kind.LINE_BREAK, Kind.WHITE_SPACE, Kind.CONTROL))


class Ledger:
    """The kind of each character of `source`; what is not yet entered is still to be read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.codes = bytearray(len(source))

    def drop(self, start: int, end: int, kind: Kind) -> None:
        """Enter as layout what is not yet entered between two offsets."""
        code = CODE[kind]
        for at in range(start, end):
            if not self.codes[at]:
                self.codes[at] = code

    def read(self, start: int, end: int) -> Text:
        """What is not yet entered between two offsets: the source's own characters.

        A gap between two Latin letters or digits is one space, at the gap's first character.
        """
        chars: list[str] = []
        offsets = array("I")
        gap = -1
        for at in range(start, end):
            code = self.codes[at]
            if not code:
                char = self.source[at]
                if gap >= 0 and chars and is_latin(char) and is_latin(chars[-1]):
                    chars.append(" ")
                    offsets.append(gap)
                chars.append(char)
                offsets.append(at)
                gap = -1
            elif gap < 0 and code in GAPS:
                gap = at
        return Text("".join(chars), offsets)

    def take(self, start: int, end: int, kind: Kind) -> Text:
        """Read, and enter what was read."""
        text = self.read(start, end)
        code = CODE[kind]
        for at in text.offsets:
            self.codes[at] = code
        return text

    def ranges(self) -> dict[Kind, list[tuple[int, int]]]:
        """The half-open ranges of each kind, in order; together they are the whole source."""
        found: dict[Kind, list[tuple[int, int]]] = {}
        start = 0
        for code, run in groupby(self.codes):
            end = start + sum(1 for _ in run)
            kind = KINDS[code]
            if kind is not None:
                found.setdefault(kind, []).append((start, end))
            start = end
        return found
