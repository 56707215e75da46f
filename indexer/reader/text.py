"""Plain text and Markdown, whatever the encoding.

Line ends stay as they are, so that an offset in the text is a place in the file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from chabao.indexer import bounded
from chabao.indexer.errors import UnreadableFile
from chabao.indexer.folding import fold_char, is_layout
from chabao.indexer.reader.document import Document, Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; UTF-32 first, because UTF-16's begins it."""

UNNAMED = Path("-")
"""Stands in messages for bytes that came from no file."""
GUESSES = ["gb18030", "big5", "utf_16_le", "utf_16_be"]


def read(path: Path) -> str:
    """The text of a bulletin file. Raises UnreadableFile with the reason."""
    return decode(load(path), path)


def load(path: Path) -> bytes:
    """The bytes of a file; - is standard input. Raises UnreadableFile with the reason."""
    try:
        return bounded.read(path, bounded.FILE)
    except OSError as error:
        raise UnreadableFile(path=path, reason=error.strerror or str(error)) from error


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a text is."""
    yield Document(_checked(data))


def decode(data: bytes, path: Path = UNNAMED) -> str:
    """Bytes to text: byte order mark, strict UTF-8, then the likeliest of four encodings.

    Raises UnreadableFile with the reason where the bytes are no text.
    """
    try:
        return _checked(data)
    except Unreadable as error:
        raise UnreadableFile(path=path, reason=error.reason) from error


def _checked(data: bytes) -> str:
    text = _decoded(data)
    if "\0" in text:
        raise Unreadable(reason="not text: it holds NUL characters")
    controls = sum(char < " " and char not in "\t\n\v\f\r" for char in text)
    if controls > len(text) // 20:
        raise Unreadable(reason="not text: it is full of control characters")
    if all(map(is_layout, text)):
        raise Unreadable(reason="there is no text in it")
    return text


def _decoded(data: bytes) -> str:
    if not data:
        raise Unreadable(reason="the file is empty")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(reason="damaged: not what its byte order mark says") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        damaged = data.decode("utf-8", "replace").count("\ufffd")
        if damaged < len(data) // 100:
            raise Unreadable(reason="damaged UTF-8") from error
        return _guessed(data)
    # UTF-16 of plain ASCII is valid UTF-8, full of NULs.
    return _guessed(data) if "\0" in text else text


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # charset-normalizer gives up on some honest text (a line that begins with ”。) and cannot
    # choose by a dozen characters; what it and strict decoding offer is weighed by how many
    # everyday characters come of the bytes, its own order deciding ties.
    texts = [str(match) for match in from_bytes(data, cp_isolation=GUESSES)]
    texts += [text for text in (_strict(data, name) for name in GUESSES) if text]
    best = max(texts, key=_everyday, default="")
    if not best or _everyday(best) < 0.5:
        raise Unreadable(reason="not text in UTF-8, GB18030, Big5 or UTF-16")
    return best


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _everyday(text: str) -> float:
    """The share of characters that running Chinese text is made of, 0 to 1."""
    sample = text[:2000]
    return sum(map(_is_everyday, sample)) / len(sample)


def _is_everyday(char: str) -> bool:
    if char < "\x7f":
        return char >= " " or char in "\t\r\n"
    try:
        lead = fold_char(char).encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    # GB 2312 orders its characters: signs, then the 3,755 everyday ones (0xB0 to 0xD7), then rare.
    return lead in range(0xA1, 0xA4) or lead in range(0xB0, 0xD8)
