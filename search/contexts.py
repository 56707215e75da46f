"""Stretches of the corpus in which a passage may stand: of one item, or on into the next ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from chabao.indexer.codecs.segment import Segment
from chabao.search.alignment import Letters, letters

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A piece of an item's text and its offset in it; or what stands above the item (offset -1)."""

    item: Item
    offset: int
    text: str


@dataclass(frozen=True)
class Context:
    """Parts that follow one another in one file."""

    parts: tuple[Part, ...]

    @cached_property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @cached_property
    def letters(self) -> Letters:
        return letters(self.text)

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for the same stretch."""
        return tuple((part.item["id"], part.offset, len(part.text)) for part in self.parts)

    def variants(self) -> Iterator[Context]:
        """With headings and labels, and without, if there are any."""
        yield self
        bare = tuple(part for part in self.parts if part.offset >= 0)
        if len(bare) < len(self.parts):
            yield Context(bare)

    def place(self, start: int, end: int) -> tuple[tuple[Item, ...], int, int]:
        """The items of a stretch; the offset in the first where it begins, and in the last where it
        ends. What stands above an item counts as its beginning."""
        ends = list(accumulate(len(part.text) for part in self.parts))
        first = min(bisect_right(ends, start), len(ends) - 1)
        last = max(first, bisect_right(ends, max(start, end - 1)))
        last = min(last, len(ends) - 1)
        items = {part.item["id"]: part.item for part in self.parts[first : last + 1]}
        offsets = [
            max(0, part.offset) + (at - (ends[number] - len(part.text)) if part.offset >= 0 else 0)
            for number, part, at in (
                (first, self.parts[first], start),
                (last, self.parts[last], end),
            )
        ]
        return tuple(items.values()), offsets[0], offsets[1]


def around(segment: Segment, low: int, high: int, whole: bool = False) -> Iterator[Context]:
    """The contexts between two places of a segment, one a file; of items as a whole, one an item,
    if `whole`. Items that were deleted are in none."""
    parts: list[Part] = []
    low, high = max(0, low), min(high, segment.starts[segment.size])
    for document in range(segment.document_at(low), segment.size):
        start = segment.starts[document]
        if start >= high:
            break
        if document in segment.deleted:
            continue
        item = segment.record(document)
        if parts and (whole or parts[-1].item["source"] != item["source"]):
            yield Context(tuple(parts))
            parts = []
        text: str = item["text"]
        if whole:
            parts.append(Part(item, 0, text))
            continue
        if start >= low:
            parts += _above(parts, item)
        first = max(0, low - start)
        parts.append(Part(item, first, text[first : high - start]))
    if parts:
        yield Context(tuple(parts))


def _above(before: Sequence[Part], item: Item) -> list[Part]:
    """The headings that begin with an item, and its label."""
    known = before[-1].item["section"] if before else item["section"][:-1]
    headings = item["section"]
    same = next(
        (at for at, (one, other) in enumerate(zip(known, headings, strict=False)) if one != other),
        min(len(known), len(headings)),
    )
    text = "".join((*headings[same:], item["item"]))
    return [Part(item, -1, text)] if text else []
