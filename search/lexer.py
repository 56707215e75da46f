"""A line to tokens: terms, quoted strings, fields and operators. Never raises.

Operators count only at the edges of terms, so that pasted text is found as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from gettext import gettext as _

from chabao.search.brackets import BARRIERS, OPENING, QUOTES, Brackets, Line, brackets, following
from chabao.search.query import Calendar, Diagnostic, Keyword, Kind, Reading, Span

MAX_DEPTH = 64
MAX_REMARKS = 16
"""Mistakes that are reported one by one; nobody reads more."""

LONGEST_WORD = 16
UNCLOSED = '"“„＂「『'
"""Quotes that can only be meant to open; a ” alone is text."""

FIELDS: dict[str, Keyword | Calendar | Reading] = {
    "部门": Keyword.DEPARTMENT,
    "栏目": Keyword.SECTION,
    "刊期": Keyword.NUMBER,
    "标题": Keyword.TITLE,
    "发布单位": Keyword.PUBLISHER,
    "来源": Keyword.SOURCE,
    "日期": Calendar.ISSUED,
    "期间": Calendar.COVERED,
    "数值": Reading.VALUE,
    "期号": Keyword.NUMBER,
    "department": Keyword.DEPARTMENT,
    "dept": Keyword.DEPARTMENT,
    "section": Keyword.SECTION,
    "number": Keyword.NUMBER,
    "serial": Keyword.NUMBER,
    "title": Keyword.TITLE,
    "publisher": Keyword.PUBLISHER,
    "source": Keyword.SOURCE,
    "date": Calendar.ISSUED,
    "period": Calendar.COVERED,
    "value": Reading.VALUE,
}
"""What a field may be called; the first name of each is the one said back."""


class Shape(Enum):
    TERM = auto()
    QUOTED = auto()
    FIELD = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    NEAR = auto()
    SAME_ITEM = auto()
    OPEN = auto()
    CLOSE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what counts: a quoted string without its quotes, the /number of NEAR/number."""

    shape: Shape
    text: str
    at: Span


NAMES = rf"(?:{'|'.join(FIELDS)})[:：]"
FIELD = re.compile(NAMES, re.IGNORECASE)
PREFIX = re.compile(rf"(?:[-－]|(?i:{NAMES})|(?:AND|OR|NOT|同条|NEAR(?:/\d+)?)(?=[{OPENING}]))*")
"""What may stand before a bracket that groups, without white space between."""

WORDS = {"AND": Shape.AND, "OR": Shape.OR, "NOT": Shape.NOT, "同条": Shape.SAME_ITEM}
HYPHENS = re.compile("[-－]+")
BARS = re.compile(f"[{BARRIERS}]+")


def tokens(text: str) -> tuple[list[Token], list[Diagnostic]]:
    """The tokens of a line in order, and what is wrong with its quotes and brackets."""
    line = Line(text)
    marks = brackets(line, prefix_end, MAX_DEPTH)
    if marks.depth > MAX_DEPTH:
        return [], [too_deep(marks)]
    lexer = Lexer(line, marks)
    return list(lexer.run()), lexer.remarks


def prefix_end(text: str, at: int) -> int:
    found = PREFIX.match(text, at)
    return found.end() if found else at


class Lexer:
    """One walk over a line; what it leaves out is in `remarks`."""

    def __init__(self, line: Line, marks: Brackets) -> None:
        self.line = line
        self.text = line.text
        self.marks = marks
        self.edges = sorted({*line.breaks, *marks.opening, *marks.closing})
        self.remarks: list[Diagnostic] = []

    def run(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            token = self.sign(at) or self.term(at)
            at = token.at.end
            if token.shape is not Shape.NOTHING:
                yield token

    def token(self, shape: Shape, start: int, end: int) -> Token:
        return Token(shape, self.text[start:end], Span(start, end))

    def sign(self, at: int) -> Token | None:
        """The operator at a place where a term could begin."""
        if bars := BARS.match(self.text, at):
            return self.token(Shape.OR, at, bars.end())
        if self.marks.groups(at):
            shape = Shape.OPEN if at in self.marks.opening else Shape.CLOSE
            return self.token(shape, at, at + 1)
        if at in self.marks.alone:
            return self.left_out(Span(at, at + 1), stray)
        if hyphens := HYPHENS.match(self.text, at):
            end = hyphens.end()
            if self.is_edge(end) and end not in self.marks.opening:
                return self.left_out(Span(at, end), lone_hyphen)
            return self.token(Shape.NOT if (end - at) % 2 else Shape.NOTHING, at, end)
        if name := FIELD.match(self.text, at):
            return Token(Shape.FIELD, name[0][:-1].lower(), Span(at, name.end()))
        return None

    def term(self, at: int) -> Token:
        """A quoted string, an operator that is a word, or a term."""
        end = following(self.edges, at + 1)
        end = len(self.text) if end is None else end
        while end - 1 > at and end - 1 in self.marks.alone:
            end -= 1
        closer = self.line.closer(at)
        if closer is not None and self.line.is_quoted(at, closer, end):
            content = self.text[at + 1 : closer]
            if self.text[at] == "『":
                content = content.replace("』』", "』")
            return Token(Shape.QUOTED, content, Span(at, closer + 1))
        if closer is None and self.text[at] in UNCLOSED:
            return self.left_out(Span(at, at + 1), unclosed)
        return word(self.token(Shape.TERM, at, end))

    def is_edge(self, at: int) -> bool:
        return at >= len(self.text) or at == following(self.edges, at)

    def left_out(self, at: Span, remark: Callable[[Token], Diagnostic]) -> Token:
        nothing = self.token(Shape.NOTHING, at.start, at.end)
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(remark(nothing))
        return nothing


def word(term: Token) -> Token:
    """The operator that a term spells, in full width too, or else the term."""
    if len(term.text) > LONGEST_WORD:
        return term
    plain = unicodedata.normalize("NFKC", term.text)
    if shape := WORDS.get(plain):
        return Token(shape, term.text, term.at)
    name, slash, number = plain.partition("/")
    return Token(Shape.NEAR, slash + number, term.at) if name == "NEAR" else term


def stray(bracket: Token) -> Diagnostic:
    hint = _("to find the bracket itself, put the term in quotes")
    if bracket.text in OPENING:
        message = _("the bracket is never closed; it is left out")
        return Diagnostic(Kind.UNCLOSED_BRACKET, bracket.at, message, hint)
    message = _("the bracket was never opened; it is left out")
    return Diagnostic(Kind.STRAY_BRACKET, bracket.at, message, hint)


def lone_hyphen(hyphen: Token) -> Diagnostic:
    message = _("a hyphen that stands alone is left out")
    return Diagnostic(Kind.IGNORED, hyphen.at, message, _("to exclude a term write -term"))


def unclosed(quote: Token) -> Diagnostic:
    message = _("the quote is never closed; it is left out")
    hint = _("close it with {sign}").format(sign=QUOTES[quote.text][0])
    return Diagnostic(Kind.UNCLOSED_QUOTE, quote.at, message, hint)


def too_deep(marks: Brackets) -> Diagnostic:
    message = _("brackets are nested {depth} deep; at most {limit} are read").format(
        depth=marks.depth, limit=MAX_DEPTH
    )
    hint = _("leave out the brackets that change nothing")
    return Diagnostic(
        Kind.TOO_DEEP, Span(marks.deepest, marks.deepest + 1), message, hint, fatal=True
    )
