"""What stands above the first heading: title, number, serial, publisher, date of issue, period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chabao.indexer import dates, labels
from chabao.indexer.bulletin import Days, Text
from chabao.indexer.cleanup import Line
from chabao.indexer.dates import Anchor
from chabao.indexer.numerals import HAN, value

NUMERAL = rf"(?:\d{{1,4}}|[{HAN}]{{1,5}})"
YEAR = rf"(?:\d{{4}}|[{HAN}]{{4}})"
NUMBER = re.compile(
    rf"[（(〔\[]?(?:[（(〔\[]?(?P<year>{YEAR})年?(?:度)?[）)〕\]]?)?(?:[总總]?第|(?<=[〕\]）)]))"
    rf"(?P<number>{NUMERAL})[期号號][）)〕\]]?"
)
DOCUMENT = re.compile("[发函字令办][〔（(\\[]\\d{4}[〕）)\\]]")
"""A document's number, which is no issue's: 国发〔2019〕4号."""
SERIAL = re.compile(rf"[，,（(]?[总總](?:第|期)?[:：]?(?P<serial>{NUMERAL})期?[）)]?")
TITLE = re.compile(
    "(?:[周週月季旬年日][报報]|半月[报報]|双周报|双月报|[简簡快专專通要摘][报報]|参阅|参考|动态|要情|专刊|"
    "信息|通讯|内参|公报|导刊|快讯|简讯|要闻|纪要|月刊|周刊)$"
)
MASTHEAD_ONLY = re.compile("(?:[周週月季旬年日简簡快专專要摘][报報]|专刊|月刊|周刊)$")
NOT_A_TITLE = re.compile("^关于|^印发|[。，；：！？,;:>|\u00bb\u203a]")
ORGANISATION = re.compile(
    "^[\u4e00-\u9fff（）()·、]{2,40}(?:中心|厅|局|委员会|委|办公室|政府|人民政府|处|院|会|集团|公司|"
    "办|部|组|署|馆|站|所|专班)(?:编印|主办|编|印|编制|印发)?$"
)
WHO = re.compile("^(?:主办单位?|编印单位?|编制单位?|承办单位?|编辑|发布单位?|主编单位?)[:：]?")
BY = re.compile("(?:编印|主办|编制|印发|编|印)$")
CLERICAL = re.compile(
    "^(?:内部(?:资料|刊物|文件|参考).*|[★☆]?(?:绝密|机密|秘密|公开|特急|加急|平急|急件).{0,8}"
    "|签发(?:人)?[:：].*|(?:责任)?编辑[:：].*|审核[:：].*|校对[:：].*|核稿[:：].*|(?:联系)?电话[:：].*"
    "|(?:主送|抄送|报送|报|送|发)[:：].*|份号.*|编号[:：].*|本期(?:共)?\\d+页|[（(]?(?:增刊|特刊|专刊)[）)]?)$"
)
BYLINE = re.compile(
    "(?:发布|发表|更新|录入|添加|上传)(?:时间|日期)|来源[:：]|字号[:：]"
    "|(?:浏览|点击|阅读|访问)(?:次数|量|数)[:：]"
)
"""What a web page says of itself: when it was put up, and how often it was read."""
BRACKETS = "（）()〔〕[]【】《》“”、·|｜—-－ ★☆"
REACH = 16
"""How many lines a header may have."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says; `number` and `year` are apart, because the year may stand elsewhere.

    `lines` counts the lines of the file that it takes; `posted` is the day on which a web page was
    put up, for want of a better date.
    """

    title: str | None = None
    number: int | None = None
    year: int | None = None
    serial: int | None = None
    publisher: str | None = None
    posted: date | None = None
    date: date | None = None
    period: str | None = None
    lines: int = 0


def read(lines: Sequence[Line]) -> Header:
    """The header with which a file begins; of no lines where none can be seen."""
    header = Header()
    loose: list[str] = []
    for at, line in enumerate(lines[:REACH]):
        if _is_body(line, lines[at + 1 :]):
            break
        whole = _with_cut_date(line, lines[at + 1 : at + 2])
        read_line = _read_line(whole, header)
        if read_line is None:
            if header.number is None:
                loose.append(line.chars)
        else:
            header = replace(read_line, lines=at + (1 if whole is line else 2))
    if header.title is None and header.number is not None:
        # Above the number stands the masthead, whatever it is called.
        names = [text for text in loose if 2 <= len(text) <= 24 and not NOT_A_TITLE.search(text)]
        header = replace(header, title=names[0] if names else None)
    return header


def running_title(lines: Sequence[Line]) -> str | None:
    """A publication's name that stands in the text because it stands at the head of pages: often
    with its characters apart, often with the number."""
    for line in lines:
        text = SERIAL.sub("", NUMBER.sub("", line.chars)) if line.repeated else line.chars
        if (line.spaced or line.repeated) and MASTHEAD_ONLY.search(text.strip(BRACKETS)):
            return text.strip(BRACKETS)
    return None


def repeats_title(text: str, title: str | None) -> bool:
    """Whether a line is a publication's title, alone or with its number: a page's head."""
    if not title or title not in text or len(text) > len(title) + 30:
        return False
    rest = SERIAL.sub("", NUMBER.sub("", text.replace(title, "", 1)))
    return not dates.FULL.sub("", rest).strip(BRACKETS + "0123456789")


def repeats_line(line: Line, head: Sequence[Line]) -> bool:
    """Whether a page begins with a line of the header: its number, above each page."""
    return line.top and len(line.text) > 3 and any(line.chars == each.chars for each in head)


def completed(header: Header, imprint: Sequence[Line]) -> Header:
    """A header with the publisher and the date that only the imprint has."""
    for line in imprint:
        day = dates.full_date(line.chars)
        if day is None:
            continue
        who = line.chars[: day[1]].strip(BRACKETS)
        if header.publisher is None and ORGANISATION.match(who):
            header = replace(header, publisher=who)
        if header.date is None:
            header = replace(header, date=day[0])
    return replace(header, date=header.date or header.posted)


def issue_number(header: Header, issued: date | None, period: Days | None) -> str | None:
    """第2期 with its year: the one that is printed, or that of the period and the date of issue.

    Where those are of two years, high numbers belong to the old and low ones to the new.
    """
    if header.number is None:
        return None
    years = [day.year for day in (*((period.first, period.last) if period else ()), issued) if day]
    year = header.year
    if year is None and years:
        year = max(years) if header.number <= 10 else min(years)
    return f"{year}年第{header.number}期" if year else f"第{header.number}期"


def period(header: Header, heading: str | None) -> Days | None:
    """The days covered: the header's range, else the month of the first section or the number."""
    anchor = _anchor(header)
    if header.period and (found := dates.period(header.period, anchor)):
        return found
    title = header.title or ""
    if title.endswith(("周报", "旬报", "日报", "半月报", "双周报")):
        return None
    for text in (header.period, heading):
        if text and (found := dates.months(text, header.date, None)):
            return found
    if header.number and title.endswith("月报") and header.number <= 12:
        return dates.months(f"{header.number}月", header.date, header.year)
    if heading and header.year and (found := dates.months(heading, header.date, header.year)):
        return found
    return None


def _anchor(header: Header) -> Anchor:
    """What is known of the time of an issue before its period is."""
    if header.date or not header.year:
        return Anchor(header.date)
    year = header.year
    if header.number and header.number <= 3:
        return Anchor(period=Days(date(year - 1, 12, 1), date(year, 4, 30)))
    return Anchor(period=Days(date(year, 1, 1), date(year, 12, 31)))


def _is_body(line: Line, following: Sequence[Line]) -> bool:
    """Whether the header has ended: a number before a heading, a sentence, a long line."""
    text = line.chars
    if CLERICAL.match(text) or _is_byline(text):
        return False
    if "。" in text or (line.width > 100 and not NUMBER.search(text)):
        return True
    return labels.read(text, text) is not None or (
        text.startswith("【") or (line.level > 1 and _is_plain_heading(text, following))
    )


def _is_byline(text: str) -> bool:
    return "。" not in text and len(text) <= 100 and BYLINE.search(text) is not None


def _is_plain_heading(text: str, following: Sequence[Line]) -> bool:
    return not (TITLE.search(text) or NUMBER.search(text) or dates.full_date(text))


def _read_line(line: Line, header: Header) -> Header | None:
    """A header with what a line adds; None where it is no line of a header."""
    text = line.chars
    found = header
    if _is_byline(text):
        day = dates.full_date(text)
        return replace(header, posted=header.posted or (day[0] if day else None))
    if DOCUMENT.search(text):
        return None
    if header.number is None and (match := NUMBER.search(text)):
        year = value(match["year"] or "")
        found = replace(found, number=value(match["number"]), year=year)
        text = _without(text, match)
    if header.serial is None and (serial := SERIAL.search(text)):
        found = replace(found, serial=value(serial["serial"]))
        text = _without(text, serial)
    if header.period is None and (covered := _period(text)):
        found = replace(found, period=covered)
        text = text.replace(covered, "")
    if header.date is None and (day := dates.full_date(text)):
        found = replace(found, date=day[0])
        text = text[: day[1]] + text[day[2] :]
    return _read_names(text, line.chars, found, changed=found is not header)


def _with_cut_date(line: Line, following: Sequence[Line]) -> Line:
    """A line with the next one, where that only ends its date."""
    if not following or len(following[0].text) > 3 or dates.full_date(line.chars):
        return line
    head, tail = line.text, following[0].text
    text = Text(head.chars + tail.chars, head.offsets + tail.offsets)
    return replace(line, text=text) if dates.full_date(text.chars) else line


def _read_names(text: str, whole: str, header: Header, *, changed: bool) -> Header | None:
    """What is left of a line: a title, a publisher, or words of no name."""
    rest = text.strip(BRACKETS)
    if not rest:
        return header if changed or not text else None
    beside = NUMBER.search(whole) is not None
    below = header.number is not None and not beside
    # What stands beside the number is more of a title than an entry of a menu above it.
    wanted = header.title is None or beside
    if wanted and len(rest) <= 30 and _is_title(rest, below=below):
        return replace(header, title=rest)
    who = BY.sub("", WHO.sub("", rest))
    if header.publisher is None and ORGANISATION.match(rest) and who:
        return replace(header, publisher=who)
    if WHO.match(rest):
        return replace(header, publisher=header.publisher or who)
    known = CLERICAL.match(whole) or rest in (header.title, header.publisher)
    return header if changed or known else None


def _is_title(text: str, *, below: bool) -> bool:
    """Whether a line names a publication; `below` its number, other lines may end like a title."""
    named = MASTHEAD_ONLY if below else TITLE
    return not NOT_A_TITLE.search(text) and named.search(text) is not None


def _period(text: str) -> str | None:
    """The part of a header line that names the period: a range, or a month that is no date."""
    if match := dates.RANGE.search(text):
        return match.group()
    if dates.full_date(text):
        return None
    bare = text.strip(BRACKETS)
    for pattern in (dates.QUARTER, dates.HALF, dates.MONTHS):
        if match := re.fullmatch(rf"(?:{pattern.pattern})份?", bare):
            return match.group()
    return None


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + text[match.end() :]
