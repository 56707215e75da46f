"""Numbers in text by their value: 28 is 二十八, 39,000 is 3.9万 and 3万9千, 30% is 百分之三十.

`numbers` reads every number of a text, whatever it counts: 第28期 holds one as 28件 does.
`standing` finds a string whose numbers may be written otherwise: what is no number has to stand
there to the letter, and a number is only found whole, never in a longer one (28 not in 128, nor in
28.5).

Units are text. What a number is worth is said by `amounts`; here is only where one begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from chabao.indexer import numerals
from chabao.search import amounts

ZERO = "\u3007○零"
ONES = {1: "一", 2: "二两", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九", 0: ZERO}
"""How the digits are written in words; folded, so that 兩 is 两."""
POWERS = "十百千万亿"
_WORDS = "".join(ONES.values())
_DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?!,?[0-9])|[0-9]{1,3}(?: [0-9]{3})++(?! ?[0-9])|[0-9]++)"
    r"(?:\.[0-9]++(?!\.[0-9]))?"
)
_NUMBER = re.compile(
    rf"(?:(?<=[0-9]\.)[0-9]++|{_DIGITS})"
    rf"(?:[{POWERS}][{_WORDS}{POWERS}]*+(?:(?<=[{ZERO}{POWERS}]){_DIGITS})?)*+"
    rf"|[{_WORDS}{POWERS}]++(?:点[{_WORDS}]++(?:[百千]?[万亿]|千)?+(?![{_WORDS}{POWERS}]))?"
)
"""Digits, in groups of three or not, and what goes on after 万; or numerals in words. Of what has
several dots (2023.2.28) each piece is a number; words before digits (统一12345) are one apart."""
_MORE = re.compile("([余多来几])([十百千]?[万亿])")
"""20余万 is more than 200000, and not 20."""
_RATIOS = {"百分之": "%", "千分之": "‰"}
_SEVERAL = "数几好多上成"
"""What makes a power that follows a number of nobody knows how many: 数十, 几百, 上千."""
THOUSAND = 1000
"""What is less has no separator between its digits."""
YEAR = 4
"""Numerals, at least, that count as digits one after the other without a zero: 一九九八."""


class Worth(NamedTuple):
    """What a number says. `more` is 余, 多, 来 or 几 before its 万; `ratio` is %, ‰ or empty."""

    value: Decimal
    more: str = ""
    ratio: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]`, half-open, in code points of the folded text."""

    start: int
    end: int
    worth: Worth


def numbers(text: str) -> Iterator[Number]:
    """Every number of folded text, in order. A percentage is followed by its bare number."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        ratio = _RATIOS.get(text[max(0, start - 3) : start], "")
        value = _value(match[0], text[start - 1 : start], bool(ratio))
        if value is None:
            continue
        more = ""
        if large := _MORE.match(text, end):
            whole = amounts.value(_plain(match[0]) + large[2])
            if whole is not None:
                value, more, end = whole, large[1], large.end()
        if ratio:
            yield Number(start - 3, end, Worth(value, more, ratio))
        elif text[end : end + 1] in ("%", "‰"):
            yield Number(start, end + 1, Worth(value, more, text[end]))
        if match[0] not in POWERS[1:]:
            yield Number(start, end, Worth(value, more))


def _value(run: str, before: str, ratio: bool) -> Decimal | None:
    """What a run of digits or numerals is worth. 百 and 万 alone are words, but for 百分之百."""
    if run in POWERS[1:] and not ratio:
        return None
    if run[0] in POWERS and before and before in _SEVERAL:
        return None
    return _said(run)


@lru_cache(10_000)
def _said(run: str) -> Decimal | None:
    """The same few runs stand everywhere: reading each once is half the time."""
    value = amounts.value(_plain(run))
    if value is None and len(run) >= YEAR and not set(run) - set(_WORDS) - {"两"}:
        year = numerals.value(run)
        return None if year is None else Decimal(year)
    return value


def _plain(run: str) -> str:
    """A run as `amounts` reads it: ○ is a zero, and so is what stands before a point."""
    run = run.replace(" ", "").replace("○", "\u3007")
    return f"0{run[1:]}" if run[1:2] == "点" and run[0] in ZERO else run


Part = str | Worth


def parts(text: str) -> tuple[Part, ...]:
    """Folded text as what stands between its numbers, to the letter, and what these are worth."""
    found: list[Part] = []
    at = 0
    for number in numbers(text):
        if number.start < at:  # the bare number of a percentage
            continue
        if number.start > at:
            found.append(text[at : number.start])
        found.append(number.worth)
        at = number.end
    if at < len(text):
        found.append(text[at:])
    return tuple(found)


def standing(text: str, wanted: tuple[Part, ...]) -> Iterator[tuple[int, int]]:
    """Where `parts` of a string stand in folded text: half-open, in order. Without a number among
    them they stand nowhere."""
    known: dict[int, list[Number]] = {}
    for number in numbers(text):
        known.setdefault(number.start, []).append(number)
    first = next((at for at, part in enumerate(wanted) if isinstance(part, Worth)), None)
    if first is None:
        return
    before = "".join(map(str, wanted[:first]))
    for start in sorted(known):
        if text.endswith(before, 0, start):
            end = _end(text, start, wanted[first:], known)
            if end is not None:
                yield start - len(before), end


def _end(
    text: str, at: int, wanted: tuple[Part, ...], known: dict[int, list[Number]]
) -> int | None:
    """Where the parts end that begin at a place; None where they do not stand there."""
    for part in wanted:
        if isinstance(part, str):
            if not text.startswith(part, at):
                return None
            at += len(part)
        else:
            ends = [number.end for number in known.get(at, ()) if number.worth == part]
            if not ends:
                return None
            at = ends[0]
    return at


def openings(worth: Worth) -> tuple[str, str | None]:
    """Characters one of which every spelling of a number has as its first digit that is not zero,
    and those one of which comes next; None where anything may."""
    digits = "".join(map(str, worth.value.as_tuple().digits)).strip("0") or "0"
    first = digits[0] + ONES[int(digits[0])] + POWERS * (digits[0] == "1")
    if len(digits) == 1:
        return first, None
    grouped = ", " if worth.value >= THOUSAND else ""
    return first, digits[1] + ONES[int(digits[1])] + POWERS + ".点" + grouped
