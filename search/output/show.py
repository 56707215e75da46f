"""The last step of each command: what goes to standard output, what to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from gettext import gettext as _
from gettext import ngettext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.search.output.advice import advised
from chabao.search.output.hits import amount, hits, summary
from chabao.search.output.notices import notices
from chabao.search.output.pager import write, write_page
from chabao.search.output.screen import Screen, screen
from chabao.search.output.text import clean
from chabao.search.results import Facet, Results

if TYPE_CHECKING:
    from chabao.search.catalogue import Fields, Shown
    from chabao.search.output.sheets import Sheet
    from chabao.search.records import Comparison

FOUND, NOT_FOUND, FAILED = 0, 1, 2
NOTES = 20
"""Files of one kind that an indexing names on a screen, of those that it left out."""


def results(
    found: Results,
    form: str | None,
    color: str,
    sheet: str | None = None,
    into: Path | None = None,
) -> int:
    """A search's answer in the form asked for, or as a table (format `sheet`); the exit code."""
    fatal = any(remark.fatal for remark in found.notices)
    aside = screen(sys.stderr, color)
    for line in notices(found.query, found.understood, found.notices, aside):
        print(line, file=sys.stderr)
    if fatal:
        return FAILED
    if sheet:
        from chabao.search.output import exports

        print(f"chabao: {summary(found)}", file=sys.stderr)
        write_sheet(exports.results(found, form), sheet, into)
        return FOUND if found.exact and found.total else NOT_FOUND
    on = screen(sys.stdout, color)
    match form:
        case "json":
            from chabao.search.output import json_

            write_pieces(json_.pieces(json_.document(found)))
        case "plain":
            from chabao.search.output.plain import plain

            write_lines(plain(found, on))
        case "files":
            write_lines(map(clean, found.files))
        case "count":
            write_lines([amount(found)])
        case _:
            print(f"chabao: {summary(found)}", file=sys.stderr)
            write_page(chain(hits(found, on), _facets(found.facet, on)), on)
    return FOUND if found.exact and found.total else NOT_FOUND


def _facets(facet: Facet | None, on: Screen) -> Iterator[str]:
    """Items by department and year, the years across."""
    if facet is None:
        return
    from chabao.search.output.table import table

    rows = [
        (name, *(facet.cells.get((name, year), 0) for year in facet.years))
        for name in facet.departments
    ]
    yield ""
    yield from table((_("department"), *facet.years), rows, on)


def item(
    shown: Shown,
    as_json: bool,
    color: str,
    form: str | None = None,
    into: Path | None = None,
) -> int:
    """One item with its neighbours; 1 where the passage asked for is no longer what it was."""
    from chabao.search.output.item import is_changed, passage, remark
    from chabao.search.output.item import item as page

    said = remark(shown)
    if said:
        print(f"chabao: {said}", file=sys.stderr)
    if form:
        export([shown.item], into, form)
    elif as_json:
        from chabao.search.output import json_

        place = passage(shown)
        answer = json_.record(shown.item) | ({"passage": place} if place else {})
        write_bytes(json_.encoded(answer))
    else:
        on = screen(sys.stdout, color)
        write(_text(page(shown.before, shown.item, shown.after, on, shown.passage)), on)
    return NOT_FOUND if is_changed(shown) else FOUND


def fields(
    known: Fields,
    as_json: bool,
    color: str,
    form: str | None = None,
    into: Path | None = None,
) -> int:
    """Departments, sections and issues with their counts."""
    if form:
        from chabao.search.output import exports

        return write_sheet(exports.fields(known), form, into)
    if as_json:
        from chabao.search.output import json_

        write_bytes(json_.encoded(json_.fields(known)))
        return FOUND
    from chabao.search.output.table import table

    on = screen(sys.stdout, color)
    departments = table((_("department"), _("items")), list(known.departments.items()), on)
    sections = table((_("section"), _("items")), list(known.sections.items()), on)
    issues_ = [(number, title, day, items) for number, title, day, items in known.issues]
    heads = (_("issue"), _("title"), _("date"), _("items"))
    parts = (departments, [""], sections, [""], table(heads, issues_, on))
    write(_text(chain.from_iterable(parts)), on)
    return FOUND


def export(records: Iterable[Mapping[str, Any]], into: Path | None, form: str = "jsonl") -> int:
    """Every item in full; a file is replaced only when all of it is written."""
    from chabao.search.output import exports

    return write_sheet(exports.items(records), form, into)


def write_sheet(sheet: Sheet, form: str, into: Path | None) -> int:
    """A table for other programs."""
    from chabao.search.output.sheets import write

    write(sheet, form, into)
    return FOUND


def repeated(found: Comparison, as_json: bool, color: str) -> int:
    """A recorded search beside the same search now; 1 if it answers otherwise."""
    from chabao.search.output import record

    if as_json:
        write_bytes(record.document(found))
    else:
        on = screen(sys.stdout, color)
        write(_text(record.lines(found, on)), on)
        print(f"chabao: {record.verdict(found)}", file=sys.stderr)
    return FOUND if found.same_answer else NOT_FOUND


def report(done: Any, color: str) -> int:
    """What an indexing did, and what it refused and why; 2 if anything was refused."""
    from chabao.search.output.table import table

    on = screen(sys.stdout, color)
    rows = [
        (_("files"), done.files),
        (_("issues"), done.issues),
        (_("items"), done.items),
        (_("characters"), done.characters),
        (_("unchanged files"), done.unchanged),
        (_("removed files"), done.removed),
        (_("refused files"), len(done.refused)),
        (_("copies"), len(done.copies)),
    ]
    parts = [table((), rows, on)]
    refused = [(path, _(reason) if reason else "") for path, reason in done.refused]
    remarks = [(path, _(remark)) for path, remark in done.remarks]
    for heads, found in (
        ((_("refused"), _("reason")), refused),
        ((_("look at"), _("remark")), remarks),
        ((_("copy"), _("counted as")), list(done.copies)),
    ):
        if found:
            parts += [iter([""]), table(heads, found, on)]
    print(_text(chain.from_iterable(parts)), end="")
    for line in _notes(done.notes):
        print(f"chabao: {line}", file=sys.stderr)
    if done.refused:
        count = len(done.refused)
        said = ngettext("{n} file could not be read", "{n} files could not be read", count)
        print(f"chabao: {said.format(n=count)}", file=sys.stderr)
    return FAILED if done.refused else FOUND


def _notes(notes: Iterable[Any]) -> Iterator[str]:
    """What may surprise about folders; on a screen only so much of a kind as can be read."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(note.message, []).append(note.path)
    most = None if screen(sys.stderr, "never").width is None else NOTES
    for message, paths in kinds.items():
        yield from (clean(advised(_(message).format(path=path))) for path in paths[:most])
        if most and len(paths) > most:
            yield _("and {n} more; 2> FILE writes all into a file").format(n=len(paths) - most)


def copied(done: Any) -> int:
    """What a copy of an index did."""
    from chabao.search.output.table import table

    rows = [
        (_("copied files"), done.files),
        (_("unchanged files"), done.unchanged),
        (_("removed files"), done.removed),
        (_("items in each"), done.items),
    ]
    print(_text(table((), rows, screen(sys.stdout, "never"))), end="")
    return FOUND


def waiting() -> None:
    """Said once while another program writes the index."""
    print("chabao: " + _("another program is writing the index; waiting for it"), file=sys.stderr)


def waiting_for_looks() -> None:
    """Said once while another program has the saved searches in its hands."""
    said = _("another program is looking at the saved searches; waiting for it")
    print(f"chabao: {said}", file=sys.stderr)


def write_lines(lines: Iterable[str]) -> None:
    write_bytes(_text(lines).encode("utf-8", "replace"))


def write_bytes(data: bytes) -> None:
    """For programs: the same bytes on every platform."""
    write_pieces([data])


def write_pieces(data: Iterable[bytes]) -> None:
    """The same, as they come."""
    sys.stdout.flush()
    sys.stdout.buffer.writelines(data)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
