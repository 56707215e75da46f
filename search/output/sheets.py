"""Tables as files: one sheet of named columns, in the format asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under named columns. `columns` are the keys that programs see; a row has a cell each."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


def write(sheet: Sheet, form: str, into: Path | None = None) -> None:
    """Writes a sheet to a file, or to standard output. `form` is one of `FORMATS`."""
    data = FORMATS[form](sheet)
    if into is None:
        from chabao.search.output.show import write_bytes

        for piece in data:
            write_bytes(piece)
        return
    partial = into.with_name(into.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.writelines(data)
        partial.replace(into)
    finally:
        partial.unlink(missing_ok=True)


def jsonl(sheet: Sheet) -> Iterator[bytes]:
    """One object a row."""
    for row in sheet.rows:
        answer = dict(zip(sheet.columns, row, strict=True))
        yield json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def comma_separated(sheet: Sheet) -> Iterator[bytes]:
    """RFC 4180."""
    for row in (sheet.columns, *sheet.rows):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue().encode("utf-8", "replace")


FORMATS: Mapping[str, Callable[[Sheet], Iterable[bytes]]] = {
    "jsonl": jsonl,
    "csv": comma_separated,
}
