"""Pinyin without tones: the characters of a syllable, the syllables of a character.

`pinyin.txt` has a line for each syllable: its letters, then the characters that have it for one of
their readings. It was made once, so neither an index nor a lookup works out pronunciations.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
"""Initials that many speakers do not tell apart, the rarer spelling first."""
ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
"""Finals likewise."""
MOST_READINGS = 16
"""Ways to cut letters into syllables that are looked at: xian is xian and xi'an."""


@cache
def table() -> dict[str, str]:
    """The characters of each syllable, folded ones only; ü is written v."""
    text = Path(__file__).with_name("pinyin.txt").read_text(encoding="utf-8")
    pairs = (line.partition(" ") for line in text.splitlines()[1:])
    return {syllable: chars for syllable, _, chars in pairs}


def syllables(char: str) -> list[str]:
    """All readings of a folded character, none if it is no Chinese one."""
    if char < "\u4e00":
        return []
    return [syllable for syllable, chars in table().items() if char in chars]


@cache
def initial(letter: str) -> frozenset[str]:
    """The characters one of whose readings begins with a letter."""
    return frozenset(
        char for syllable, chars in table().items() if syllable[0] == letter for char in chars
    )


def sounding(readings: Iterable[str]) -> frozenset[str]:
    """The characters that have any of the syllables."""
    known = table()
    return frozenset(char for syllable in readings for char in known.get(syllable, ""))


def homophones(char: str) -> frozenset[str]:
    """The characters that share a reading with a folded one, itself among them."""
    return sounding(syllables(char)) | {char}


def fuzzy(syllable: str) -> list[str]:
    """The syllables that sound alike to many: shi and si, nan and lan, min and ming; itself too."""
    heads = [syllable]
    for pair in ALIKE:
        for one, other in (pair, pair[::-1]):
            if syllable.startswith(one) and not (one in "zcs" and syllable[1:2] == "h"):
                heads.append(other + syllable[len(one) :])
    found = list(heads)
    for long, short in ENDS:
        for head in heads:
            if head.endswith(long):
                found.append(head.removesuffix("g"))
            elif head.endswith(short):
                found.append(head + "g")
    known = table()
    return [each for each in dict.fromkeys(found) if each in known]


def readings(letters: str) -> list[tuple[str, ...]]:
    """How letters can be read as syllables, the fewest first; an apostrophe always parts two.

    >>> readings("xian")
    [('xian',), ('xi', 'an')]
    """
    ways: list[tuple[str, ...]] = [()]
    for part in letters.split("'"):
        ways = [way + more for way in ways for more in _cut(part)][:MOST_READINGS]
    return sorted(ways, key=lambda way: (len(way), way))


def _cut(letters: str) -> list[tuple[str, ...]]:
    known = table()
    cuts: list[list[tuple[str, ...]]] = [[] for _ in letters] + [[()]]
    for start in range(len(letters) - 1, -1, -1):
        for end in range(min(start + 6, len(letters)), start, -1):
            if (syllable := letters[start:end]) in known:
                cuts[start] += [(syllable, *rest) for rest in cuts[end]]
        cuts[start] = sorted(cuts[start], key=len)[:MOST_READINGS]
    return cuts[0]
