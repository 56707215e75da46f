"""The renderings of the bulletins, and indexes of them, built as users build them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from roundtrip import render

from chabao.indexer import build, reader
from chabao.indexer.folding import fold_text
from chabao.search.backends.whoosh_ import Index
from chabao.search.engine import export, open_index

Record = dict[str, Any]


@dataclass(frozen=True)
class Rendering:
    """A format, as `make` writes it of a bulletin's name; PDF files are there already."""

    suffix: str
    make: Callable[[str], bytes]


def _word(name: str, look: render.Look = render.WPS) -> bytes:
    return render.word(render.paragraphs(name), look)


def _pdf(name: str, style: str) -> bytes:
    return (render.PDF / f"{name}-{style}.pdf").read_bytes()


def source(name: str, root: Path) -> Path:
    """The bulletin's original."""
    (path,) = (root / "corpus").glob(f"{name}_*.txt")
    return path


def _reencoded(name: str) -> bytes:
    """The original's own lines, as old editors on Windows keep them."""
    text = reader.read(source(name, render.HERE.parents[1]))
    return text.replace("\n", "\r\n").encode("gb18030")


RENDERINGS = {
    "lines in GB18030": Rendering("txt", _reencoded),
    "paragraphs in GB18030": Rendering("txt", lambda name: render.text(render.paragraphs(name))),
    "Word": Rendering("docx", _word),
    "Word, imprint in a table": Rendering("docx", partial(_word, look=render.LOOKS["hei"])),
    "Word, two columns": Rendering("docx", partial(_word, look=replace(render.WPS, columns=2))),
    "PDF, Noto Serif": Rendering("pdf", partial(_pdf, style="wps")),
    "PDF, Micro Hei": Rendering("pdf", partial(_pdf, style="hei")),
    "PDF, two columns": Rendering("pdf", partial(_pdf, style="columns")),
    "page of today": Rendering("html", lambda name: render.new_page(render.paragraphs(name))),
    "page of 2003": Rendering("htm", lambda name: render.old_page(render.paragraphs(name))),
}
PDFS = {"PDF, Noto Serif": "wps", "PDF, Micro Hei": "hei", "PDF, two columns": "columns"}


KEPT = ("id", "title", "number", "serial", "publisher", "date", "period", "inferred",
        "section", "item", "department", "dates")  # fmt: skip
"""What is the same in every format, character by character."""


def fold(text: str) -> str:
    return "".join(fold_text(text).split())


@dataclass(frozen=True)
class Indexed:
    """An index, and its records by the bulletin's name, in the order of the document."""

    index: Index
    records: dict[str, list[Record]]
    report: build.Report


def indexed(folder: Path, into: Path) -> Indexed:
    report = build.build([folder], into)
    index = open_index(into)
    records: dict[str, list[Record]] = {}
    for record in export(index):
        records.setdefault(str(record["source"])[:3], []).append(dict(record))
    return Indexed(index, records, report)


def write(folder: Path, names: Iterable[str], rendering: Rendering) -> None:
    for name in names:
        (folder / f"{name}.{rendering.suffix}").write_bytes(rendering.make(name))
