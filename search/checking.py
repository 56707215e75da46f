"""Whether quotations stand in the corpus, and what was changed in those that do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from chabao.search.alignment import Change, difference, letters, unspaced
from chabao.search.backends.whoosh_ import Index
from chabao.search.manuscripts import Quotation
from chabao.search.passages import Passage, literal, near

SIMILAR = 0.6
"""The least share of a quotation's characters that an altered one has in common with its source:
what has less is not found."""
LONGEST = 20_000
"""Characters of what is looked up: an issue or two. What is longer is not found."""
ELLIPSIS = re.compile(r"[(\[［（〔【]\s*(?:…+|⋯+|\.{3,}|略)\s*[)\]］）〕】]|…+|⋯+|\.{3,}|。{3,}")
"""What parts a quotation into pieces: ……, …, ..., [...], （略）."""


class Verdict(StrEnum):
    """What became of a quotation, the best first."""

    VERBATIM = "verbatim"
    """The characters are the source's, less layout."""
    LAYOUT = "layout"
    """They are after folding (width, script, quote styles, case) and without punctuation."""
    ALTERED = "altered"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with the passage it is about: the source, or, where nothing was found, what comes
    nearest (None where nothing does).

    `changes` are the difference between quotation and passage, piece after piece of a quotation
    with ellipses, less layout. `similarity` is 1 less edits a character, punctuation aside: 0 to 1.
    """

    verdict: Verdict
    passage: Passage | None
    changes: tuple[tuple[Change, ...], ...] = ()
    similarity: float = 0.0


def pieces(text: str) -> tuple[str, ...]:
    """A quotation parted at its ellipses."""
    return tuple(piece for piece in ELLIPSIS.split(text) if letters(piece).chars)


def checked(index: Index, text: str) -> Finding:
    """Looks a quotation up. The source itself may have ellipses: then they part nothing."""
    if len(text) > LONGEST:
        return Finding(Verdict.NOT_FOUND, None)
    parted = pieces(text)
    found = literal(index, (text,)) or (literal(index, parted) if len(parted) > 1 else None)
    found = found or near(index, parted)
    return _judged(found) if found else Finding(Verdict.NOT_FOUND, None)


def _judged(found: Passage) -> Finding:
    quoted, texts = map(unspaced, found.pieces), map(unspaced, found.texts)
    changes = tuple(difference(*pair) for pair in zip(quoted, texts, strict=True))
    joined = (list(chain.from_iterable(changes)),) if found.touching else changes
    similarity = max(0.0, 1 - found.edits / sum(len(letters(p).chars) for p in found.pieces))
    if all(change.same for piece in changes for change in piece):
        verdict = Verdict.VERBATIM
    elif _letters(found.pieces, found.touching) == _letters(found.texts, found.touching):
        verdict = Verdict.LAYOUT
    else:
        verdict = Verdict.ALTERED if similarity >= SIMILAR else Verdict.NOT_FOUND
    return Finding(verdict, found, tuple(map(tuple, joined)), similarity)


def _letters(texts: Sequence[str], touching: bool) -> list[str]:
    return [letters(text).chars for text in (["".join(texts)] if touching else texts)]


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a manuscript, and what was found of it."""

    quotation: Quotation
    finding: Finding


@dataclass(frozen=True, slots=True)
class Step:
    """How far a check is: quotations done, and in all."""

    done: int
    total: int


def check(
    index: Index,
    quotations: Sequence[Quotation],
    progress: Callable[[Step], None] = lambda step: None,
) -> tuple[Checked, ...]:
    """Looks up each quotation, in order; after one that is not found those within it."""
    known: dict[str, Finding] = {}
    found: list[Checked] = []
    waiting = [*reversed(quotations)]
    while waiting:
        quotation = waiting.pop()
        if quotation.text not in known:
            known[quotation.text] = checked(index, quotation.text)
        found.append(Checked(quotation, known[quotation.text]))
        if known[quotation.text].verdict is Verdict.NOT_FOUND:
            waiting.extend(reversed(quotation.inner))
        progress(Step(len(found), len(found) + len(waiting)))
    return tuple(found)
