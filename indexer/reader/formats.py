"""Which format a file has, and its documents: by its name, and by what its bytes say."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePath

from chabao.indexer.reader.document import Document, Format

MODULES = {".txt": "text", ".md": "text"}
"""The module that reads files of a suffix."""
SUFFIXES = frozenset(MODULES)


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The documents of a file. Raises Unreadable with the reason."""
    return format_of(data, name).documents(data, name)


def format_of(data: bytes, name: str) -> Format:
    """The module that reads a file. It is loaded here, because formats bring libraries."""
    module = MODULES.get(PurePath(name).suffix.lower(), "text")
    return import_module(f"chabao.indexer.reader.{module}")
