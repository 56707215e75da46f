"""One term or field value to one leaf of the tree, with what is to be said about it."""

from __future__ import annotations

import re
from datetime import date
from gettext import gettext as _
from itertools import groupby
from typing import TYPE_CHECKING

from chabao.indexer.folding import fold
from chabao.search.lexer import FIELDS, Shape, Token
from chabao.search.query import (
    Between,
    Calendar,
    Diagnostic,
    Gap,
    Kind,
    Literal,
    Named,
    Node,
    Numeric,
    Pattern,
    Reading,
    Span,
)

if TYPE_CHECKING:
    from chabao.search.calendar import Range

MAX_CHARACTERS = 2_000
MAX_GAPS = 8
MAX_NUMBERS = 8
"""Numbers of one text that are found by value: each has many spellings to be tried."""
MAX_GAP = 100
ANY = 10
"""Characters that a * stands for, at most."""

WILDCARDS = re.compile(r"([?*＊]+)")

Leaf = tuple[Node | None, Diagnostic | None]


def leaf(token: Token, field: Token | None, today: date, numbers: bool = False) -> Leaf:
    """The node of a term or quoted string, in a field or in the text; either may be None.

    `numbers` reads those of terms by their value; what is quoted is looked for as it is.
    """
    if len(token.text) > MAX_CHARACTERS:
        return None, too_long(token.at, len(token.text), MAX_CHARACTERS)
    if not fold(token.text):
        message = _("nothing is left of this but white space; it is left out")
        return None, Diagnostic(Kind.EMPTY, token.at, message)
    if field is not None:
        return valued(field, token, today)
    if token.shape is Shape.TERM and WILDCARDS.search(token.text):
        node, remark = pattern(token)
        return node, remark or (as_written(token) if numbers else None)
    if numbers and token.shape is Shape.TERM:
        return by_value(token.text, token.at), None
    return Literal(token.text, token.at), None


def valued(field: Token, value: Token, today: date) -> Leaf:
    name, at = FIELDS[field.text], Span(field.at.start, value.at.end)
    if isinstance(name, Reading):
        return by_value(value.text, value.at), None
    if isinstance(name, Calendar):
        return dated(name, value.text, value.at, today)
    text = f"总{value.text}期" if field.text == "serial" and value.text.isdigit() else value.text
    return Named(name, text, at), None


def by_value(text: str, at: Span) -> Node:
    """The text with its numbers by their value; as it is where it has none, or very many."""
    from chabao.search.numbers import numbers  # most queries ask for none

    count = sum(1 for _ in numbers(fold(text)))
    return Numeric(text, at) if 0 < count <= MAX_NUMBERS else Literal(text, at)


def as_written(token: Token) -> Diagnostic | None:
    """That numbers beside wildcards are found as they are written."""
    if isinstance(by_value(token.text, token.at), Literal):
        return None
    message = _("numbers in a term with wildcards are found only as they are written here")
    hint = _("join the parts by NEAR: {line}").format(line="受理 NEAR/10 28件")
    return Diagnostic(Kind.IGNORED, token.at, message, hint)


def dated(field: Calendar, text: str, at: Span, today: date) -> Leaf:
    """Days of issue or days covered, said back as they were understood."""
    from chabao.search.calendar import days  # most queries have no dates

    found = days(text, today)
    if found is None:
        message = _("“{text}” is not a date").format(text=text)
        hint = _("write 2023, 2023-02, 2023年2月8日, 2023Q1, 上半年, 近三个月 or 2023-01..2023-06")
        return None, Diagnostic(Kind.BAD_DATE, at, message, hint, fatal=True)
    return Between(field, *found, at), Diagnostic(Kind.DATE_RANGE, at, said(field, found))


def said(field: Calendar, found: Range) -> str:
    what = _("issued") if field is Calendar.ISSUED else _("covering days")
    if found.first is None:
        return _("{what} up to {last}").format(what=what, last=found.last)
    if found.last is None:
        return _("{what} from {first} on").format(what=what, first=found.first)
    return _("{what} from {first} to {last}").format(what=what, first=found.first, last=found.last)


def pattern(token: Token) -> Leaf:
    """Strings with gaps; wildcards at the ends of a term ask for nothing and go."""
    # Invisible characters alone between wildcards are nothing to look for.
    pieces = [piece for piece in WILDCARDS.split(token.text) if fold(piece)]
    parts = [
        gap("".join(run)) if wild else "".join(run)
        for wild, run in groupby(pieces, lambda piece: bool(WILDCARDS.fullmatch(piece)))
    ]
    inner = parts[isinstance(parts[0], Gap) : len(parts) - isinstance(parts[-1], Gap)]
    if not inner:
        message = _("wildcards alone match everything; {text} is left out").format(text=token.text)
        hint = _("write a character before and after them, as in 川*办 or 省?通办")
        return None, Diagnostic(Kind.BARE_WILDCARD, token.at, message, hint)
    if costly := too_costly(inner, token.at):
        return None, costly
    remark = None
    if len(inner) < len(parts):
        message = _("a wildcard at the edge of a term changes nothing; it is left out")
        hint = _("to find the sign itself, put the term in quotes")
        remark = Diagnostic(Kind.IGNORED, token.at, message, hint)
    if isinstance(inner[0], str) and len(inner) == 1:
        return Literal(inner[0], token.at), remark
    return Pattern(tuple(inner), token.at), remark


def gap(signs: str) -> Gap:
    """Each ? is one character; any number of * is up to ten."""
    single = signs.count("?")
    return Gap(single, single + (ANY if single < len(signs) else 0))


def too_costly(parts: list[str | Gap], at: Span) -> Diagnostic | None:
    gaps = [part for part in parts if isinstance(part, Gap)]
    if len(gaps) <= MAX_GAPS and all(part.most <= MAX_GAP for part in gaps):
        return None
    message = _("at most {gaps} gaps of at most {most} characters are searched in one term").format(
        gaps=MAX_GAPS, most=MAX_GAP
    )
    hint = _("split the term: two terms joined by NEAR/{most}").format(most=MAX_GAP)
    return Diagnostic(Kind.TOO_COSTLY, at, message, hint, fatal=True)


def too_long(at: Span, length: int, limit: int) -> Diagnostic:
    message = _("{length} characters are too many; at most {limit} are read").format(
        length=length, limit=limit
    )
    hint = _("look for one sentence of the text")
    return Diagnostic(Kind.TOO_LONG, at, message, hint, fatal=True)
