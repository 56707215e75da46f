"""Fields that are matched by name or part of a name, read off the term dictionaries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chabao.indexer.codecs.postings import Posting
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import PATH
from chabao.indexer.folding import fold
from chabao.indexer.numerals import arabic
from chabao.search.query import Keyword, Named

TOTAL = re.compile(r"总(?:期号|第)?(\d{1,9})期?")
ALONE = re.compile(r"(?:第(\d{1,9})期?|(\d{1,9})期)")
WHOLE = re.compile(r"(\d{4})年?第?(\d{1,9})期")
PART = re.compile(r"第(\d{1,9})期")
DIGITS = re.compile(r"\d{1,9}")
"""A number that issues can have; longer ones are in no index and cost time to read."""


def terms_named(segment: Segment, node: Named) -> Iterator[Posting]:
    """The posting lists of the values that a name means."""
    fields, matches = reading(node)
    for field in fields:
        terms = segment.terms(field)
        for index, term in enumerate(terms.all()):
            if matches(field, term.decode("utf-8", "replace")):
                yield terms.posting(index)


def reading(node: Named) -> tuple[tuple[str, ...], Callable[[str, str], bool]]:
    """Which fields a name is looked for in, and which values it means."""
    wanted = fold(node.value)
    match node.field:
        case Keyword.DEPARTMENT:
            from chabao.indexer.departments import resolve

            names = frozenset(resolve(node.value))
            if names:
                return ("department",), lambda _, value: value in names
        case Keyword.SECTION:
            return ("section",), lambda _, value: any(
                wanted in fold(heading) for heading in value.split(PATH)
            )
        case Keyword.NUMBER:
            return ("number", "serial"), _numbered(arabic(wanted))
    return (node.field.value,), lambda _, value: wanted in fold(value)


def _numbered(wanted: str) -> Callable[[str, str], bool]:
    """第39期, 2023年第39期 and 39 mean the number; 总459期 and 459 the serial.

    Numerals in words are digits by now: 第三十九期 is 第39期.
    """
    total, alone = TOTAL.fullmatch(wanted), ALONE.fullmatch(wanted)
    whole = WHOLE.fullmatch(wanted)
    said_alone = (alone[1] or alone[2]) if alone else wanted

    def matches(field: str, value: str) -> bool:
        if field == "serial":
            said = total[1] if total else wanted
            return bool(DIGITS.fullmatch(said)) and int(value) == int(said)
        if total:
            return False
        if alone or DIGITS.fullmatch(wanted):
            part = PART.search(fold(value))
            return bool(part) and int(part[1]) == int(said_alone)  # type: ignore[index]
        exact = f"{whole[1]}年第{int(whole[2])}期" if whole else ""
        return fold(value) == exact if whole else wanted in fold(value)

    return matches
