"""What a file gives: its text, and where the text's pages begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one document. Lines and pages of a format become lines and pages of the text.

    `pages` are the offsets at which pages begin, the first 0; empty where the format has none.
    `name` is the path inside an archive, else "". `remarks` say what looks wrong with the text:
    messages, translated where they are shown.
    """

    text: str
    pages: tuple[int, ...] = ()
    name: str = ""
    remarks: tuple[str, ...] = ()


class Unreadable(ValueError):
    """A file that gives no text, and why: a message, translated where it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Format(Protocol):
    """A module that reads a format."""

    def documents(self, data: bytes, name: str) -> Iterator[Document]:
        """The documents in a file's bytes; `name` is the file's. Raises Unreadable."""
