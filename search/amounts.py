"""What a written number is worth: 30880, 3.9万, 3万5千, 三万五千, 三点五亿, as an exact decimal."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from chabao.indexer.numerals import DIGITS

NUMERALS = "\u3007零一二两三四五六七八九十百千万亿"
"""Characters of a number in words, folded: 萬 and 億 are 万 and 亿."""
SMALL = {"十": 1, "百": 2, "千": 3}
LARGE = {"万": 4, "亿": 8}
"""Powers of ten."""
LONGEST = 40
"""Characters; what is longer is no number that anybody counted."""
_EXACT = Context(prec=200)
_WORDS = DIGITS | {"两": 2}
_TOKEN = re.compile(
    rf"(?P<digits>[0-9]+(?:\.[0-9]+)?)|点(?P<point>[{NUMERALS[:12]}]+)|(?P<char>[{NUMERALS}])"
)
_POSITIONAL = re.compile(rf"[{NUMERALS[:12]}]{{2,}}")


def value(text: str) -> Decimal | None:
    """The number that folded text without white space stands for; None where it is none.

    Thousands separators are left out. 百 and 万 alone are 100 and 10000 (近百件); 三万五 is 35000.
    Digits one after the other are a number only with a zero among them: 二〇二三, not 两三.
    """
    text = text.replace(",", "")
    if not text or len(text) > LONGEST:
        return None
    if _POSITIONAL.fullmatch(text):
        return _positional(text)
    return _Reading().of(text)


def _positional(text: str) -> Decimal | None:
    if not set(text) & {"零", "\u3007"}:
        return None
    if text[0] in "零\u3007" and len(text) == 2:
        return None
    return Decimal("".join(str(_WORDS[char]) for char in text))


class _Reading:
    """A number read from the left: units of a group of four digits, then 万 and 亿."""

    def __init__(self) -> None:
        self.total = self.group = Decimal(0)
        self.digit: Decimal | None = None
        self.small = self.large = 99  # the last powers, which must fall
        self.power: int | None = None  # of the character before, for 三万五
        self.colloquial = False

    def of(self, text: str) -> Decimal | None:
        at = 0
        for token in _TOKEN.finditer(text):
            if token.start() != at or not self._take(token):
                return None
            at = token.end()
        if at != len(text):
            return None
        last = self.digit or Decimal(0)
        if self.colloquial and self.power is not None and self.power > 1:
            last = last.scaleb(self.power - 1, _EXACT)
        return self._sum(self.total, self.group, last)

    def _take(self, token: re.Match[str]) -> bool:
        char = token["char"]
        if token["digits"]:
            if self.digit is not None:
                return False
            self.digit, self.colloquial = Decimal(token["digits"]), False
        elif token["point"]:
            fraction = "".join(str(_WORDS[each]) for each in token["point"])
            if self.digit is None and not self.group:
                return False
            self.digit = self._sum(self.digit or Decimal(0), Decimal(f"0.{fraction}"))
            self.colloquial = False
        elif char in SMALL:
            return self._small(SMALL[char])
        elif char in LARGE:
            return self._large(LARGE[char])
        else:
            return self._word(char)
        return True

    def _word(self, char: str) -> bool:
        if self.digit is not None:
            return False
        if char in "零\u3007":
            self.power = None
            return True
        self.digit = Decimal(_WORDS[char])
        self.colloquial = self.power is not None
        return True

    def _small(self, power: int) -> bool:
        if power >= self.small:
            return False
        digit = Decimal(1) if self.digit is None else self.digit
        self.group = self._sum(self.group, digit.scaleb(power, _EXACT))
        self.small = self.power = power
        self.digit = None
        return True

    def _large(self, power: int) -> bool:
        if power == self.large:
            return False
        bare = self.digit is None and not self.group
        group = self._sum(self.group, self.digit or Decimal(0))
        if power == 8:
            whole = Decimal(1) if bare and not self.total else self._sum(self.total, group)
            self.total = whole.scaleb(8, _EXACT)
        else:
            one = Decimal(1) if bare else group
            self.total = self._sum(self.total, one.scaleb(4, _EXACT))
        self.group, self.digit = Decimal(0), None
        self.small, self.large, self.power = 99, power, power
        return True

    @staticmethod
    def _sum(*parts: Decimal) -> Decimal:
        total = Decimal(0)
        for part in parts:
            total = _EXACT.add(total, part)
        return total


def written(number: Decimal) -> str:
    """A decimal in digits, without an exponent and without zeros that say nothing."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
