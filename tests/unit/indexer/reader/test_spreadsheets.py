"""Workbooks: a line a row, numbers and days as they are shown."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from chabao.indexer.reader import spreadsheets
from chabao.indexer.reader.document import Unreadable
from chabao.indexer.reader.numberforms import shown
from chabao.tests.unit.indexer.reader import made


def text_of(data: bytes) -> str:
    (document,) = spreadsheets.documents(data, "a.xlsx")
    return document.text


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "办件统计"
    sheet.append(["部门", "受理", "办结率", "截至"])
    sheet.append(["文旅厅", 30880, 0.9987, date(2023, 1, 20)])
    sheet.append([])
    sheet.append([None, None, "合计"])
    sheet["B2"].number_format = "#,##0"
    sheet["C2"].number_format = "0.00%"
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    book.create_sheet("隐藏").append(["不显示"])
    book["隐藏"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_rows_are_lines_under_the_name_of_their_sheet() -> None:
    assert text_of(workbook()) == (
        "# 办件统计\n部门 | 受理 | 办结率 | 截至\n文旅厅 | 30,880 | 99.87% | 2023年1月20日\n合计\n"
    )


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("30880", "", "30880"),
        ("0.1", "General", "0.1"),
        ("0.30000000000000004", "", "0.3"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("0.9987", "0.0%", "99.9%"),
        ("12", '0"件"', "12件"),
        ("3", '"第"0"期"', "第3期"),
        ("-3", "0;(0)", "(3)"),
        ("0", '0;-0;"无"', "无"),
        ("44946", "yyyy/m/d", "2023/1/20"),
        ("44946", "yyyy-mm-dd;@", "2023-01-20"),
        ("44946", 'm"月"d"日"', "1月20日"),
        ("44946.5", "yyyy/m/d h:mm", "2023/1/20 12:00"),
        ("44946", '[$-804]yyyy"年"m"月"d"日";@', "2023年1月20日"),
        ("1234.5", "[$￥-804]#,##0.00", "￥1,234.50"),
        ("1.50", "0.##", "1.5"),
        ("2", "0.##", "2"),
        ("35000", "0.0,", "35.0"),
        ("1e999", "0", "1e999"),
        ("no number", "0", "no number"),
        ("44946", "[红色]0", "44946"),
    ],
)
def test_numbers_are_shown_as_their_formats_say(value: str, code: str, text: str) -> None:
    assert shown(value, code) == text


ODS = (
    '<d xmlns:table="t" xmlns:text="x" xmlns:office="o"><table:table table:name="统计">'
    "<table:table-row><table:table-cell><text:p>部门</text:p></table:table-cell>"
    '<table:table-cell table:number-columns-repeated="2"/><table:table-cell><office:annotation>'
    "<text:p>批注</text:p></office:annotation><text:p>99.87%</text:p></table:table-cell>"
    '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    "</table:table></d>"
)


def test_open_documents_hold_what_they_show() -> None:
    assert text_of(made.zipped({"content.xml": ODS})) == "# 统计\n部门 |  |  | 99.87%\n"


def test_two_cells_far_apart_take_no_room() -> None:
    sheet = (
        '<worksheet><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'
        '<row r="1048576">'
        '<c r="B1048576"><v>1</v></c><c r="XFD1048576" t="inlineStr"><is><t>乙</t></is></c></row>'
        "</worksheet>"
    )
    relation = '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
    files = {
        "xl/workbook.xml": '<workbook><sheet name="一" r:id="r1"/></workbook>',
        "xl/_rels/workbook.xml.rels": f"<R>{relation}</R>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    text = text_of(made.zipped(files))
    assert text.startswith("# 一\n甲\n1 |") and text.endswith("| 乙\n") and len(text) < 300


def test_what_is_no_workbook_is_refused() -> None:
    for data in (made.zipped({"a": "b"}), b"\xd0\xcf\x11\xe0" + bytes(600), workbook()[:-40]):
        with pytest.raises(Unreadable):
            text_of(data)
