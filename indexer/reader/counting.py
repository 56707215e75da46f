"""Numbers as Word prints them before paragraphs: 一 十二 壹 ① ⑴ a iv 甲.

The names of the formats are those of ST_NumberFormat (ECMA-376 part 1, 17.18.59).
"""

from __future__ import annotations

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MOST = 32767
"""The highest number that Word gives."""


def shown(number: int, form: str) -> str:
    """A number in one of Word's formats; as digits where the format is unknown or has no more."""
    if not 0 <= number <= MOST:
        return str(number)
    return FORMS.get(form, _decimal)(number)


def _decimal(number: int) -> str:
    return str(number)


def _spelled(number: int, digits: str, units: str) -> str:
    """三百零五, 一万二千: with units, zeros between them said once."""
    if number == 0:
        return "零"
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        head = _spelled(number // 10_000, digits, units) + "万" + gap
        return head + (_spelled(rest, digits, units) if rest else "")
    text = ""
    zero = False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (
                ("零" if zero and text else "") + digits[digit] + (units[power] if power else "")
            )
        zero = not digit
    return text


def _thousand(number: int) -> str:
    text = _spelled(number, DIGITS, " 十百千")
    return text.removeprefix("一") if 10 <= number < 20 else text


def _counting(number: int) -> str:
    return _thousand(number) if 0 < number < 100 else _digital(number)


def _legal(number: int) -> str:
    return _spelled(number, LEGAL, " 拾佰仟")


def _digital(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    if not number:
        return "0"
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text or "0"


def _from(first: str, most: int) -> Callable[[int], str]:
    """Numbers that are one character each, in a row."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= most else str(number)


def _circled(number: int) -> str:
    for first, last, char in ((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")):
        if first <= number <= last:
            return chr(ord(char) + number - first)
    return str(number)


def _among(names: str) -> Callable[[int], str]:
    return lambda number: names[number - 1] if 0 < number <= len(names) else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


FORMS: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "chineseCounting": _counting,
    "chineseCountingThousand": _thousand,
    "japaneseCounting": _thousand,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _thousand,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "koreanDigital2": _digital,
    "chineseLegalSimplified": _legal,
    "ideographTraditional": _among("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _among("子丑寅卯辰巳午未申酉戌亥"),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ordinal": lambda number: f"{number}.",
    "none": lambda number: "",
}
