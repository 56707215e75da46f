"""Words for dates to days: 2023Q1, 上半年, 近三个月, 二〇二三年二月, a..b.

A phrase without a year means the latest one that has begun; in a range, the one that follows the
range's beginning. What was understood is said back, so a guess is never silent.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from chabao.indexer.bulletin import Days


class Range(NamedTuple):
    """Days from `first` to `last`, both in it; None is open."""

    first: date | None
    last: date | None


class Phrase(NamedTuple):
    """A date as it was written: the days it is in a year, and the year where one is named."""

    year: int | None
    days_in: Callable[[int], Days]


LONGEST = 64
"""Characters a phrase may have: no date needs more."""

NUMERALS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")}
NUMERALS |= {"\u3007": "0", "○": "0", "两": "2"}
RANGE = re.compile(r"\.\.+|至|到|[—–―]+|~")
LISTED = re.compile(r"(?<!\d)(\d{1,2})(?=(?:-|\.\.+|至|到|[—–―]+|~)\d{1,2}(月|日|号))")
"""The first number of 1-3月 and 8至10日, which lends its unit from the second."""

YEAR = r"(?:(?P<year>\d{4})(?:年度?)?|(?P<short>\d\d)年)"
FORMS = [
    re.compile(form)
    for form in (
        YEAR + r"(?:全年)?",
        YEAR + r"?-?(?:(?P<half>[上下])半年|H(?P<h>[12]))",
        YEAR + r"?-?(?:第?(?P<quarter>[1-4])季度?|Q(?P<q>[1-4]))",
        YEAR + r"?(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]?|(?P<tenth>[上中下])旬)?",
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)?",
    )
]
YEARS_BACK = {"今": 0, "本": 0, "去": 1, "上": 1, "前": 2, "明": -1}
RECENT = re.compile(r"(?:最近|近|过去)(\d{1,3}|半)个?(年|季度|月|星期|周|天|日)")
IN_MONTHS = {"年": 12, "季度": 3, "月": 1}
IN_DAYS = {"星期": 7, "周": 7, "天": 1, "日": 1}


def days(text: str, today: date) -> Range | None:
    """The days that a phrase means on the day `today`; None where it is no date."""
    if len(text) > LONGEST:
        return None
    try:
        return span(plain(text), today)
    except (ValueError, OverflowError):
        return None


def plain(text: str) -> str:
    """One way to write each thing: no white space, half width, Arabic digits."""
    text = unicodedata.normalize("NFKC", "".join(text.split())).upper()
    return re.sub(r"[零一二三四五六七八九〇○两十]+", lambda run: arabic(run[0]), text)


def arabic(numeral: str) -> str:
    """二〇二三 → 2023, 十二 → 12, 三十一 → 31."""
    tens, ten, ones = numeral.partition("十")
    tens = "".join(NUMERALS.get(char, char) for char in tens)
    ones = "".join(NUMERALS.get(char, char) for char in ones)
    return str(int(tens or 1) * 10 + int(ones or 0)) if ten else tens


def span(text: str, today: date) -> Range | None:
    """A single phrase, one open at an end, or two with a range sign between."""
    text = LISTED.sub(r"\1\2", absolute(text, today))
    if whole := read(text, today):
        found = resolve(whole, today)
        return Range(found.first, found.last)
    if sign := re.match(r"[<>]=?|[≥≤]", text):
        return open_ended(read(text[sign.end() :], today), sign[0], today)
    if since := re.fullmatch(r"(.+?)(以来|以后|起|以前|之前)", text):
        return open_ended(read(since[1], today), "<" if since[2][-1] == "前" else ">=", today)
    if sign := RANGE.search(text):
        return between(text[: sign.start()], text[sign.end() :], today)
    for sign in re.finditer("-", text):
        if both := between(text[: sign.start()], text[sign.end() :], today, closed=True):
            return both
    return None


def open_ended(phrase: Phrase | None, sign: str, today: date) -> Range | None:
    if phrase is None:
        return None
    found, day = resolve(phrase, today), timedelta(days=1)
    return {
        ">": Range(found.last + day, None),
        "<": Range(None, found.first - day),
        "<=": Range(None, found.last),
        "≤": Range(None, found.last),
    }.get(sign, Range(found.first, None))


def between(left: str, right: str, today: date, closed: bool = False) -> Range | None:
    """From the first day of `left` to the last of `right`; each lends the other what it lacks."""
    if not (left and right):
        side = read(left or right, today)
        if side is None or closed:
            return None
        found = resolve(side, today)
        return Range(found.first, None) if left else Range(None, found.last)
    first = read(left, today)
    if first is None:
        return None
    if re.fullmatch(r"\d{1,2}[日号]", right):
        right = f"{resolve(first, today).first.month}月{right}"
    last = read(right, today)
    if last is None:
        return None
    if last.year is not None:
        end = last.days_in(last.year)
        start = resolve(first, end.last)
    else:
        start = resolve(first, today)
        end = last.days_in(start.first.year)
        if end.last < start.first:
            end = last.days_in(start.first.year + 1)
    return Range(min(start.first, end.first), max(start.last, end.last))


def absolute(text: str, today: date) -> str:
    """Words that count from today (去年, 上月, 昨天) made into dates."""
    year, month = today.year, today.month
    before = date(year, month, 1) - timedelta(days=1)
    quarter = (month - 1) // 3
    earlier = (year, quarter) if quarter else (year - 1, 4)
    text = re.sub("[今本去上前明]年", lambda word: f"{year - YEARS_BACK[word[0][0]]}年", text)
    for words, meaning in (
        ("本季度|这个?季度", f"{year}年{quarter + 1}季度"),
        ("上个?季度", f"{earlier[0]}年{earlier[1]}季度"),
        ("本月份?|这个月|当月", f"{year}年{month}月"),
        ("上个?月份?", f"{before.year}年{before.month}月"),
        ("今[天日]|当[天日]|(?<=至)今$", today.isoformat()),
        ("昨[天日]", (today - timedelta(days=1)).isoformat()),
        ("前[天日]", (today - timedelta(days=2)).isoformat()),
    ):
        text = re.sub(words, meaning, text)
    return text


def read(text: str, today: date) -> Phrase | None:
    """One phrase without a range sign."""
    if found := counted(text, today):
        return Phrase(today.year, lambda year: found)
    for form in FORMS:
        if match := form.fullmatch(text):
            parts = {name: value for name, value in match.groupdict().items() if value}
            named = parts.get("year") or ("20" + parts["short"] if "short" in parts else None)
            return Phrase(int(named) if named else None, partial(calendar_days, parts=parts))
    return None


def counted(text: str, today: date) -> Days | None:
    """近三个月, 近半年, 近7天, 本周, 上周: days counted from today."""
    if week := re.fullmatch("(本|这|上)个?(?:周|星期)", text):
        monday = today - timedelta(days=today.weekday() + (7 if week[1] == "上" else 0))
        return Days(monday, monday + timedelta(days=6))
    recent = RECENT.fullmatch(text)
    if recent is None:
        return None
    number, unit = recent.groups()
    if unit in IN_DAYS:
        if number == "半":
            return None
        return Days(today - timedelta(days=int(number) * IN_DAYS[unit] - 1), today)
    months = IN_MONTHS[unit] // 2 if number == "半" else int(number) * IN_MONTHS[unit]
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return Days(date(year, month + 1, day), today) if months else None


def calendar_days(year: int, parts: dict[str, str]) -> Days:
    """The days of a year, half, quarter, month, third of a month or day; ValueError if none."""
    if "day" in parts:
        day = date(year, int(parts["month"]), int(parts["day"]))
        return Days(day, day)
    if "month" in parts:
        month = int(parts["month"])
        start, end = {"上": (1, 10), "中": (11, 20), "下": (21, 0), "": (1, 0)}[
            parts.get("tenth", "")
        ]
        return Days(date(year, month, start), date(year, month, end or monthrange(year, month)[1]))
    first, length = 1, 12
    if quarter := parts.get("quarter") or parts.get("q"):
        first, length = int(quarter) * 3 - 2, 3
    elif half := parts.get("half") or parts.get("h"):
        first, length = (1 if half in "上1" else 7), 6
    last = first + length - 1
    return Days(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def resolve(phrase: Phrase, today: date) -> Days:
    """The phrase in its own year, or else the latest that has begun by `today`."""
    if phrase.year is not None:
        return phrase.days_in(phrase.year)
    found = phrase.days_in(today.year)
    return found if found.first <= today else phrase.days_in(today.year - 1)
