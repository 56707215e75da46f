"""Workbooks as another program reads them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from chabao.search.errors import CellTooLong, SheetTooLong
from chabao.search.output import workbook as made
from chabao.search.output.sheets import Cell, Sheet, write
from chabao.search.output.workbook import CHARACTERS, workbook


def page_of(sheet: Sheet) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(b"".join(workbook(sheet)))).worksheets[0]


def test_texts_are_texts_and_numbers_numbers() -> None:
    row = ("=1+1", "http://a.b", "007", 5, -2.5, None, True, 10**15, float("inf"), "")
    page = page_of(Sheet("mentions", tuple("abcdefghij"), [row]))
    cells = [(cell.data_type, cell.value) for cell in page[2]]
    assert cells == [
        ("s", "=1+1"), ("s", "http://a.b"), ("s", "007"), ("n", 5), ("n", -2.5), ("n", None),
        ("b", True), ("s", "1000000000000000"), ("s", "Infinity"), ("s", ""),
    ]  # fmt: skip
    assert not any(cell.hyperlink for cell in page[2])
    assert [cell.value for cell in page[1]] == list("abcdefghij")
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:J2"


def test_no_part_of_a_workbook_holds_a_formula_or_a_link() -> None:
    data = b"".join(workbook(Sheet("a", ("x",), [["=1+1"], ["=HYPERLINK(1)"], ["http://a"]])))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        text = b"".join(map(parts.read, parts.namelist()))
    assert b"<f>" not in text
    assert b"<hyperlink" not in text


@pytest.mark.parametrize("name", ["a[b]:c*d?e/f\\g", "'quoted'", "x" * 40, "办件量"])
def test_any_name_of_a_sheet(name: str) -> None:
    assert len(page_of(Sheet(name, ("x",), [])).title) <= 31


def test_the_longest_text_is_whole_and_a_longer_one_is_refused(tmp_path: Path) -> None:
    for longest in ("办" * CHARACTERS, "😀" * (CHARACTERS // 2)):
        sheet = Sheet("items", ("id", "text"), [["a", longest]])
        assert page_of(sheet)["B2"].value == longest
        target = tmp_path / "a.xlsx"
        target.write_bytes(b"old")
        longer = Sheet("items", ("id", "text"), [["a", "b"], ["a", longest + "😀"]])
        with pytest.raises(CellTooLong, match=r"row 3, text: .* holds 32767"):
            write(longer, "xlsx", target)
        assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_more_rows_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "ROWS", 4)
    assert page_of(Sheet("a", ("x",), [[1]] * 3)).max_row == 4
    with pytest.raises(SheetTooLong, match="more rows than the 3 "):
        list(workbook(Sheet("a", ("x",), [[1]] * 4)))


def test_rows_wait_on_disk_and_nothing_is_left_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[list[Cell]]:
        for number in range(100):
            yield [number]
        assert list(tmp_path.iterdir())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(workbook(Sheet("a", ("x",), broken())))
    assert not list(tmp_path.iterdir())
    list(workbook(Sheet("a", ("x",), [[1]])))
    assert not list(tmp_path.iterdir())
