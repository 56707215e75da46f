"""A query said back: one canonical line for each tree, which reads as the same tree."""

from __future__ import annotations

import re
from datetime import date

from chabao.search.brackets import DOUBLE
from chabao.search.lexer import FIELDS, Shape, tokens
from chabao.search.query import (
    And,
    Between,
    Calendar,
    Everything,
    Gap,
    Keyword,
    Literal,
    Near,
    Node,
    Not,
    Numeric,
    Or,
    Pattern,
    Reading,
)
from chabao.search.terms import WILDCARDS

ALTERNATIVES, ALL, NEARNESS, UNIT = range(4)
"""How tightly a part of a query holds together."""

PLAIN = re.compile("(?!同条|AND|OR|NOT|NEAR)[\u3400-\u9fffA-Za-z0-9]+")
"""No sign, and no word that may be an operator."""


def say(node: Node, within: int = ALTERNATIVES) -> str:
    """The node as one would type it, in brackets where its surroundings hold more tightly."""
    line, own = worded(node)
    return f"({line})" if own < within else line


def worded(node: Node) -> tuple[str, int]:
    match node:
        case Literal(text):
            return quoted(text), UNIT
        case Numeric(text):
            return f"{name(Reading.VALUE)}:{quoted(text, Reading.VALUE)}", UNIT
        case Pattern(parts):
            return patterned("".join(map(piece, parts))), UNIT
        case Or(children):
            return " OR ".join(say(child, ALL) for child in children), ALTERNATIVES
        case And(children):
            return " ".join(map(conjunct, children, (None, *children))).strip(), ALL
        case Near(left):
            return say(left, UNIT) + " " + partner(node), NEARNESS
        case Not(child):
            return "-" + say(child, UNIT), NEARNESS
        case Between(field, first, last):
            return f"{name(field)}:{day(first)}..{day(last)}", UNIT
        case Everything():
            return "", UNIT
        case _:
            return f"{name(node.field)}:{quoted(node.value, node.field)}", UNIT


def conjunct(node: Node, before: Node | None) -> str:
    """One of those that must all hold; a chain of NEAR goes on from the text it shares."""
    if isinstance(node, Near) and isinstance(before, Near) and node.left == before.right:
        return partner(node)
    return say(node, NEARNESS)


def partner(node: Near) -> str:
    sign = "同条" if node.distance is None else f"NEAR/{node.distance}"
    return f"{sign} {say(node.right, UNIT)}"


def name(field: Keyword | Calendar | Reading) -> str:
    return next(name for name, meant in FIELDS.items() if meant is field)


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def piece(part: str | Gap) -> str:
    if isinstance(part, str):
        return part
    return "*" * (part.most > part.least) + "?" * part.least


def patterned(text: str) -> str:
    """A wildcard at the edge of a term asks for nothing, and makes text of what stands there."""
    return text if is_term(text) else f"*{text}*"


def quoted(text: str, field: Keyword | Reading | None = None) -> str:
    """The text bare where it reads as itself, else in quotes that it does not hold."""
    if is_term(text, field) and (field or not WILDCARDS.search(text)):
        return text
    if not any(sign in text for sign in DOUBLE):
        return f'"{text}"'
    return "『" + text.replace("』", "』』") + "』"


def is_term(text: str, field: Keyword | Reading | None = None) -> bool:
    """Whether the text reads as one term wherever it stands: among brackets, bars and quotes."""
    if PLAIN.fullmatch(text):
        return True
    before = f"{name(field)}:" if field else ""
    found, _ = tokens(f'({before}{text}|{before}{text}) " ” 」 』')
    term = [(Shape.FIELD, name(field))] if field else []
    term.append((Shape.TERM, text))
    expected = [(Shape.OPEN, "("), *term, (Shape.OR, "|"), *term, (Shape.CLOSE, ")")]
    return [(token.shape, token.text) for token in found[: len(expected)]] == expected
