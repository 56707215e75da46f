"""Tables come back as they were, read by others; nothing in them runs."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chabao.search.output.cells import restored
from chabao.search.output.sheets import FORMATS, Cell, Sheet, write

SEEDS = (
    "=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20",
    "'", '"', "\t", "\r", "\n", "\r\n", " ", "　",
    "\x00", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\uffff",
    "\ud83d", "\ude00", "\udc80", "😀", "_x001B_", "_x005F_", "_x0041_x0042_", "\\u001b", "\\u",
    "\\", "\\\\", "|", "\\|", "<br>", "<b>", "&#9;", "&amp;", "`", "**", "[a](b)", "![", "~~",
    "$x$", ";", ",", "=cmd|'/c calc'!A1", '=HYPERLINK("http://x","y")', "川渝通办", "受理30880件",
    "1.10", "007", "1e5", "2023-02-08", "TRUE", "#REF!", "http://a.b/_c_",
)  # fmt: skip
hostile = st.lists(
    st.sampled_from(SEEDS) | st.text(st.characters(codec=None), max_size=4), max_size=5
).map("".join)
numbers = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(-1e300, 1e300)
rows = st.lists(st.tuples(hostile, hostile, st.none() | numbers), max_size=6)
COLUMNS = ("text", "other", "value")
Read = Callable[[bytes], list[list[Cell]]]


def made(form: str, table: Sequence[Sequence[Cell]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    return b"".join(FORMATS[form](Sheet("mentions", columns, table)))


def read_jsonl(data: bytes) -> list[list[Cell]]:
    return [list(json.loads(line).values()) for line in data.split(b"\n") if line]


def read_csv(data: bytes) -> list[list[Cell]]:
    return [list(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:]


def read_tsv(data: bytes) -> list[list[Cell]]:
    lines = io.StringIO(data.decode(), newline="")
    return [list(row) for row in csv.reader(lines, delimiter="\t")][1:]


def read_xlsx(data: bytes) -> list[list[Cell]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = list(page.iter_rows())[1:]
    assert all(cell.data_type in "snb" and not cell.hyperlink for row in cells for cell in row)
    return [[cell.value for cell in row] for row in cells]


def read_md(data: bytes) -> list[list[Cell]]:
    parser = MarkdownIt("commonmark").enable("table")
    found: list[list[Cell]] = []
    tokens = parser.parse(data.decode())
    assert {token.type for token in tokens} <= {
        *(f"{part}_{side}" for part in ("table", "thead", "tbody", "tr", "th", "td")
          for side in ("open", "close")),
        "inline",
    }  # fmt: skip
    for token in tokens:
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline":
            text = ""
            for part in token.children or ():
                assert part.type in ("text", "html_inline"), part
                assert part.type == "text" or part.content == "<br>"
                text += part.content if part.type == "text" else "\n"
            found[-1].append(text)
    return found[1:]


READERS: dict[str, Read] = {
    "jsonl": read_jsonl, "csv": read_csv, "tsv": read_tsv, "xlsx": read_xlsx, "md": read_md,
}  # fmt: skip


def text_of(cell: Cell, form: str) -> str:
    """What stood in the sheet, by the rule that is written down in `cells`."""
    if cell is None:
        return ""
    assert isinstance(cell, str)
    return cell if form == "jsonl" else restored(cell, form)


def joined(text: str) -> str:
    r"""JSON has one way to write 😀 as \u signs and none for its two halves, side by side."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def compare(form: str, table: Sequence[Sequence[Cell]]) -> None:
    found = READERS[form](made(form, table))
    assert len(found) == len(table)
    for (first, second, number), row in zip(table, found, strict=True):
        for text, cell in ((first, row[0]), (second, row[1])):
            had = text_of(cell, form)
            assert had == text or (form == "jsonl" and had == joined(str(text)))
        if number is None:
            assert row[2] in (None, "")
        elif form in ("jsonl", "xlsx"):
            assert isinstance(row[2], int | float)
            assert row[2] == (number if form == "jsonl" else pytest.approx(number, rel=1e-15))
        else:
            assert float(str(row[2])) == number


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=40)
@given(table=rows)
@example(table=[("=1+1", "\ufeff=1", -5), ("'=1", "''", 0.1), ("\ud83d\ude00", " \n ", 1e300)])
@example(table=[(seed, seed * 2, None) for seed in SEEDS])
def test_what_is_written_is_read(form: str, table: list[tuple[str, str, Cell]]) -> None:
    compare(form, table)


def test_every_format_is_read() -> None:
    assert list(READERS) == list(FORMATS)


@pytest.mark.parametrize("form", READERS)
def test_ten_thousand_hostile_cells(form: str) -> None:
    chance = random.Random(5)
    texts = ["".join(chance.choices(SEEDS, k=chance.randint(2, 6))) for _ in range(10_000)]
    assert len(set(texts)) > 9_000
    compare(form, [(*pair, -1) for pair in zip(texts[::2], texts[1::2], strict=True)])


# What OWASP lists as the beginning of a formula; white space before it is trimmed by some programs.
FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


@pytest.mark.parametrize("form", ["csv", "tsv"])
@given(text=hostile)
def test_no_text_begins_as_a_formula(form: str, text: str) -> None:
    (row,) = READERS[form](made(form, [(text, "", -7)]))
    assert not FORMULA.match(str(row[0]).strip(" \u200b\ufeff　") or ".")
    assert row[2] == "-7"  # a number is none


@given(text=hostile)
def test_a_row_of_tsv_is_a_line(text: str) -> None:
    assert made("tsv", [(text, text, 1)] * 3).count(b"\n") == 4


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "jsonl"])
@given(text=hostile)
def test_no_control_character_but_line_ends_and_tabs(form: str, text: str) -> None:
    shown = made(form, [(text, "", 0)]).decode()
    controls = (
        "[\x00-\x08\x0b\x0c\x0e-\x1f]"
        if form == "jsonl"
        else "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
    )
    assert not re.search(controls, shown)


def test_a_file_begins_with_a_mark_where_excel_needs_it(tmp_path: Path) -> None:
    sheet = Sheet("counts", ("word", "items"), [("川渝通办", 3)])
    bare = "word,items\r\n川渝通办,3\r\n".encode()
    for form, name, expected in (
        ("csv", "a.csv", b"\xef\xbb\xbf" + bare),
        ("csv-bom", "a.csv", bare),
        ("csv+bom", "a.csv", b"\xef\xbb\xbf" + bare),
        (None, "a.CSV", b"\xef\xbb\xbf" + bare),
        ("csv", "a.txt", b"\xef\xbb\xbf" + bare),
        ("md", "a.md", "| word | items |\n| --- | ---: |\n| 川渝通办 | 3 |\n".encode()),
        (None, "a.tsv", "\ufeffword\titems\n川渝通办\t3\n".encode()),
        (None, "a.ndjson", '{"word": "川渝通办", "items": 3}\n'.encode()),
    ):
        write(sheet, form, tmp_path / name)
        assert (tmp_path / name).read_bytes() == expected
