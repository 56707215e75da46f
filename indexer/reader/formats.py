"""Which format a file has, and its documents: by its name, and by what its bytes say.

Each format is a module of this package, which is loaded only when such a file is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePath

from chabao.indexer.installed import which
from chabao.indexer.reader.document import Document, Format, Unreadable

MODULES = {
    ".txt": "text", ".md": "text",
    ".docx": "word", ".docm": "word", ".dotx": "word",
    ".xlsx": "spreadsheets", ".xlsm": "spreadsheets", ".ods": "spreadsheets",
    ".xls": "spreadsheets", ".et": "spreadsheets",
    ".html": "web", ".htm": "web", ".shtml": "web", ".xhtml": "web",
    ".mht": "web", ".mhtml": "web",
    ".doc": "office", ".wps": "office", ".rtf": "office", ".odt": "office", ".dot": "office",
    ".zip": "archive",
    ".pdf": "pdf",
    ".png": "scans", ".jpg": "scans", ".jpeg": "scans", ".tif": "scans", ".tiff": "scans",
}  # fmt: skip
"""The module that reads files of a suffix."""
SUFFIXES = frozenset(MODULES)
TEXT = "text"
RANKS = ("text", "word", "spreadsheets", "office", "web", "pdf", "scans", "archive")
"""Formats, the one that says best what was written first: of two copies that one is indexed."""
UNJUDGED = frozenset({"archive"})
"""Formats whose documents were judged within."""
LIBRARIES = ("rapidocr", "onnxruntime", "pypdfium2")
"""Optional libraries that read what would be refused without them."""
PROGRAMS = ("soffice", "libreoffice")
"""Programs that do."""
announce: Callable[[str], None] = lambda module: None  # noqa: E731
"""Told which format is about to be read, also within another: its limits hold from then on."""


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The documents of a file. Raises Unreadable with the reason."""
    if not data:
        raise Unreadable(reason="the file is empty")
    module = module_of(name, data)
    announce(module)
    found = format_of(module).documents(data, name)
    yield from found if module in UNJUDGED else _judged(found)


def _judged(found: Iterable[Document]) -> Iterator[Document]:
    """Documents with what looks wrong about them."""
    from chabao.indexer.reader.judgement import judged

    yield from map(judged, found)


def format_of(module: str) -> Format:
    """The module that reads a format. It is loaded here, because formats bring libraries."""
    return import_module(f"chabao.indexer.reader.{module}")


def module_of(name: str, data: bytes = b"") -> str:
    """The module for a file: what its first bytes say, else what its suffix says."""
    named = MODULES.get(PurePath(name).suffix.lower(), TEXT)
    if not data:
        return named
    from chabao.indexer.reader.signatures import format_said

    found = format_said(data, named)
    return found if found in MODULES.values() else named


def rank(name: str) -> int:
    """How good a copy a file is, 0 the best, as far as its name tells."""
    module = module_of(name)
    return RANKS.index(module) if module in RANKS else len(RANKS)


def readers() -> str:
    """What this machine can read: where it changes, what was refused is worth another try."""
    found = [name for name in LIBRARIES if find_spec(name)]
    found += filter(None, map(which, PROGRAMS))
    return " ".join([*sorted(SUFFIXES), *found])
