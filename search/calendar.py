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

from chabao.indexer import numerals
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

SIGN = r"(?:\.\.+|至|到|[—–―]+|~)"
RANGE = re.compile(SIGN)
LISTED = re.compile(rf"(?<![\dQH./-])(\d{{1,2}})(?=(?:-|{SIGN})\d{{1,2}}(月|日|号|季))")
"""The first number of 1-3月, 8至10日 and 1至3季度, which lends its unit from the second."""
BESIDE = re.compile(r"(?<!\d)(\d{1,2})月?[、和与及,](\d{1,2})月")
"""1、2月: a range only where the two months are neighbours."""
PAIR = re.compile("([一二三四五六七八九])([一二三四五六七八九])月")
"""一二月 is January and February, and no twelfth month."""
SHORT = str.maketrans({"两": "二", "廿": "二十", "卅": "三十"})
ENDS = re.compile(r"((?:\d{4}年)?)年?(?<=年)([初底末])")
"""年初 is January, 年底 December."""
WITHIN = re.compile(r"(?:最近|近|过去)?(\d{1,3}个?|半个?)(年半?|季度?|月|星期|周|天|日)[以之]?内")
SINCE = re.compile(r"(.+?)(及?)(以来|以后|之后|起|以前|之前|(?<=[年月日号天周季])[来前后])")
UNTIL = re.compile("(?:截至|截止到?|直到)(.+)")

YEAR = r"(?:(?P<year>\d{4})(?:年度?)?|(?P<short>\d\d)(?:年|(?=[QH])))"
FORMS = [
    re.compile(form)
    for form in (
        YEAR + r"(?:全年)?",
        YEAR + r"?-?(?:(?P<half>[上下])半年|H(?P<h>[12]))",
        YEAR + r"?-?(?:第?(?P<quarter>[1-4])个?季度?|Q(?P<q>[1-4]))",
        YEAR + r"?前(?P<quarters>[1-4])个?季度?",
        YEAR + r"前(?P<months>\d{1,2})个?月",
        YEAR + r"?(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]?|(?P<tenth>[上中下初底末])旬?)?",
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)?",
    )
]
YEARS_BACK = {"今": 0, "本": 0, "去": 1, "上": 1, "前": 2, "当": 0, "明": -1}
RECENT = re.compile(r"(?:最近|近|过去)(\d{1,3}|半)个?(年半?|季度?|月|星期|周|天|日)")
WEEKDAY = "[1-7日天]"
DAYS_OF_WEEK = re.compile(
    rf"([本这上])(?:周|星期)({WEEKDAY})(?:(-|{SIGN})(?:周|星期)({WEEKDAY}))?(?!\d)"
)
IN_MONTHS = {"年": 12, "季": 3, "月": 1}
HALF_MONTH = "15"
LEAP = 8
"""Years between two days 29 February, at most."""
IN_DAYS = {"星期": 7, "周": 7, "天": 1, "日": 1}


THIRDS = {"": (1, 0), "上": (1, 10), "初": (1, 10), "中": (11, 20)}
THIRDS |= dict.fromkeys("下底末", (21, 0))
"""First and last day of a third of a month; 0 is the month's last."""


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
    text = unicodedata.normalize("NFKC", "".join(text.split())).upper().translate(SHORT)
    text = PAIR.sub(lambda pair: f"{months(pair, '至')}月", text)
    text = BESIDE.sub(lambda pair: f"{months(pair, '月至')}月", numerals.arabic(text))
    text = re.sub("(?<=[上这本])1个?(?=[年季月周星])|个(?=星期|周)", "", text)
    return WITHIN.sub(lambda within: f"近{within[1]}{within[2]}", text)


def months(pair: re.Match[str], sign: str) -> str:
    """Two months side by side as a range; ValueError where they are not neighbours."""
    first, last = (numerals.value(text) for text in pair.groups())
    if first is None or last != first + 1:
        raise ValueError(pair[0])
    return f"{first}{sign}{last}"


def span(text: str, today: date) -> Range | None:
    """A single phrase, one open at an end, or two with a range sign between."""
    text = LISTED.sub(r"\1\2", absolute(text, today))
    if whole := read(text, today):
        found = resolve(whole, today)
        return Range(found.first, found.last)
    if text[:1] in {"自", "从"}:
        rest = text.lstrip("自从")
        return open_ended(read(rest, today), ">=", today) or span(rest, today)
    if compared := re.match(r"[<>]=?|[≥≤]", text):
        return open_ended(read(text[compared.end() :], today), compared[0], today)
    if since := SINCE.fullmatch(text):
        before = "<=" if since[2] else "<"
        return open_ended(read(since[1], today), before if since[3][-1] == "前" else ">=", today)
    if until := UNTIL.fullmatch(text):
        return open_ended(read(until[1], today), "<=", today)
    if sign := RANGE.search(text):
        return between(text[: sign.start()], text[sign.end() :], today)
    for hyphen in re.finditer("-", text):
        if both := between(text[: hyphen.start()], text[hyphen.end() :], today, closed=True):
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
    last = read(lent(left, right, resolve(first, today).first), today)
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


def lent(left: str, right: str, first: date) -> str:
    """The right side of a range with what its left side, which begins on `first`, says for both."""
    if re.fullmatch(r"\d{1,2}[日号]", right):
        return f"{first.month}月{right}"
    if following := re.fullmatch("(?:次年|翌年|第2年)(.*)", right):
        return f"{first.year + 1}年{following[1]}"
    whole = re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}", left)
    if whole and re.fullmatch(rf"\d{{1,2}}(?:\{whole[1]}\d{{1,2}})?", right):
        kept = left.split(whole[1])[: 1 if whole[1] in right else 2]
        return whole[1].join([*kept, right])
    return right


def absolute(text: str, today: date) -> str:
    """Words that count from today (去年, 上月, 昨天) made into dates."""
    year, month = today.year, today.month
    before = date(year, month, 1) - timedelta(days=1)
    quarter = (month - 1) // 3
    earlier = (year, quarter) if quarter else (year - 1, 4)
    text = DAYS_OF_WEEK.sub(lambda days: weekdays(days, today), text)
    text = text.replace("大前年", f"{year - 3}年")
    text = re.sub("[今本去上前明当]年", lambda word: f"{year - YEARS_BACK[word[0][0]]}年", text)
    text = ENDS.sub(lambda end: f"{end[1]}{1 if end[2] == '初' else 12}月", text)
    for words, meaning in (
        ("[本这]个?季度?", f"{year}年{quarter + 1}季度"),
        ("上个?季度?", f"{earlier[0]}年{earlier[1]}季度"),
        ("本月份?|这个月|当月", f"{year}年{month}月"),
        ("上个?月份?", f"{before.year}年{before.month}月"),
        ("今[天日]|当[天日]|(?<=至)今$", today.isoformat()),
        ("昨[天日]", (today - timedelta(days=1)).isoformat()),
        ("前[天日]", (today - timedelta(days=2)).isoformat()),
    ):
        text = re.sub(words, meaning, text)
    return text


def weekdays(days: re.Match[str], today: date) -> str:
    """上周一至周五 as dates."""
    monday = today - timedelta(days=today.weekday() + (7 if days[1] == "上" else 0))
    numbers = [("1234567".find(day) if day.isdigit() else 6) for day in days.group(2, 4) if day]
    return (days[3] or "").join((monday + timedelta(days=at)).isoformat() for at in numbers)


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
    if number == "半":
        if unit not in {"年", "月"}:
            return None
        number, unit = ("6", "月") if unit == "年" else (HALF_MONTH, "天")
    if unit in IN_DAYS:
        count = int(number) * IN_DAYS[unit]
        return Days(today - timedelta(days=count - 1), today) if count else None
    count = int(number) * IN_MONTHS[unit[0]] + 6 * (unit == "年半")
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return Days(date(year, month + 1, day), today) if count else None


def calendar_days(year: int, parts: dict[str, str]) -> Days:
    """The days of a year, half, quarter, month, third of a month or day; ValueError if none."""
    if "day" in parts:
        day = date(year, int(parts["month"]), int(parts["day"]))
        return Days(day, day)
    if "month" in parts:
        month = int(parts["month"])
        start, end = THIRDS[parts.get("tenth", "")]
        return Days(date(year, month, start), date(year, month, end or monthrange(year, month)[1]))
    first, length = 1, 12
    if quarter := parts.get("quarter") or parts.get("q"):
        first, length = int(quarter) * 3 - 2, 3
    elif quarters := parts.get("quarters"):
        length = int(quarters) * 3
    elif begun := parts.get("months"):
        length = int(begun)
    elif half := parts.get("half") or parts.get("h"):
        first, length = (1 if half in "上1" else 7), 6
    last = first + length - 1
    return Days(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def resolve(phrase: Phrase, today: date) -> Days:
    """The phrase in its own year, or else the latest that has begun by `today`."""
    if phrase.year is not None:
        return phrase.days_in(phrase.year)
    for year in range(today.year, today.year - LEAP - 1, -1):
        try:
            found = phrase.days_in(year)
        except ValueError:  # 29 February
            continue
        if found.first <= today:
            return found
    raise ValueError(phrase)
