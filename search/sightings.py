"""Sightings: what a mention was when it was seen, so that it is known again in corrected text.

A mention is the one that was seen before if there is one left, going down this list, of which it
has

1. the whole item, in the same issue, whatever the item's label and file are now;
2. the item's id, the mention's text, and `CONTEXT` characters on either side;
3. the issue, the mention's text, and the characters on either side: a passage that was moved;
4. the item's id, the mention's text, and the characters on one side: one that was corrected.

All of it folded, so that layout and width change nothing. Each one seen stands for one mention: a
second one in the same item is new. What is gone is remembered, and is not new when it comes back;
but only what was there at the last look can have been corrected since (4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from chabao.indexer.folding import fold
from chabao.search.addresses import check
from chabao.search.mentions import Mention

CONTEXT = 12
"""Folded characters on each side of a mention, or as many as the item has there."""
REACH = 4 * CONTEXT
"""Characters of text that are folded for them: some are layout, of which folding leaves nothing."""


class Sighting(NamedTuple):
    """Digests of 40 bits, but for the item's id. `ordinal` counts mentions of one item that are
    alike in all else, from 0."""

    issue: str
    item: str
    body: str
    text: str
    left: str
    right: str
    ordinal: int


Seen = Mapping[Sighting, bool]
"""What was seen, and whether it was there at the last look."""

_UNCHANGED: tuple[Callable[[Sighting], Hashable], ...] = (
    lambda seen: seen,
    lambda seen: (seen.issue, seen.body, seen.text, seen.left, seen.right, seen.ordinal),
    lambda seen: (seen.item, seen.text, seen.left, seen.right),
    lambda seen: (seen.issue, seen.text, seen.left, seen.right),
)
_CORRECTED: tuple[Callable[[Sighting], Hashable], ...] = (
    lambda seen: (seen.item, seen.text, seen.left),
    lambda seen: (seen.item, seen.text, seen.right),
)


def sightings(rows: Iterable[Mention], whole: bool = False) -> dict[Sighting, Mention]:
    """Mentions by what they are known by, in their order.

    A copy of an item, as of a file that is indexed from two folders, adds nothing. `whole` is for
    rows that are whole items: these are known by how they begin and end.
    """
    found: dict[Hashable, tuple[Sighting, Mention]] = {}
    ordinals: Counter[Hashable] = Counter()
    bodies: dict[int, tuple[str, str]] = {}
    for row in rows:
        if id(row.item) not in bodies:
            bodies[id(row.item)] = check(_issue(row.item)), check(fold(row.item["text"]))
        issue, body = bodies[id(row.item)]
        known_by = _ends(row) if whole else _surroundings(row)
        alike = (id(row.item), known_by)
        seen = Sighting(issue, row.item["id"], body, *known_by, ordinals[alike])
        ordinals[alike] += 1
        found.setdefault(seen._replace(body=""), (seen, row))
    return dict(found.values())


def compared(known: Seen, now: Iterable[Sighting]) -> tuple[list[Sighting], dict[Sighting, bool]]:
    """Which sightings are new, and what is known from now on."""
    fresh = list(now)
    there = dict.fromkeys(fresh, True)
    left = dict(known)
    for kind in _UNCHANGED:
        fresh = _unmatched(kind, fresh, left, left)
    last = [seen for seen, stood in left.items() if stood]
    for kind in _CORRECTED:
        fresh = _unmatched(kind, fresh, left, last)
    return fresh, dict.fromkeys(left, False) | there


def _unmatched(
    kind: Callable[[Sighting], Hashable],
    now: list[Sighting],
    left: dict[Sighting, bool],
    among: Iterable[Sighting],
) -> list[Sighting]:
    """The sightings that are alike to none of those `left`; those that are alike are taken out."""
    if not now:
        return now
    candidates: dict[Hashable, list[Sighting]] = {}
    # the last one of a list is taken first: what was there at the last look, in the text's order
    for seen in sorted(among, key=lambda seen: (left.get(seen, False), -seen.ordinal)):
        if seen in left:
            candidates.setdefault(kind(seen), []).append(seen)
    fresh = []
    for seen in now:
        alike = candidates.get(kind(seen), [])
        if alike:
            del left[alike.pop()]
        else:
            fresh.append(seen)
    return fresh


def _issue(item: Mapping[str, Any]) -> str:
    """What tells issues apart, wherever their files lie. Those without number and date are one:
    of a file that says nothing of itself, a new name is no new issue."""
    name = item["number"] or item["date"] or ""
    return "\0".join((item["publisher"] or "", item["title"] or "", name))


def _surroundings(row: Mention) -> tuple[str, str, str]:
    text = row.item["text"]
    left = fold(text[max(0, row.start - REACH) : row.start])[-CONTEXT:]
    right = fold(text[row.end : row.end + REACH])[:CONTEXT]
    return check(fold(row.text)), check(left), check(right)


def _ends(row: Mention) -> tuple[str, str, str]:
    text = fold(row.text)
    return "", check(text[:CONTEXT]), check(text[-CONTEXT:])
