"""PDF: text in reading order. Pages are parted by form feeds, lines stay as they are printed.

Pages that are pictures are read by `scans`, where that is installed. Files with a password for
opening are refused; those that only forbid printing or copying are read.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError

from chabao.indexer.reader import scans, typesetting
from chabao.indexer.reader.characters import usual
from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.reader.glyphs import BROKEN, Glyphs, is_picture
from chabao.indexer.reader.judgement import Remark

MB = 1 << 20
PAGE_BREAK = "\n\f"
FEWEST = 12
"""Letters on a page with pictures, below which it is a scan with a page number or a stamp."""
MOST_PAGES = 5_000
MOST_BROKEN = 20
"""Pages that cannot be read, beyond which the file is given up."""
LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 64 * MB,
    "array_based_stream_maximum_output_length": 8 * MB,
    "zlib_maximum_output_length": 8 * MB,
    "lzw_maximum_output_length": 4 * MB,
    "run_length_maximum_output_length": 8 * MB,
    "stream_decoding_work_maximum_length": 24 * MB,
    "stream_parsing_work_maximum_count": 500_000,
    "page_tree_maximum_entries": MOST_PAGES,
    "page_tree_maximum_depth": 50,
    "jbig2dec_binary": None,
}
"""pypdf's own limits, lowered: the page of a bulletin unpacks to 50 KB. It starts no program."""
DAMAGED = Unreadable(reason="damaged: it cannot be read as a PDF")
NOTHING = Unreadable(reason="there is no text in it")
SOME_PICTURES = Remark(message="some pages are pictures; they need OCR: pip install chabao[ocr]")
SOME_DAMAGED = Remark(message="some of its pages or fonts are damaged")


class Complaints(logging.Handler):
    """Takes what pypdf says of a file, which is no message for users, and counts the streams that
    it could unpack only in part."""

    heard = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.heard += record.name == "pypdf.filters"


COMPLAINTS = Complaints(logging.WARNING)
logging.getLogger("pypdf").addHandler(COMPLAINTS)
logging.getLogger("pypdf").propagate = False


@dataclass(slots=True)
class Pages:
    """The texts of pages; which are `pictures` (from 0), and whether anything was `damaged`."""

    texts: list[str] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    damaged: bool = False


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a PDF is. Raises Unreadable."""
    with _told():
        found = _read(data)
    remarks = [SOME_DAMAGED.message] if found.damaged else []
    if found.pictures and scans.is_installed():
        for at, text in scans.pages(data, found.pictures):
            found.texts[at] = text or found.texts[at]
        remarks.append(scans.READ.message)
    elif found.pictures:
        remarks.append(SOME_PICTURES.message)
    if not any(found.texts):
        raise scans.NEEDED if found.pictures else DAMAGED if found.damaged else NOTHING
    text = PAGE_BREAK.join(found.texts)
    starts = accumulate((len(page) + len(PAGE_BREAK) for page in found.texts[:-1]), initial=0)
    yield Document(text, tuple(starts), remarks=tuple(remarks))


@contextmanager
def _told() -> Iterator[None]:
    """Turns whatever is raised into Unreadable, but for a lack of memory."""
    try:
        with apply_configuration(**LIMITS):
            yield
    except (Unreadable, MemoryError):
        raise
    except LimitReachedError as error:
        raise Unreadable(reason="refused: more in it than a bulletin can need") from error
    except DependencyError as error:
        raise Unreadable(reason="encrypted in a way that cannot be read; save it anew") from error
    # A damaged file makes pypdf stumble anywhere, with whatever Python then raises.
    except Exception as error:
        raise Unreadable(DAMAGED.reason) from error


def _read(data: bytes) -> Pages:
    reader = PdfReader(io.BytesIO(data), root_object_recovery_limit=1_000,
                       xref_stream_maximum_entries=500_000)  # fmt: skip
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(reason="it has a password; save it without one")
    found, glyphs, broken = Pages(), Glyphs(), 0
    heard = COMPLAINTS.heard
    for at, page in enumerate(reader.pages):
        try:
            text = _text(page, glyphs)
        except Unreadable:
            raise
        except BROKEN as error:
            broken += 1
            if broken > MOST_BROKEN:
                raise Unreadable(DAMAGED.reason) from error
            text = ""
        else:
            if sum(map(str.isalnum, text)) < FEWEST and is_picture(page):
                found.pictures.append(at)
        found.texts.append(text)
    found.damaged = bool(broken or glyphs.broken or COMPLAINTS.heard > heard)
    return found


def _text(page: PageObject, glyphs: Glyphs) -> str:
    return "\n".join(map(usual, typesetting.lines(glyphs.runs(page))))
