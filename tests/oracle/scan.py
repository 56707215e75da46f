"""The plain scan: what a query finds, read off the cleaned text without an index.

Slow and obvious, and written apart from the engine: nothing here comes from it but the query's
nodes and, unless told otherwise, the names of departments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import opencc

from chabao.search.query import (
    And,
    Between,
    Calendar,
    Everything,
    Gap,
    Keyword,
    Literal,
    Named,
    Near,
    Node,
    Not,
    Or,
    Pattern,
)

Record = Mapping[str, Any]
"""One item in the shape of schema 1."""
Place = tuple[int, int]
Found = dict[str, frozenset[Place]]
"""Each item found, by id, with the places in its text that answer the query."""
Resolve = Callable[[str], Iterable[str]]
"""Any name of a department to the canonical names it can mean."""

SIMPLIFIED = opencc.OpenCC("t2s")
QUOTES = "\"'\u0060\u00b4\u201a\u201b\uff40“”„‟‘’«»「」『』〝〞〟﹁﹂﹃﹄＂＇｢｣"
LEFT = "([{（［｛【〔〖｟⦅〘〚﹙﹛﹝⁽₍︵︷︹︻︗﹇"
RIGHT = ")]}）］｝】〕〗｠⦆〙〛﹚﹜﹞⁾₎︶︸︺︼︘﹈"


@cache
def same(char: str) -> str:
    """The character that stands for all that search takes to be the same."""
    if char in QUOTES:
        return '"'
    if char in LEFT or char in RIGHT:
        return "(" if char in LEFT else ")"
    form = unicodedata.decomposition(char)
    radical = "\u2e80" <= char <= "\u2fdf"
    ideograph = char >= "\uf900" and not form.startswith("<")
    if form.startswith(("<wide>", "<narrow>", "<vertical>")) or radical or ideograph:
        char = only(unicodedata.normalize("NFKC", char), char)
    char = only(char.lower(), char)
    return only(SIMPLIFIED.convert(char), char) if char.isprintable() else char


def only(changed: str, char: str) -> str:
    return changed if len(changed) == 1 else char


def folded(text: str) -> tuple[str, list[int]]:
    """The text as search sees it, and where each of its characters stands in `text`."""
    kept: list[tuple[str, int]] = []
    gap: int | None = None
    for at, char in enumerate(map(same, text)):
        if char.isspace() or unicodedata.category(char) == "Cc":
            gap = at if gap is None else gap
        elif unicodedata.category(char) != "Cf":
            if gap is not None and kept and is_latin(kept[-1][0]) and is_latin(char):
                kept.append((" ", gap))
            kept.append((char, at))
            gap = None
    return "".join(char for char, _ in kept), [at for _, at in kept]


def fold(text: str) -> str:
    return folded(text)[0]


def is_latin(char: str) -> bool:
    return char.isalnum() and char < "\u2e80"


def scan(items: Iterable[Record], node: Node, resolve: Resolve | None = None) -> Found:
    """What a query finds in the items, and the places its positive terms stand at."""
    reading = Reading(resolve or departments)
    return {item["id"]: reading.places(item, node) for item in items if reading.matches(item, node)}


def departments(name: str) -> Iterable[str]:
    from chabao.indexer.departments import resolve

    found: Any = resolve(name)
    return (found,) if isinstance(found, str) else found or ()


class Reading:
    """One query against one item at a time."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def matches(self, item: Record, node: Node) -> bool:
        match node:
            case And(children):
                return all(self.matches(item, child) for child in children)
            case Or(children):
                return any(self.matches(item, child) for child in children)
            case Not(child):
                return not self.matches(item, child)
            case Everything():
                return True
            case Named():
                return self.is_named(item, node)
            case Between():
                return is_between(item, node)
            case _:
                return bool(self.places(item, node))

    def places(self, item: Record, node: Node) -> frozenset[Place]:
        """Half-open ranges of the item's text."""
        text, offsets = folded(item["text"])
        return frozenset(
            (offsets[start], offsets[end - 1] + 1) for start, end in standing(text, node)
        )

    def is_named(self, item: Record, node: Named) -> bool:
        wanted = fold(node.value)
        match node.field:
            case Keyword.DEPARTMENT:
                if names := set(self.resolve(node.value)):
                    return bool(names & set(item["department"]))
                return any(wanted in fold(name) for name in item["department"])
            case Keyword.SECTION:
                return any(wanted in fold(heading) for heading in item["section"])
            case Keyword.NUMBER:
                return is_numbered(item, wanted)
            case _:
                return wanted in fold(item[node.field.value] or "")


def standing(text: str, node: Node) -> set[Place]:
    """Where the positive terms of a node stand in folded text."""
    match node:
        case Literal(string):
            return matched(text, re.escape(fold(string)))
        case Pattern(parts):
            return matched(text, "".join(map(expression, parts)))
        case And(children) | Or(children):
            return {place for child in children for place in standing(text, child)}
        case Near(left, right, distance):
            return joined(standing(text, left), standing(text, right), distance)
        case _:
            return set()


def matched(text: str, pattern: str) -> set[Place]:
    """From every place where the pattern begins, overlapping ones too, its shortest match."""
    found = re.finditer(f"(?=({pattern}))", text, re.DOTALL)
    return {match.span(1) for match in found if match[1]}


def expression(part: str | Gap) -> str:
    return re.escape(fold(part)) if isinstance(part, str) else f".{{{part.least},{part.most}}}?"


def joined(left: set[Place], right: set[Place], distance: int | None) -> set[Place]:
    """The places of both that have a partner near enough, before or behind, without overlap."""
    if distance is None:
        return left | right if left and right else set()
    pairs = [
        (a, b)
        for a in left
        for b in right
        if 0 <= b[0] - a[1] <= distance or 0 <= a[0] - b[1] <= distance
    ]
    return {place for pair in pairs for place in pair}


def is_numbered(item: Record, wanted: str) -> bool:
    """第39期, 2023年第39期, 39; a serial as 总459期 or 459."""
    number, serial = fold(item["number"] or ""), item["serial"]
    part = re.search(r"第(\d+)期", number)
    if total := re.fullmatch(r"总第?(\d+)期", wanted):
        return bool(serial == int(total[1]))
    if wanted.isdecimal():
        return serial == int(wanted) or bool(part and int(part[1]) == int(wanted))
    if alone := re.fullmatch(r"第?(\d+)期", wanted):
        return bool(part and int(part[1]) == int(alone[1]))
    if whole := re.fullmatch(r"(\d{4})年第?(\d+)期", wanted):
        return number == f"{whole[1]}年第{int(whole[2])}期"
    return wanted in number


def is_between(item: Record, node: Between) -> bool:
    """The date of issue in the range, or any day of the period; unknown is never."""
    if node.field is Calendar.ISSUED:
        first = last = item["date"]
    else:
        first, last = item["period"]["first"], item["period"]["last"]
    if first is None or last is None:
        return False
    begins_in_time = node.last is None or date.fromisoformat(first) <= node.last
    return begins_in_time and (node.first is None or date.fromisoformat(last) >= node.first)
