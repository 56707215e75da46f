"""What is indexed and whether it is fresh, and which indexes there are."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from gettext import gettext as _
from gettext import ngettext
from itertools import chain
from typing import TYPE_CHECKING, Any

from chabao.search.output.advice import advised
from chabao.search.output.answer import judged
from chabao.search.output.json_ import SCHEMA, encoded
from chabao.search.output.pager import write
from chabao.search.output.screen import Screen, screen
from chabao.search.output.show import FOUND, NOT_FOUND, write_bytes
from chabao.search.output.table import GAP, table
from chabao.search.output.text import clean, width

if TYPE_CHECKING:
    from chabao.indexer.status import Listed, Status

SHOWN = 20
"""Paths of one kind on a screen; JSON has all."""


def status(found: Status, as_json: bool, color: str) -> int:
    """An index and its files; 1 if it is stale."""
    said = advised(verdict(found))
    return judged(partial(_object, found), partial(page, found), said, found.fresh, as_json, color)


def verdict(found: Status) -> str:
    """Whether the index is fresh, in a sentence."""
    if not found.known and not found.folders:
        return _("the index no longer tells of which folders it was made; "
                 "name all of them: chabao index --rebuild FOLDER FOLDER")  # fmt: skip
    if not found.known:
        return _("the index no longer tells what it was made of; chabao index FOLDER renews it")
    if found.fresh:
        return _("the index is fresh")
    new, changed, gone = map(len, (found.changes.new, found.changes.changed, found.changes.gone))
    said = _(
        "the index is stale: {new} new, {changed} changed, {gone} gone; "
        "chabao index FOLDER renews it"
    )
    return said.format(new=new, changed=changed, gone=gone)


def page(found: Status, on: Screen) -> Iterator[str]:
    """What is indexed, and what is to be said about it, for people."""
    total = found.total
    facts = [
        (_("index"), str(found.path)),
        (_("written"), moment(found.size.written)),
        (_("size"), _("{size}, format {format}").format(
            size=size(found.size.bytes), format=found.format)),
        (_("files"), str(total.files)),
        (_("issues"), str(total.issues)),
        (_("items"), str(found.size.items)),
        (_("characters"), str(total.characters)),
    ]  # fmt: skip
    yield from table((), facts, on)
    folders = [
        (str(each.path) if each.there else _("{path} (not there)").format(path=each.path),
         each.amount.files, each.amount.items)
        for each in found.folders
    ]  # fmt: skip
    formats = [(name or _("no suffix"), *_cells(each)) for name, each in found.formats.items()]
    heads = (_("files"), _("issues"), _("items"), _("characters"))
    yield from _part((_("folder"), _("files"), _("items")), folders, on)
    yield from _part((_("format"), *heads), formats, on)
    yield from _part((_("refused"), _("reason")), _said(found.refused), on)
    yield from _part((_("suspicious"), _("reason")), _said(found.remarks), on)
    yield from _part((_("copy"), _("indexed in its place")), found.copies, on)
    for head, paths in (
        (_("new"), found.changes.new),
        (_("changed"), found.changes.changed),
        (_("gone"), found.changes.gone),
    ):
        yield from _part((head,), [(path,) for path in paths], on)


def _cells(amount: Any) -> tuple[int, ...]:
    return (amount.files, amount.issues, amount.items, amount.characters)


def _said(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(path, _(reason) if reason else "") for path, reason in pairs]


def _part(heads: Sequence[str], rows: Sequence[Sequence[object]], on: Screen) -> Iterator[str]:
    """A table under an empty line, if there are rows; on a screen only as many as can be read."""
    if not rows:
        return
    shown = rows if on.width is None else [_fitting(row, rows, on.width) for row in rows[:SHOWN]]
    yield from chain([""], table(heads, shown, on))
    if len(rows) > len(shown):
        more = len(rows) - len(shown)
        said = ngettext("and {n} more (--json has all)", "and {n} more (--json has all)", more)
        yield said.format(n=more)


def _fitting(
    row: Sequence[object], rows: Sequence[Sequence[object]], columns: int
) -> Sequence[object]:
    """A row whose path, its first cell, has the room that the others leave."""
    others = zip(*(each[1:] for each in rows[:SHOWN]), strict=True)
    used = sum(max(width(str(cell)) for cell in column) + GAP for column in others)
    return (shortened(str(row[0]), max(columns - used, columns // 2)), *row[1:])


def shortened(path: str, columns: int) -> str:
    """The end of a path that fits: the name of a file says more than where its folder is."""
    path = clean(path)
    if width(path) <= columns:
        return path
    at = next(at for at in range(len(path)) if width(path[at:]) <= columns - 2)
    return "…" + path[at:]


def _object(found: Status) -> dict[str, Any]:
    folders = [
        {"name": each.name, "path": str(each.path), "there": each.there, **asdict(each.amount)}
        for each in found.folders
    ]
    return {
        "schema": SCHEMA,
        "index": str(found.path),
        "format": found.format,
        "bytes": found.size.bytes,
        "written": found.size.written.isoformat(timespec="seconds"),
        "fresh": found.fresh,
        "known": found.known,
        **asdict(found.total),
        "items": found.size.items,
        "folders": folders,
        "formats": {name: asdict(each) for name, each in found.formats.items()},
        "refused": [{"path": path, "reason": reason} for path, reason in found.refused],
        "suspicious": [{"path": path, "reason": reason} for path, reason in found.remarks],
        "copies": [{"path": path, "of": better} for path, better in found.copies],
        **asdict(found.changes),
    }


def indexes(found: Sequence[Listed], as_json: bool, color: str) -> int:
    """The indexes of this user; 1 where there are none."""
    if as_json:
        listed = [_listed(each) for each in found]
        write_bytes(encoded({"schema": SCHEMA, "indexes": listed}))
    elif found:
        on = screen(sys.stdout, color)
        heads = ("", _("name"), _("items"), _("size"), _("written"), _("place"))
        rows = [_row(each) for each in found]
        write("".join(f"{line}\n" for line in table(heads, rows, on)), on)
        print("chabao: " + _("* is taken where no index is named"), file=sys.stderr)
    else:
        said = _("there is no index yet; make one with: chabao index FOLDER")
        print(f"chabao: {said}", file=sys.stderr)
    for each in found:
        if each.wrong and not as_json:
            reason = _(each.wrong.message).format(**each.wrong.values)
            print(clean(f"chabao: {reason}"), file=sys.stderr)
    return FOUND if found else NOT_FOUND


def _row(each: Listed) -> tuple[object, ...]:
    mark, name = "*" if each.default else "", each.name or "-"
    if each.size is None:
        return (mark, name, "?", "?", "?", str(each.path))
    known = each.size
    return (mark, name, str(known.items), size(known.bytes), moment(known.written), str(each.path))


def _listed(each: Listed) -> dict[str, Any]:
    known = each.size
    return {
        "name": each.name,
        "path": str(each.path),
        "default": each.default,
        "items": known.items if known else None,
        "bytes": known.bytes if known else None,
        "written": known.written.isoformat(timespec="seconds") if known else None,
        "wrong": str(each.wrong) if each.wrong else None,
    }


def size(count: int) -> str:
    """Bytes as people read them: 812 KB, 3.4 MB."""
    for unit in ("KB", "MB", "GB"):
        count, rest = count // 1000, count % 1000
        if count < 1000 or unit == "GB":
            return f"{count}.{rest // 100} {unit}" if count < 10 else f"{count} {unit}"
    raise AssertionError


def moment(at: datetime) -> str:
    """A time as the reader's clock has it."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
