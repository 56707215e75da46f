"""Text on a terminal: what may not reach it, how wide it is, and where a line may end."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

# C0 and C1 controls, separators of lines, bidirectional and invisible formatting, tags, surrogates
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_NARROW = re.compile("[\x20-\x7e]*")
_WORD = re.compile(r"[0-9A-Za-z_.%/:+@#&=?~'-]+| |.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？…—”’」』）】》〉〕〗»⟧,.;:!?)]}%％·～")
_NOT_LAST = frozenset("“‘「『（【《〈〔〖«⟦([{")


def clean(text: str) -> str:
    """`text` with every character that could steer a terminal replaced by U+FFFD, one for one."""
    return _UNSAFE.sub("\ufffd", text)


def width(text: str) -> int:
    """Columns that `text` takes. Ambiguous characters (“”, …, ①) count two, as in CJK fonts."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if char < "\x7f":
        return 1
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WFA" else 1


def fitted(text: str, columns: int) -> str:
    """The beginning of `text` that fits `columns`, with … where something is missing."""
    if width(text) <= columns:
        return text
    room = columns - 2
    for at, char in enumerate(text):
        room -= _columns(char)
        if room < 0:
            return text[:at] + "…"
    return text


def lines(text: str, columns: int) -> list[tuple[int, int]]:
    """`text` as lines of at most `columns`: half-open ranges, nothing lost.

    No line begins with a closing mark or ends with an opening one (避头尾), and no Latin word or
    number is broken, unless that would leave an empty line. White space at a break stays with the
    line before it and may stand in the margin.
    """
    ranges: list[tuple[int, int]] = []
    start = used = 0
    last_good = 0
    for token in _WORD.finditer(text):
        at, word = token.start(), token.group()
        if at > start and _may_begin(word) and text[at - 1] not in _NOT_LAST:
            last_good = at
        for place, char in enumerate(word, at):
            wide = _columns(char)
            while used + wide > columns and char != " " and place > start:
                end = last_good if last_good > start else place
                ranges.append((start, end))
                start = end
                used = width(text[start:place])
            used += wide
    if start < len(text) or not ranges:
        ranges.append((start, len(text)))
    return ranges


def _may_begin(word: str) -> bool:
    return word != " " and word[0] not in _NOT_FIRST
