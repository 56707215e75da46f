"""Addresses of passages: short, one word, found again after a rebuild, and honest about changes.

    qphyuavhhfye@12+45~k3mq7yta
    item        @offset+length~check

Offset and length count code points of the item's text; the check is a digest of the passage. Length
and check may be left out: `id@offset` is a place about which nothing can be verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chabao.indexer.folding import fold

CHECK = 8
"""Characters of a check, five bits each. A passage is looked for at every place of its issue, some
10,000 of them, and 40 bits take another text for it once in 10⁸ look-ups."""
ITEM = r"[a-z2-7]{12}"
_ITEM = re.compile(ITEM)
_ADDRESS = re.compile(
    rf"(?P<item>{ITEM})@(?P<offset>[0-9]{{1,9}})"
    rf"(?:\+(?P<length>[0-9]{{1,9}})(?:~(?P<check>[a-z2-7]{{{CHECK}}}))?)?"
)


class State(StrEnum):
    """What became of a passage since its address was made."""

    SAME = "same"
    """The very text stands at the very place."""
    MOVED = "moved"
    """The very text stands elsewhere."""
    CHANGED = "changed"
    """The text stands nowhere in its issue any more."""
    UNCHECKED = "unchecked"
    """The address carries no check, and its place is there."""


@dataclass(frozen=True, slots=True)
class Address:
    """The place of a passage: `length` and `check` are None where the address does not say."""

    item: str
    offset: int
    length: int | None = None
    check: str | None = None

    def __str__(self) -> str:
        length = "" if self.length is None else f"+{self.length}"
        return f"{self.item}@{self.offset}{length}{f'~{self.check}' if self.check else ''}"


@dataclass(frozen=True, slots=True)
class Place:
    """A half-open stretch of an item's text, in code points, and how it was come by."""

    start: int
    end: int
    state: State


def address(item: str, text: str, start: int, end: int) -> Address:
    """The address of `text[start:end]`, where `text` is the whole text of the item."""
    return Address(item, start, end - start, check(text[start:end]))


@dataclass(frozen=True, slots=True)
class Extract:
    """A half-open stretch of an item's text, in code points; `item` is the stored record."""

    item: Mapping[str, Any]
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there, as the source writes it."""
        whole: str = self.item["text"]
        return whole[self.start : self.end]

    @property
    def address(self) -> Address:
        """Where it stands, with a check of its text."""
        return address(self.item["id"], self.item["text"], self.start, self.end)


def is_identity(written: str) -> bool:
    """Whether something written has the form of an item's id."""
    return _ITEM.fullmatch(_word(written)) is not None


def parse(written: str) -> Address | None:
    """An address as it was written or pasted; None for anything else."""
    found = _ADDRESS.fullmatch(_word(written))
    if not found:
        return None
    length = int(found["length"]) if found["length"] else None
    return Address(found["item"], int(found["offset"]), length, found["check"])


def _word(written: str) -> str:
    return fold(written).strip("`<>()[]{}\"',.;")


def check(passage: str) -> str:
    """A digest of the exact characters of a passage."""
    import hashlib
    from base64 import b32encode

    digest = hashlib.blake2b(passage.encode("utf-8", "surrogatepass"), digest_size=5).digest()
    return b32encode(digest).decode("ascii").lower()


def locate(wanted: Address, text: str) -> Place:
    """Where the passage is in the item's text now; where it was, if it is CHANGED."""
    end = wanted.offset + (wanted.length or 0)
    here = Place(min(wanted.offset, len(text)), min(end, len(text)), State.UNCHECKED)
    if end > len(text) or (wanted.check and check(text[wanted.offset : end]) != wanted.check):
        at = nearest(wanted, text)
        if at is None:
            return Place(here.start, here.end, State.CHANGED)
        return Place(at, at + (wanted.length or 0), State.MOVED)
    return Place(here.start, here.end, State.SAME) if wanted.check else here


def nearest(wanted: Address, text: str) -> int | None:
    """Where a passage of the wanted length and check begins, the nearest to its old place; None
    where there is none, or the address has no check."""
    if not wanted.check or wanted.length is None or wanted.length > len(text):
        return None
    starts = range(len(text) - wanted.length + 1)
    for at in sorted(starts, key=lambda start: abs(start - wanted.offset)):
        if check(text[at : at + wanted.length]) == wanted.check:
            return at
    return None
