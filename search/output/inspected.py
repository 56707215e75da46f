"""What an inspection of an index has found, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Any

from chabao.search.output.advice import advised
from chabao.search.output.answer import judged
from chabao.search.output.json_ import SCHEMA
from chabao.search.output.screen import Screen
from chabao.search.output.status import shortened, size
from chabao.search.output.table import table
from chabao.search.output.text import clean

if TYPE_CHECKING:
    from chabao.indexer.inspection import File, Inspection

NAMES = 60
"""Columns for what a file is called: nothing that a builder writes has more."""


def inspection(found: Inspection, as_json: bool, color: str) -> int:
    """The files of an index, each with what is wrong with it; 1 if anything is."""
    said = advised(verdict(found))
    return judged(partial(_object, found), partial(page, found), said, found.sound, as_json, color)


def verdict(found: Inspection) -> str:
    """Whether the index is sound, in a sentence, and what to do if it is not."""
    if not found.sound:
        names = ", ".join(file.name for file in found.damaged)
        said = _("the index is damaged: {names} — build it again with: chabao repair")
        return said.format(names=names)
    files = ngettext("{n} file", "{n} files", len(found.files)).format(n=len(found.files))
    blocks = sum(file.blocks for file in found.files)
    said = _("the index is sound: {files}, {blocks} blocks, {items} items")
    return said.format(files=files, blocks=blocks, items=found.items)


def page(found: Inspection, on: Screen) -> Iterator[str]:
    """A line a file, the damaged ones first, then what lies beside."""
    kinds = {
        "table": _("table of contents"), "postings": _("postings"), "items": _("items"),
        "manifest": _("files indexed"), "folders": _("folders indexed"), "lock": _("lock"),
    }  # fmt: skip
    files = sorted(found.files, key=lambda file: not file.wrong)
    rows = [
        (shortened(file.name, NAMES), kinds[file.kind], _bytes(file.bytes), str(file.blocks),
         reason(file) if file.wrong else _("sound"))
        for file in files
    ]  # fmt: skip
    yield from table((_("file"), _("what"), _("size"), _("blocks"), _("state")), rows, on)
    if found.spare:
        yield ""
        yield from table((_("not needed"),), [(clean(name),) for name in found.spare], on)


def _bytes(count: int) -> str:
    return size(count) if count >= 1000 else f"{count} B"


def reason(file: File) -> str:
    """What is wrong with a file, as it is said."""
    word, _space, number = file.wrong.partition(" ")
    if word == "block" and number.isdecimal():
        return _("block {number} is damaged").format(number=number)
    known = {
        "checksum": _("checksum"), "no checksum": _("no checksum"), "directory": _("directory"),
        "of another commit": _("of another commit"), "of another index": _("of another index"),
        "not a file": _("not a file"),
    }  # fmt: skip
    return known.get(file.wrong) or _(file.wrong)


def _object(found: Inspection) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "index": str(found.path),
        "sound": found.sound,
        "commit": found.generation,
        "items": found.items,
        "files": [asdict(file) for file in found.files],
        "spare": list(found.spare),
    }
