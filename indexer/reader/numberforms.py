"""Numbers and days of workbooks as they are shown: by the codes of number formats.

The common ones (ECMA-376 part 1, 18.8.30 and 18.8.31): decimals, thousands, per cent, days, times,
with text before and after. What no rule knows is shown as General.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d",
    15: "d-mmm-yy", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that files name by number; in the Chinese locale, where 27 to 58 are days."""
PIECES = re.compile(
    r'"([^"]*)"|\\(.)|\[([^\]]*)\]|_.|\*.|([ymdhs]+|[#0?,.]+|%|AM/PM|.)', re.I | re.S
)
DIGITS = re.compile(r"(?:[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+),*")
EPOCH = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)
LAST_DAY = 2_958_466
"""The day after 9999-12-31."""


def shown(value: str, code: str, *, since_1904: bool = False) -> str:
    """A stored number as a format code shows it."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > 300:
        return value
    sections = _sections(code)
    section = sections[0]
    if number < 0 and len(sections) > 1 and sections[1]:
        section, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    if _is_day(section) and 0 <= number < LAST_DAY:
        return _day(float(number), section, since_1904)
    if section in ("", "@", "General", "G/通用格式"):
        return _general(number)
    return _number(number, section)


@lru_cache(1000)
def _sections(code: str) -> list[str]:
    """The parts of a code for what is above, below and at nought; ; within quotes parts none."""
    return re.sub(r'"[^"]*"', lambda found: found[0].replace(";", "\0"), code).split(";")


@lru_cache(1000)
def _tokens(section: str) -> list[tuple[str, bool]]:
    """Pieces of a section, and whether each is text to print as it is."""
    found: list[tuple[str, bool]] = []
    for match in PIECES.finditer(section):
        if match[1] is not None or match[2]:
            found.append(((match[1] or match[2] or "").replace("\0", ";"), True))
        elif match[3]:
            # [$￥-804] is a currency; [红色] and [>100] are not printed.
            found.append((match[3][1:].partition("-")[0] if match[3][0] == "$" else "", True))
            if match[3].lower().strip("hms") == "":
                found[-1] = (match[3], False)
        elif match[4]:
            found.append((match[4], False))
    return found


@lru_cache(1000)
def _is_day(section: str) -> bool:
    pieces = [text.lower() for text, literal in _tokens(section) if not literal]
    return any(piece.strip("ymdhs") == "" for piece in pieces if piece) and "general" not in (
        "".join(pieces)
    )


def _general(number: Decimal) -> str:
    """As cells without a format show it: eleven digits at most, nothing after them."""
    rounded = Decimal(f"{number:.11g}")
    text = f"{rounded:f}" if -12 < rounded.adjusted() < 16 else str(rounded)
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def _number(number: Decimal, section: str) -> str:
    tokens = _tokens(section)
    code = "".join(text for text, literal in tokens if not literal)
    found = DIGITS.search(code)
    if found is None:
        text = "".join(text for text, literal in tokens if literal)
        return _general(number) if code else text
    whole, _, fraction = found[0].rstrip(",").partition(".")
    places = min(len(fraction), 30)
    scaled = number * 100 ** code.count("%")
    scaled /= 1000 ** (len(found[0]) - len(found[0].rstrip(",")))
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    text = text.rstrip(".")
    before, after, seen = "", "", False
    for piece, literal in tokens:
        if literal or piece in "%+-()/ $￥¥€:":
            before, after = (before, after + piece) if seen else (before + piece, after)
        elif DIGITS.search(piece):
            seen = True
    return before + text + after


def _day(number: float, section: str, since_1904: bool) -> str:
    epoch = EPOCH_1904 if since_1904 else EPOCH
    when = epoch + timedelta(seconds=round(number * 86_400))
    text, hours = "", False
    twelve = "am/pm" in section.lower()
    tokens = _tokens(section)
    for at, (piece, literal) in enumerate(tokens):
        kind = piece.lower()
        if literal or kind.strip("ymdhs"):
            text += ("AM" if when.hour < 12 else "PM") if kind == "am/pm" else piece
            continue
        following = next(
            (p.lower() for p, lit in tokens[at + 1 :] if not lit and p.strip("-/:. ")), ""
        )
        if kind[0] == "m" and (hours or following.startswith("s")) and len(kind) < 3:
            value = when.minute
        elif kind[0] == "h":
            value = (when.hour % 12 or 12) if twelve else when.hour
        else:
            value = {"y": when.year, "m": when.month, "d": when.day, "s": when.second}[kind[0]]
        hours = kind[0] == "h"
        if kind[0] == "y":
            text += f"{value % 100:02}" if len(kind) < 3 else f"{value}"
        elif kind[0] in "md" and len(kind) > 2 and not hours:
            text += when.strftime("%b" if kind[0] == "m" else "%a")
        else:
            text += f"{value:02}" if len(kind) == 2 else f"{value}"
    return text.split("@")[0].rstrip(";")
