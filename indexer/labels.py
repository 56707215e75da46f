"""Numbers before headings and items: 一、 （二） 1. （3） ① 第一章 第二条, each a style.

A number is a label only where it can be one: at the start of a line, after something that has
ended, and where it is the first or the next of its style. A line that happens to begin with 3.5万
or with 一、二级公路 is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from chabao.indexer.numerals import HAN, value


class Style(StrEnum):
    """How a label is written; in the order in which official documents nest them."""

    PART = "第一部分"
    CHAPTER = "第一章"
    SECTION = "第一节"
    ARTICLE = "第一条"
    HAN = "一、"
    HAN_BRACKET = "（一）"
    ARABIC = "1."
    ARABIC_BRACKET = "（1）"
    CIRCLED = "①"


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line; `length` counts its characters there.

    `doubtful` says that it may be a decimal: 2.5 in 2.5个.
    """

    style: Style
    number: int
    length: int
    shown: str
    doubtful: bool = False


NUMERAL = rf"(?:[{HAN}]{{1,4}}|\d{{1,3}})"
UNITS = "月年日号时点家项名户位人件条种台所部大余次起场批届级类"
COUNTED = rf"\d{{4}}年|\d{{1,3}}(?:[{UNITS}]|个(?!百分点))"
FORMS = (
    (Style.PART, re.compile(rf"第({NUMERAL})(?:部分|编|篇)[、：:．.]?")),
    (Style.CHAPTER, re.compile(rf"第({NUMERAL})章[、：:．.]?")),
    (Style.SECTION, re.compile(rf"第({NUMERAL})节[、：:．.]?")),
    (Style.ARTICLE, re.compile(rf"第({NUMERAL})条(?:之[{HAN}])?[、：:．.]?(?!第|规定|款)")),
    (Style.HAN, re.compile(rf"([{HAN}]{{1,4}})[、．.]")),
    (Style.HAN_BRACKET, re.compile(rf"[（(〔]([{HAN}]{{1,4}})[）)〕]、?")),
    (Style.HAN_BRACKET, re.compile("([㈠-㈩])")),
    (Style.ARABIC, re.compile(r"(\d{1,3})[.．、](?!\d)")),
    (Style.ARABIC, re.compile(rf"(\d{{1,2}})[.．、](?={COUNTED})")),
    (Style.ARABIC, re.compile("([⒈-⒛])")),
    (Style.ARABIC_BRACKET, re.compile(r"[（(](\d{1,3})[）)]、?")),
    (Style.ARABIC_BRACKET, re.compile(r"(\d{1,2})[）)]")),
    (Style.ARABIC_BRACKET, re.compile("([⑴-⒇])")),
    (Style.CIRCLED, re.compile("([①-⑳㉑-㉟❶-❿➀-➉])")),
)
DECIMAL = re.compile(r"\d+[.．]\d+(?!\d|月|日|年)")
SPACED_POINT = re.compile(r"(\d{1,3})[.．]\s+\d")
FULL_WIDTH = str.maketrans("()", "（）")


def read(text: str, raw: str) -> Label | None:
    """The label with which a line begins. `raw` is the line as it stands in the source: a space
    after the point tells 1. 10月 from 1.10万."""
    spaced = SPACED_POINT.match(raw)
    for style, form in FORMS:
        match = form.match(text)
        if match is None and style is Style.ARABIC and spaced:
            match = re.match(rf"({spaced[1]})[.．]", text)
        if match is None:
            continue
        number = _number(match[1])
        if number is not None:
            doubtful = DECIMAL.match(text) is not None and spaced is None
            shown = match.group().translate(FULL_WIDTH)
            return Label(style, number, match.end(), shown, doubtful)
    return None


def _number(text: str) -> int | None:
    if (number := value(text)) is not None:
        return number
    if "❶" <= text <= "❿" or "➀" <= text <= "➉":
        return (ord(text) - ord("❶")) % 10 + 1
    return value(normalize("NFKC", text).strip("().（）"))


@dataclass(slots=True)
class Sequence:
    """Which labels have been read, so that the next of each style is known."""

    last: dict[Style, int]

    def accepts(self, label: Label, *, clean: bool, ended: bool) -> bool:
        """Whether a number at the start of a line is a label.

        `clean` says that what stands before does not run on, `ended` that it ended a sentence.
        """
        before = self.last.get(label.style)
        follows = before is not None and label.number == before + 1
        first = label.number == 1
        if label.doubtful and not clean:
            return False
        return follows or (clean and (first or before is not None)) or ended

    def enter(self, label: Label) -> None:
        self.last[label.style] = label.number
