"""What may be written at a place in a query: names of fields, and the names an index holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chabao.indexer.departments import resolve
from chabao.indexer.folding import fold
from chabao.search.backends.whoosh_ import Index
from chabao.search.brackets import BARRIERS, OPENING
from chabao.search.catalogue import HEADINGS, fields
from chabao.search.lexer import FIELDS, NAMES
from chabao.search.query import Keyword, Named, Span
from chabao.search.wording import say

MOST = 10
"""Choices, at most: a list that is read at a glance."""

QUOTES = '"“”„＂「」『』'
BARE = rf"[^\s{OPENING}{BARRIERS}{QUOTES})）\]］】}}｝]*"
START = rf"(?:^|(?<=[\s{OPENING}{BARRIERS}\-－]))"
VALUE = re.compile(
    rf"{START}(?P<field>{NAMES})(?P<value>{BARE}|[{QUOTES}][^{QUOTES}]*)$", re.IGNORECASE
)
WORD = re.compile(rf"{START}[^\W\d_]+$")
REST = re.compile(BARE)

Names = Mapping[Keyword, Mapping[str, int]]
"""By field, what an index holds for it, and in how many items."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`text` is written, `name` read, and so many `items` have it; None where it is a field."""

    text: str
    name: str
    items: int | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """The characters of the line that a choice takes the place of, and the choices, best first."""

    at: Span
    choices: tuple[Choice, ...] = ()


def names(index: Index) -> Names:
    """The names that can be completed: departments, headings of sections, numbers and titles."""
    held = fields(index)
    headings, numbers, titles = Counter[str](), Counter[str](), Counter[str]()
    for path, items in held.sections.items():
        headings.update(dict.fromkeys(path.split(HEADINGS), items))
    for number, title, _, items in reversed(held.issues):
        numbers[number or ""] += items
        titles[title or ""] += items
    return {
        Keyword.DEPARTMENT: held.departments,
        Keyword.SECTION: headings,
        Keyword.NUMBER: numbers,
        Keyword.TITLE: titles,
    }


def completion(line: str, at: int, known: Names) -> Completion:
    """What may be written where a cursor stands, `at` characters into a line; never an error."""
    at = max(0, min(at, len(line)))
    head = line[:at]
    rest = REST.match(line, at)
    end = rest.end() if rest else at
    if found := VALUE.search(head):
        field = FIELDS[found["field"][:-1].lower()]
        if not isinstance(field, Keyword):
            return Completion(Span(at, at))
        where, written = Span(found.start(), end), line[found.start() : end]
        choices = _valued(field, found["value"].strip(QUOTES), known.get(field, {}))
        return Completion(where, tuple(each for each in choices if each.text != written))
    if end == at and (found := WORD.search(head)):
        return Completion(Span(found.start(), at), tuple(_named(found[0].lower())))
    return Completion(Span(at, at))


def _named(begun: str) -> Iterator[Choice]:
    """Fields by what was begun of one of their names, each once."""
    meant: dict[object, str] = {}
    for name, field in FIELDS.items():
        if name.startswith(begun):
            meant.setdefault(field, name)
    for name in meant.values():
        yield Choice(f"{name}:", f"{name}:")


def _valued(field: Keyword, begun: str, held: Mapping[str, int]) -> Iterator[Choice]:
    """Names that begin so, then names that hold it, the most frequent first of each."""
    wanted = fold(begun)
    other = frozenset(resolve(begun)) if field is Keyword.DEPARTMENT and begun else frozenset()
    likely = []
    for place, (name, items) in enumerate(held.items()):
        at = 0 if name in other else fold(name).find(wanted)
        if name and at >= 0:
            likely.append((at > 0, 0 if field is Keyword.NUMBER else -items, place, name))
    for *_, name in sorted(likely)[:MOST]:
        yield Choice(say(Named(field, name)), name, held[name])
