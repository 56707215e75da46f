"""What search ignores, character by character.

`fold` maps each character to one character, so that offsets in folded text are offsets in the
text; only white space and invisible characters are dropped, and cleaned text has none of those
but a single space between Latin letters or digits. The table (`folding.txt`: a line of characters,
a line of what each becomes) is OpenCC's traditional-to-simplified table taken one character at a
time, half and full width, compatibility ideographs, case, and one form of quote and of bracket.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

IGNORED = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\ufeff\uffa0"
).union(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Characters without a shape of their own, those that choose a variant of the one before among
them: never part of what is looked for."""


@cache
def table() -> dict[int, int]:
    """Code point to code point, for `str.translate`; characters that stay are not in it."""
    source, target = (
        Path(__file__).with_name("folding.txt").read_text(encoding="utf-8").splitlines()
    )
    return str.maketrans(source, target)


def is_latin(char: str) -> bool:
    """A letter or digit of a script that puts spaces between its words."""
    return char.isalnum() and char < "\u2e80"


def is_layout(char: str) -> bool:
    """White space, a control, or a character without a shape."""
    return char.isspace() or char in IGNORED or char < " " or "\x7f" <= char < "\xa0"


def fold_char(char: str) -> str:
    """One character to one character, whatever it is."""
    return chr(table().get(ord(char), ord(char)))


def fold_text(text: str) -> str:
    """Cleaned text folded; as long as `text`."""
    return text.translate(table())


def fold(text: str) -> str:
    """Any text folded: layout goes, except one space between Latin letters or digits."""
    folded = text.translate(table())
    if not any(map(is_layout, folded)):
        return folded
    kept: list[str] = []
    gap = False
    for char in folded:
        if is_layout(char):
            gap = gap or char not in IGNORED
            continue
        if gap and kept and is_latin(kept[-1]) and is_latin(char):
            kept.append(" ")
        kept.append(char)
        gap = False
    return "".join(kept)
