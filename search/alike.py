"""Texts that say the same, or nearly so: which of many hang together.

Compared are the letters of texts: folded, without layout and punctuation (see `alignment`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from chabao.search.alignment import letters, within

ALIKE = 80
"""Of 100 characters of two texts, how many have to be common to both, in the same order."""
FEW = 150
"""Texts of which all pairs are compared: that takes less time than loading numpy."""


def near(one: str, other: str, alike: int = ALIKE) -> bool:
    """Whether letters are nearly the same: at least `alike` per cent of the characters of both
    together are left when the fewest are taken out that make them equal (2·LCS : both lengths), and
    of the different trigrams of the text with more of them half stand in the other one too."""
    most = (100 - alike) * (len(one) + len(other)) // 100
    if not within(one, other, most):
        return False
    ours, theirs = _trigrams(one), _trigrams(other)
    return 0 < max(len(ours), len(theirs)) <= 2 * len(ours & theirs)


def _trigrams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def grouped(texts: Sequence[str], alike: int = ALIKE) -> list[int]:
    """For each of some letters the number of the first that it hangs together with: those that are
    equal, near to one another, or joined by others that are. Raises TooMuch."""
    firsts: dict[str, int] = {}
    for number, text in enumerate(texts):
        firsts.setdefault(text, number)
    different = list(firsts)
    groups = _joined(different, alike) if alike < 100 else list(range(len(different)))
    places = {text: firsts[different[at]] for text, at in zip(different, groups, strict=True)}
    return [places[text] for text in texts]


def _joined(texts: Sequence[str], alike: int) -> list[int]:
    def are_near(one: int, other: int) -> bool:
        return near(texts[one], texts[other], alike)

    if len(texts) > FEW:
        from chabao.search.backends.overlaps import joined

        return joined(texts, alike, are_near)
    groups = list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        if groups[one] != groups[other] and are_near(one, other):
            first, last = sorted((groups[one], groups[other]))
            groups = [first if group == last else group for group in groups]
    return groups


def representatives(texts: Sequence[str], alike: int = ALIKE) -> dict[int, int]:
    """Of whole texts, in the order in which they are given, the first of each group with the number
    of texts that it stands for. Texts without a letter are as they are written."""
    found: dict[int, int] = {}
    for number in grouped([letters(text).chars or text for text in texts], alike):
        found[number] = found.get(number, 0) + 1
    return found
