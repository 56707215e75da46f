"""Manuscripts in Word's format (.docx): body, tables, footnotes and endnotes, as portions of text.

A .docx file is a zip of XML (ECMA-376). Only text is read: of changes that are tracked, what was
inserted. Nothing is unpacked to disk, nothing outside the file is looked at, and what would take
unreasonable room, or declares entities, is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from chabao.indexer.errors import UnreadableFile
from chabao.search.manuscripts import Kind, Place, Portion

MAGIC = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
"""How .docx files begin, and how .doc files and those with a password do."""
CONTENTS = "[Content_Types].xml"
MOST_FILES = 10_000
MOST_BYTES = 64 << 20
"""Files in the zip, and bytes of one of its XML files when unpacked."""
PARTS = {
    "document.main+xml": Kind.PARAGRAPH,
    "template.main+xml": Kind.PARAGRAPH,
    "document.macroEnabled.main+xml": Kind.PARAGRAPH,
    "footnotes+xml": Kind.FOOTNOTE,
    "endnotes+xml": Kind.ENDNOTE,
}
"""The ends of the content types that are read."""
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class _Refused(ValueError):
    """Why a file is not read: a message, translated where it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


def is_word(data: bytes) -> bool:
    """Whether bytes are meant to be a Word file, of the new format or the old."""
    return data.startswith((MAGIC, OLD))


def portions(data: bytes, path: Path) -> tuple[Portion, ...]:
    """The text of a .docx file. Raises UnreadableFile with the reason."""
    try:
        if data.startswith(OLD):
            raise _Refused(
                reason="an old .doc file or one with a password; save it as .docx without one"
            )
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            return tuple(_read(files))
    except _Refused as error:
        raise UnreadableFile(path=path, reason=str(error)) from error
    except expat.ExpatError as error:
        raise UnreadableFile(path=path, reason="damaged: its XML is broken") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError,
            RuntimeError, NotImplementedError) as error:  # fmt: skip
        raise UnreadableFile(path=path, reason="not a .docx file, or a damaged one") from error


def _read(files: zipfile.ZipFile) -> Iterator[Portion]:
    if len(files.infolist()) > MOST_FILES:
        raise _Refused(reason="refused: too many files in it")
    parts = _Parts()
    parts.parse(_load(files, CONTENTS))
    if Kind.PARAGRAPH not in (kind for _, kind in parts.found):
        raise _Refused(reason="not a Word file: there is no document in it")
    for name, kind in sorted(parts.found, key=lambda part: list(Kind).index(part[1])):
        text = _Text(kind)
        text.parse(_load(files, name))
        yield from text.portions


def _load(files: zipfile.ZipFile, name: str) -> bytes:
    info = files.getinfo(name)
    if info.flag_bits & 1:
        raise _Refused(reason="it has a password; save it without one")
    with files.open(info) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _Refused(reason="refused: too large when unpacked")
    return data


class _Handler:
    """Reads XML by local names, without recursion; refuses declarations of entities."""

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = lambda name, values: self.start(_local(name), {
            _local(key): value for key, value in values.items()
        })  # fmt: skip
        parser.EndElementHandler = lambda name: self.end(_local(name))
        parser.CharacterDataHandler = self.characters
        parser.Parse(data, True)

    def _refuse(self, *_declared: object) -> None:
        raise _Refused(reason="refused: its XML declares a document type, which Word never does")

    def start(self, name: str, values: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def characters(self, text: str) -> None: ...


def _local(name: str) -> str:
    return name.rpartition("}")[2]


class _Parts(_Handler):
    """The parts of the file that hold text, by [Content_Types].xml."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Kind]] = []

    def start(self, name: str, values: dict[str, str]) -> None:
        ending = values.get("ContentType", "").rpartition("wordprocessingml.")[2]
        ending = ending or values.get("ContentType", "").rpartition(".word.")[2]
        kind = PARTS.get(ending.removeprefix("word."))
        if name == "Override" and kind:
            self.found.append((values.get("PartName", "").lstrip("/"), kind))


class _Text(_Handler):
    """Paragraphs as lines: those of the body together, those of each cell and each note."""

    def __init__(self, kind: Kind) -> None:
        self.portions: list[Portion] = []
        self._kind = kind
        self._number = 0
        self._tables = 0
        self._depth = 0
        self._fallback = 0
        self._reading = False
        self._text: list[str] = []
        self._lines: list[tuple[Place, str]] = []

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "Fallback" or self._fallback:
            self._fallback += 1
        elif name == "tbl":
            self._close()
            self._tables += not self._depth
            self._depth += 1
        elif name in ("footnote", "endnote"):
            self._number += values.get("type", "normal") == "normal"
        elif name == "p":
            self._break()
            self._number += self._kind is Kind.PARAGRAPH and not self._depth
        elif name == "t":
            self._reading = True
        elif name in CHARACTERS:
            self._text.append(CHARACTERS[name])

    def end(self, name: str) -> None:
        if self._fallback:
            self._fallback -= 1
        elif name == "t":
            self._reading = False
        elif name == "p":
            self._break()
        elif name in ("tc", "footnote", "endnote", "body"):
            self._close()
        elif name == "tbl":
            self._depth -= 1

    def characters(self, text: str) -> None:
        if self._reading and not self._fallback:
            self._text.append(text)

    def _break(self) -> None:
        """The end of a paragraph."""
        place = Place(Kind.TABLE, self._tables) if self._depth else self._place()
        for line in "".join(self._text).split("\n"):
            if line:
                self._lines.append((place, line))
        self._text.clear()

    def _place(self) -> Place:
        return Place(self._kind, max(1, self._number))

    def _close(self) -> None:
        """The end of a portion."""
        self._break()
        if self._lines:
            self.portions.append(Portion(tuple(self._lines)))
        self._lines.clear()
