"""Quotations as they are shown: what fits, what is marked, and what never reaches a terminal."""

from __future__ import annotations

import base64
import io
import re
import sys
from dataclasses import replace

import pytest

from chabao.search.engine import Index
from chabao.search.output import quotations as output
from chabao.search.output.citation import Form, Style
from chabao.search.output.screen import Screen
from chabao.search.output.text import width
from chabao.search.quotes import Quotations, quotations

HOSTILE = "甲\x1b[2J乙\x9b丙\u202e[/bold]|`}{\\。"


def lines(found: Quotations, on: Screen, style: Style = Style.GBT2025) -> list[str]:
    return list(output.page(found, style, Form.SERIAL, on))


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.fixture(scope="module")
def found(bundled: Index) -> Quotations:
    return quotations(bundled, "通办")


@pytest.fixture
def hostile(found: Quotations) -> Quotations:
    item = dict(found.rows[0].item) | {
        "text": HOSTILE, "title": HOSTILE, "publisher": HOSTILE, "section": [HOSTILE],
        "source": HOSTILE, "id": "aaaaaaaaaaaa", "lines": [[0, 1]],
    }  # fmt: skip
    row = replace(found.rows[0], item=item, start=0, end=len(HOSTILE), mentions=((0, 1),))
    return Quotations((row,), 1)


@pytest.mark.parametrize("columns", [24, 40, 80, 120])
def test_no_line_is_wider_than_the_screen(found: Quotations, columns: int) -> None:
    # a closing mark may hang in the margin, and a word is not broken
    assert all(width(line) <= columns for line in lines(found, Screen(columns)))


@pytest.mark.parametrize("columns", [40, 120, None])
def test_colours_change_no_character(found: Quotations, columns: int | None) -> None:
    coloured = lines(found, Screen(columns, colour=True))
    assert [plain(line) for line in coloured] == lines(found, Screen(columns))
    marked = re.findall(r"\x1b\[1;31m(.*?)\x1b\[0m", "\n".join(coloured))
    assert "".join(marked).replace("通办", "") == ""
    assert marked.count("通办") <= sum(len(row.mentions) for row in found.rows)


def test_a_pipe_gets_each_quotation_on_a_line(found: Quotations) -> None:
    made = lines(found, Screen())
    for at, row in enumerate(found.rows, 1):
        (line,) = [each for each in made if each.startswith(f"{at}. ")]
        assert row.quoted in line
    assert all(str(row.address) in "\n".join(made) for row in found.rows)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("form", Form)
def test_hostile_text_steers_nothing(hostile: Quotations, style: Style, form: Form) -> None:
    made = "\n".join(lines(hostile, Screen(80), style))
    made += output.document(hostile, style, form)
    if style is not Style.CSL:  # where JSON escapes them
        assert not set(made) & set("\x1b\x9b\u202e")
    assert "\x1b" not in made


def test_markdown_is_a_list_with_a_note_an_issue(found: Quotations) -> None:
    made = output.document(found, Style.MARKDOWN, Form.SERIAL)
    used = re.findall(r"^\d+\. .*\[\^(\d+)\]$", made, re.M)
    noted = re.findall(r"^\[\^(\d+)\]: ", made, re.M)
    assert len(used) == len(found.rows) and set(used) == set(noted)
    assert len(noted) == len(set(noted)) == len(found.references)
    assert all(f"`{row.address}`" in made for row in found.rows)


def test_a_bibliography_has_each_issue_once_with_its_quotations(found: Quotations) -> None:
    made = output.document(found, Style.BIBTEX, Form.REPORT)
    assert made.count("@techreport{") == len(found.references)
    assert all(str(row.address) in made for row in found.rows)
    made = output.document(found, Style.RIS, Form.SERIAL)
    assert made.count("ER  - ") == made.count("TY  - SER") == len(found.references)
    assert all(f"N1  - {row.quoted} {row.address}\n" in made for row in found.rows)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_handed_a_copy(found: Quotations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "")
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    assert output.quotations(found, Style.GBT2025, Form.SERIAL, "never", copy=True) == 0
    (data,) = re.findall("\x1b]52;c;([A-Za-z0-9+/=]+)\a", stream.getvalue())
    copied = base64.b64decode(data).decode("utf-8")
    assert copied == "".join(f"{line}\n" for line in lines(found, Screen()))
