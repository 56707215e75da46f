"""Whether a text looks like what its file says: signs of an extraction that went wrong.

Each sign has a threshold far from what honest bulletins show (docs/research/extraction.md has the
numbers); what is seen is remarked, and the text is indexed all the same. One pass counts the
characters, so that a long text is judged in milliseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from chabao.indexer.folding import fold_char, is_layout
from chabao.indexer.reader.document import Document

ENOUGH = 100
"""Letters from which shares say something."""
PRIVATE = 0.005
"""The share of private-use characters; one bullet a paragraph has less."""
CONTROLS = 0.001
HAN = 0.2
"""The share of Chinese characters among letters, below which a text is not Chinese."""
USUAL = 0.8
"""The share of everyday characters among the Chinese ones: bulletins have 0.99, text in a wrong
encoding or of a font without names for its characters about 0.5."""
DOUBLED = 0.25
"""The share of characters that repeat the one before, where each is drawn twice."""
SCANT = 40
"""Letters a page on average."""
EMPTY = 0.3
"""The share of pages without text."""
REPEATED = 0.3
"""The share of lines that were there before, one a page not counted: headers may be."""
LONG = 12
"""Letters from which a line that comes again is no label."""
SAMPLE = 20_000
"""Characters of which it is seen whether they stand twice."""
TWICE = re.compile(r"([^\W\d_])\1")
MOJIBAKE = re.compile(
    "锟斤拷|烫烫烫|屯屯屯|锘\ue5e5?縙?|ï»¿|\u00c3[\u0080-\u00bf]|\u00e2\u20ac"
    "|[\u00e3-\u00e9](?=[^a-z\\s])[\u0080-\u00ff\u0152-\u0178\u02c6-\u02dc\u2013-\u2122]{2}"
)
MOST_MOJIBAKE = 2


LETTER, CHINESE, EVERYDAY = "letter", "Chinese", "everyday"
PRIVATE_USE, CONTROL, FOREIGN, LAYOUT = "private use", "control", "foreign", "layout"


@cache
def kinds(char: str) -> tuple[str, ...]:
    """What a character is, as far as it is judged: EVERYDAY is the first level of GB 2312, the
    3,755 characters most used; FOREIGN is what mojibake is made of."""
    found = [LETTER] if char.isalpha() else []
    if (char < " " and char not in "\t\n\v\f\r\x1a") or "\x7f" <= char < "\xa0":
        found.append(CONTROL)
    elif is_layout(char):
        found.append(LAYOUT)
    if ("\x7f" <= char < "\u2123" and char.isalpha()) or char in "锟烫屯锘":
        found.append(FOREIGN)
    if "\ue000" <= char <= "\uf8ff" or char >= "\U000f0000":
        found.append(PRIVATE_USE)
    elif "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000":
        found.append(CHINESE)
        if fold_char(char).encode("gb2312", "replace")[0] in range(0xB0, 0xD8):
            found.append(EVERYDAY)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a text: how many characters are of each kind; `signs` is all of them,
    layout left out."""

    text: str
    pages: Sequence[str]
    kinds: Counter[str]
    signs: int

    def share(self, of: str, among: str | None = None) -> float:
        """The share of a kind, of all characters or of those of another kind; 1 of none."""
        whole = self.signs if among is None else self.kinds[among]
        return self.kinds[of] / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about a text: the message, and whether it is so."""

    message: str
    is_so: Callable[[Counts], bool] = lambda counts: True


def judged(document: Document) -> Document:
    """The document with what there is to remark on its text."""
    return replace(document, remarks=(*document.remarks, *remarks(document.text, document.pages)))


def remarks(text: str, pages: Sequence[int] = ()) -> tuple[str, ...]:
    """Messages, translated where they are shown; `pages` are the offsets at which pages begin."""
    counts = count(text, pages)
    return tuple(remark.message for remark in REMARKS if remark.is_so(counts))


def count(text: str, pages: Sequence[int] = ()) -> Counts:
    """Counts the characters of a text once, and then the distinct ones by kind."""
    found = Counter[str]()
    for char, times in Counter(text).items():
        for kind in kinds(char):
            found[kind] += times
    parts = [text[start:end] for start, end in pairwise((*pages, len(text)))] if pages else [text]
    return Counts(text, parts, found, len(text) - found[LAYOUT])


def _is_garbled(counts: Counts) -> bool:
    if counts.kinds[FOREIGN] < MOST_MOJIBAKE:
        return False
    found = MOJIBAKE.finditer(counts.text)
    return sum(1 for _ in zip(found, range(MOST_MOJIBAKE), strict=False)) >= MOST_MOJIBAKE


def _is_unusual(counts: Counts) -> bool:
    return counts.kinds[CHINESE] >= ENOUGH and counts.share(EVERYDAY, CHINESE) < USUAL


def _is_foreign(counts: Counts) -> bool:
    return counts.kinds[LETTER] >= ENOUGH and counts.share(CHINESE, LETTER) < HAN


def _is_doubled(counts: Counts) -> bool:
    sample = counts.text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    return letters >= ENOUGH and len(TWICE.findall(sample)) * 2 >= DOUBLED * letters


def _has_empty_pages(counts: Counts) -> bool:
    empty = sum(1 for page in counts.pages if not any(map(str.isalnum, page)))
    return empty > 1 and empty >= EMPTY * len(counts.pages)


def _is_scant(counts: Counts) -> bool:
    return len(counts.pages) > 1 and counts.kinds[LETTER] < SCANT * len(counts.pages)


def _is_repeated(counts: Counts) -> bool:
    lines = [line.strip() for line in counts.text.splitlines() if len(line.strip()) >= LONG]
    allowed = 2 * len(counts.pages)
    again = sum(max(0, times - allowed) for times in Counter(lines).values())
    return again >= max(5, REPEATED * len(lines))


REMARKS = (
    Remark(message="some characters were lost (�)", is_so=lambda counts: "\ufffd" in counts.text),
    Remark(
        message="some characters have no meaning outside the font they were set in",
        is_so=lambda counts: counts.signs > 0 and counts.share(PRIVATE_USE) > PRIVATE,
    ),
    Remark(
        message="there are control characters in the text",
        is_so=lambda counts: counts.signs > 0 and counts.share(CONTROL) > CONTROLS,
    ),
    Remark(message="the text looks as if it was read in a wrong encoding", is_so=_is_garbled),
    Remark(message="many characters are such as no one uses", is_so=_is_unusual),
    Remark(message="there is hardly any Chinese in it", is_so=_is_foreign),
    Remark(message="characters stand twice", is_so=_is_doubled),
    Remark(message="many pages have no text", is_so=_has_empty_pages),
    Remark(message="there is very little text on its pages", is_so=_is_scant),
    Remark(message="the same lines come again and again", is_so=_is_repeated),
)
"""What is looked for, in the order in which it is said."""
