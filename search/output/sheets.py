"""Tables as files: one sheet of named columns, in the format asked for.

How texts stand in cells, and how to have them back, is in `cells`. An empty text and no value are
one in CSV, TSV and Markdown; JSON and xlsx tell them apart.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from chabao.search.errors import NotForTerminals, UnknownFormat
from chabao.search.output.cells import Cell, finite, held, marked_down
from chabao.search.output.files import replacing
from chabao.search.output.text import clean

__all__ = ["FORMATS", "Cell", "Sheet", "format_of", "write"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under named columns. `columns` are the keys that programs see; a row has a cell each.

    `objects` are what JSON shows in place of the rows, where it can say more than cells can: lists,
    and what is nested. Only one of the two is read, so both may come from one iterator.
    """

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    objects: Iterable[Mapping[str, Any]] | None = None


def write(sheet: Sheet, form: str | None, into: Path | None = None) -> None:
    """Writes a sheet to a file, or to standard output, as its rows come.

    `form` is one of `FORMATS`; None is the format that the file's name ends in. CSV and TSV begin
    with a byte order mark where they are written to a file, which Excel needs to read UTF-8;
    `csv+bom` and `csv-bom` have it and have it not. Raises UnknownFormat, NotForTerminals,
    UnwritableFile, CellTooLong and SheetTooLong; what stood in the file before is then still there.
    """
    name, sign, _ = re.split(r"([+-]|$)", form or format_of(into), maxsplit=1)
    data = FORMATS[name](sheet)
    if name in MARKED and (sign == "+" or (into and not sign)):
        data = chain([codecs.BOM_UTF8], data)
    if into is None:
        _print(data, name)
        return
    with replacing(into) as file:
        file.writelines(data)


def format_of(path: Path | None) -> str:
    """The format that a file's name ends in. Raises UnknownFormat."""
    form = SUFFIXES.get(path.suffix.lower()) if path else None
    if form is None:
        raise UnknownFormat(path=path)
    return form


def _print(data: Iterable[bytes], form: str) -> None:
    terminal = sys.stdout.isatty()
    if terminal and form in BINARY:
        raise NotForTerminals(form=form)
    sys.stdout.flush()
    sys.stdout.buffer.writelines(map(_shown, data) if terminal else data)


def _shown(data: bytes) -> bytes:
    """Text that steers no terminal."""
    text = data.decode().replace("\r\n", "\n")
    return re.sub(r"[^\n\t]+", lambda run: clean(run[0]), text).encode()


def jsonl(sheet: Sheet) -> Iterator[bytes]:
    r"""One object a line, UTF-8; half a surrogate pair, which UTF-8 has not, as its \u sign."""
    from chabao.search.output.json_ import encoded, said

    if sheet.objects is not None:
        yield from map(encoded, sheet.objects)
        return
    for row in sheet.rows:
        answer = dict(zip(sheet.columns, map(finite, row), strict=True))
        yield said(answer).encode("utf-8", "backslashreplace") + b"\n"


def comma_separated(sheet: Sheet) -> Iterator[bytes]:
    """RFC 4180."""
    return _separated(sheet, "csv", ",", "\r\n")


def tab_separated(sheet: Sheet) -> Iterator[bytes]:
    """A row a line, whatever its texts hold; quoted as CSV is."""
    return _separated(sheet, "tsv", "\t", "\n")


def _separated(sheet: Sheet, form: str, delimiter: str, end: str) -> Iterator[bytes]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=delimiter, lineterminator=end)
    for row in chain([sheet.columns], sheet.rows):
        writer.writerow([_text(cell, form) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _text(cell: Cell, form: str) -> Cell:
    cell = finite(cell)
    return held(cell, form) if isinstance(cell, str) else cell


def markdown(sheet: Sheet) -> Iterator[bytes]:
    """A table of GitHub's Markdown; columns whose first cell is a number stand to the right."""
    rows = iter(sheet.rows)
    first = next(rows, None)
    rules = ["---:" if isinstance(cell, int | float) else "---" for cell in first or sheet.columns]
    yield _piped(map(marked_down, sheet.columns))
    yield _piped(rules)
    for row in chain([] if first is None else [first], rows):
        yield _piped(marked_down("" if cell is None else str(finite(cell))) for cell in row)


def _piped(cells: Iterable[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode()


def workbook(sheet: Sheet) -> Iterable[bytes]:
    """An Excel workbook of one sheet."""
    from chabao.search.output.workbook import workbook as made

    return made(sheet)


FORMATS: Mapping[str, Callable[[Sheet], Iterable[bytes]]] = {
    "jsonl": jsonl,
    "csv": comma_separated,
    "tsv": tab_separated,
    "xlsx": workbook,
    "md": markdown,
}
SUFFIXES = {f".{form}": form for form in FORMATS} | {".ndjson": "jsonl", ".markdown": "md"}
MARKED = frozenset({"csv", "tsv"})
"""May begin with a byte order mark."""
BINARY = frozenset({"xlsx"})
