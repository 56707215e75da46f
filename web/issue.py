"""An issue to read: its items in order under their headings, with what is marked in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from chabao.search.reading import Reading
from chabao.web.marks import whole

DEEPEST = 4
"""Levels of headings that HTML has below the issue's title and the page's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with the headings that begin with it: level from 2 on, and text."""

    item: Mapping[str, Any]
    headings: Sequence[tuple[int, str]]
    text: Markup
    current: bool


def entries(found: Reading) -> Iterator[Entry]:
    """The items of an issue as they are shown."""
    above: Sequence[str] = ()
    for item in found.items:
        section = item["section"]
        same = 0
        while same < min(len(above), len(section)) and above[same] == section[same]:
            same += 1
        current = item is found.shown.item or item["id"] == found.shown.item["id"]
        yield Entry(
            item=item,
            headings=[
                (min(level, DEEPEST) + 2, text)
                for level, text in enumerate(section)
                if level >= same
            ],
            text=whole(
                item["text"],
                found.mentions.get(item["id"], ()),
                found.passage if current else None,
            ),
            current=current,
        )
        above = section
