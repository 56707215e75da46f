"""The nouns: what a bulletin is made of.

Offsets are half-open and count code points. `Text` is cleaned text that knows where each of its
characters stands in the file it came from.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends in it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Text:
    """Characters without layout, each with its offset in the source.

    `offsets[i]` is where `chars[i]` stands in the decoded file; strictly increasing.
    """

    chars: str
    offsets: array[int]

    def __post_init__(self) -> None:
        if len(self.chars) != len(self.offsets):
            raise ValueError("one offset a character")

    def __len__(self) -> int:
        return len(self.chars)

    def cut(self, start: int, end: int) -> Text:
        return Text(self.chars[start:end], self.offsets[start:end])


@dataclass(frozen=True, slots=True)
class Item:
    """The unit that is indexed, ranked, shown and cited.

    `section` is the heading path, `label` the number before the text with full-width brackets (or
    ""), `dates` the day or range of days with which the text opens. `line` is 1-based; `page` is
    None where the format has no pages.
    """

    section: tuple[str, ...]
    label: str
    text: Text
    departments: tuple[str, ...] = ()
    dates: tuple[Days, ...] = ()
    line: int = 1
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One number of a bulletin, read from one file.

    `number` carries the year (2023年第3期); unknown is None. `inferred` names the fields that were
    taken from elsewhere than this file.
    """

    source: str
    title: str | None = None
    number: str | None = None
    serial: int | None = None
    publisher: str | None = None
    date: date | None = None
    period: Days | None = None
    items: tuple[Item, ...] = ()
    inferred: tuple[str, ...] = ()
    line_starts: array[int] = field(default_factory=lambda: array("I", [0]), compare=False)

    def line_of(self, offset: int) -> int:
        """The 1-based line of a source offset."""
        return bisect_right(self.line_starts, offset)
