"""However a bulletin is set, it is read the same: wrapped or not, with page numbers, in bold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer import parser, reader
from chabao.indexer.bulletin import Days, Issue
from chabao.indexer.cleanup import width

CORPUS = sorted(Path(__file__).parents[2].glob("corpus/*.txt"))
NO_LINE_START = "，。；：！？、”）》"
IMPRINT = ["报：中心领导。", "送：各相关省级部门（单位）。", "（共印80份）"]


@cache
def issue(path: Path) -> Issue:
    return parser.parse(reader.read(path), path.name)


def paragraphs(issue: Issue, *, bold: bool) -> Iterator[str]:
    """An issue as it is written, a paragraph at a time."""
    assert issue.date and issue.period
    yield from filter(None, [issue.title])
    yield f"{issue.number}" + (f"（总第{issue.serial}期）" if issue.serial else "")
    yield str(issue.publisher)
    yield f"{issue.date.year}年{issue.date.month}月{issue.date.day}日"
    first, last = issue.period.first, issue.period.last
    yield f"（{first.month}月{first.day}日—{last.month}月{last.day}日）"
    seen: tuple[str, ...] = ()
    for item in issue.items:
        for depth, heading in enumerate(item.section, 1):
            if item.section[:depth] != seen[:depth]:
                yield f"**{heading}**" if bold else heading
        seen = item.section
        yield item.label + item.text.chars


def wrapped(text: str, cells: int) -> Iterator[str]:
    """Lines as a word processor sets them: no number is cut, no line begins with a comma."""
    while text:
        end = used = 0
        while end < len(text) and used < cells:
            used += width(text[end])
            end += 1
        cut = end
        while 0 < cut < len(text) and _is_latin(text[cut]) and _is_latin(text[cut - 1]):
            cut -= 1
        cut = cut or end
        while cut < len(text) and text[cut] in NO_LINE_START:
            cut += 1
        yield text[:cut]
        text = text[cut:]


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".% ")


@given(
    path=st.sampled_from(CORPUS),
    cells=st.sampled_from([0, *range(40, 84, 2)]),
    indent=st.sampled_from(["", "\u3000\u3000", "    "]),
    blank=st.booleans(),
    page=st.sampled_from(["", "- {} -", "—{}—", "第{}页", "{}"]),
    page_lines=st.integers(12, 30),
    bold=st.booleans(),
)
def test_setting_makes_no_difference(
    path: Path, cells: int, indent: str, blank: bool, page: str, page_lines: int, bold: bool
) -> None:
    written = issue(path)
    lines: list[str] = []
    for at, text in enumerate(paragraphs(written, bold=bold and not cells)):
        text = indent + text if at > 4 else text
        lines += wrapped(text, cells) if cells else [text]
    printed: list[str] = []
    for number, start in enumerate(range(0, len(lines), page_lines), 1):
        printed += lines[start : start + page_lines]
        # A number alone on its line is a page's only where there are several.
        if page and (page != "{}" or len(lines) > 2 * page_lines):
            printed.append(page.format(number))
    found = parser.parse(("\n\n" if blank else "\n").join([*printed, *IMPRINT]), "")
    assert [(item.section, item.label, item.text.chars) for item in found.items] == [
        (item.section, item.label, item.text.chars) for item in written.items
    ]
    assert metadata(found) == metadata(written)


def metadata(issue: Issue) -> tuple[str | int | Days | None, ...]:
    return issue.title, issue.number, issue.serial, issue.publisher, issue.period
