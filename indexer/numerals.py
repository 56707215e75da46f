"""Numbers as bulletins write them: 12, 十二, 二零二三."""

from __future__ import annotations

import re

HAN = "\u3007零○一二三四五六七八九十百"
DIGITS = {
    **dict(zip("一二三四五六七八九", range(1, 10), strict=True)),
    "\u3007": 0,
    "零": 0,
    "○": 0,
}


def value(text: str) -> int | None:
    """The number that digits or Chinese numerals stand for; None where they are none."""
    if text.isdecimal():
        return int(text)
    if not text or any(char not in HAN for char in text):
        return None
    if not set(text) & set("十百"):
        return int("".join(str(DIGITS[char]) for char in text))
    total = current = 0
    for char in text:
        if char in DIGITS:
            current = DIGITS[char]
        else:
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
    return total + current


def arabic(text: str) -> str:
    """The text with its Chinese numerals in digits: 二〇二三年十二月 is 2023年12月."""
    return re.sub(f"[{HAN}]+", lambda run: str(value(run[0])), text)
