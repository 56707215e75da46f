"""A line of text to a query: never an exception, every mistake a diagnostic.

NOT binds most, then NEAR and 同条, then AND (white space), then OR. Nothing here recurses on what
was typed: brackets are frames on a stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from gettext import gettext as _

from chabao.indexer.folding import fold
from chabao.search.algebra import conjunction, disjunction, grounded, negation, proximity
from chabao.search.brackets import is_balanced
from chabao.search.lexer import MAX_REMARKS, Shape, Token, tokens
from chabao.search.query import Diagnostic, Kind, Literal, Node, Pattern, Query, Span
from chabao.search.terms import MAX_CHARACTERS, by_value, leaf, too_long
from chabao.search.wording import say

VERSION = 1
"""Of the language; a line that was kept with a higher one may mean something else there."""
MAX_LINE = 100_000
MAX_TERMS = 1_024
NEAR = 10
"""Characters between the sides of NEAR, at most, where no number is given."""
FARTHEST = 1_000

IDEOGRAPHS = re.compile("[\u3400-\u9fff]{1,64}")
"""What most people type: nothing in it can be an operator."""

INFIX = {Shape.AND, Shape.OR, Shape.NEAR, Shape.SAME_ITEM}
OPERANDS = {Shape.TERM, Shape.QUOTED, Shape.FIELD, Shape.NOT, Shape.OPEN}


def parse(
    line: str, *, today: date | None = None, literal: bool = False, numbers: bool = False
) -> Query:
    """The query that a line asks; `literal` takes all of it as one string, `numbers` reads those of
    terms by their value.

    `today` is what dates like 近三个月 count from. Where a diagnostic is fatal, `node` is None.
    """
    if len(line) > MAX_LINE:
        return finished(line, None, [too_long(Span(0, len(line)), len(line), MAX_LINE)])
    if literal or IDEOGRAPHS.fullmatch(line):
        return one_string(line, numbers)
    today = today or date.today()
    signs, remarks = tokens(line)
    parser = Parser(signs, today, numbers)
    node = parser.run()
    remarks += parser.remarks
    if node and parser.unpaired and Parser(tokens(say(node))[0], today, False).run() != node:
        return finished(line, None, [*remarks, unsayable(parser.unpaired)])
    return finished(line, node, remarks)


def one_string(line: str, numbers: bool = False) -> Query:
    whole = Span(0, len(line))
    if len(line) > MAX_CHARACTERS:
        return finished(line, None, [too_long(whole, len(line), MAX_CHARACTERS)])
    if not fold(line):
        return finished(line, None, [])
    return finished(line, by_value(line, whole) if numbers else Literal(line, whole), [])


def finished(line: str, node: Node | None, remarks: list[Diagnostic]) -> Query:
    """The query with its remarks in the order of the line; an empty one says why it is empty."""
    remarks.sort(key=lambda remark: (not remark.fatal, remark.span))
    if node is None and not remarks:
        hint = _("write what to look for, such as 川渝通办")
        remarks.append(Diagnostic(Kind.EMPTY, Span(0, len(line)), _("the query is empty"), hint))
    if node is None:
        remarks[0] = replace(remarks[0], fatal=True)
    fatal = bool(remarks and remarks[0].fatal)
    understood = say(node) if node else ""
    return Query(line, None if fatal else node, understood, tuple(remarks[:MAX_REMARKS]))


@dataclass(slots=True)
class Frame:
    """What stands between two brackets so far.

    `alternatives` are done with, `asked` is all of the one being read. `last` is what NEAR would
    join, `joined` whether it did already. The other three wait for the next operand.
    """

    inherited: Token | None = None
    alternatives: list[Node] = field(default_factory=list)
    asked: list[Node] = field(default_factory=list)
    last: Node | None = None
    joined: bool = False
    joint: Token | None = None
    named: Token | None = None
    negated: bool = False

    def end_alternative(self) -> None:
        self.last = None
        if node := conjunction(self.asked):
            self.alternatives.append(node)
        self.asked = []

    def node(self) -> Node | None:
        self.end_alternative()
        return disjunction(self.alternatives)


class Parser:
    """Tokens to one tree; what does not fit is left out and said in `remarks`."""

    def __init__(self, signs: list[Token], today: date, numbers: bool) -> None:
        self.signs = signs
        self.today = today
        self.numbers = numbers
        self.frames = [Frame()]
        self.remarks: list[Diagnostic] = []
        self.terms = 0
        self.unpaired: Span | None = None
        """A term with a wildcard and a bracket without a partner, if there is one."""

    def run(self) -> Node | None:
        followers = [*self.signs[1:], None]
        for sign, after in zip(self.signs, followers, strict=False):
            self.take(sign, ready=after is not None and after.shape in OPERANDS)
            if self.terms > MAX_TERMS:
                self.remarks.append(too_many(sign.at))
                return None
        node = self.frames[0].node()
        return grounded(node) if node else None

    def take(self, sign: Token, ready: bool) -> None:
        """One token; `ready` where an operand can begin after it."""
        frame = self.frames[-1]
        match sign.shape:
            case Shape.TERM | Shape.QUOTED:
                self.leaf(sign)
            case Shape.OPEN:
                self.frames.append(Frame(frame.named or frame.inherited))
            case Shape.CLOSE:
                self.close(sign)
            case Shape.NOT | Shape.FIELD if ready:
                frame.negated ^= sign.shape is Shape.NOT
                frame.named = sign if sign.shape is Shape.FIELD else frame.named
            case Shape.AND if ready and frame.asked:
                frame.last = None
            case Shape.OR if ready and frame.asked:
                frame.end_alternative()
            case Shape.NEAR | Shape.SAME_ITEM if ready and frame.last:
                frame.joint = sign
            case Shape.SAME_ITEM:
                self.leaf(replace(sign, shape=Shape.TERM))
            case _ if len(self.remarks) < MAX_REMARKS:
                self.remarks.append(missing(sign))

    def leaf(self, sign: Token) -> None:
        frame = self.frames[-1]
        self.terms += 1
        node, remark = leaf(sign, frame.named or frame.inherited, self.today, self.numbers)
        if remark:
            self.remarks.append(remark)
        if isinstance(node, Pattern) and not is_balanced(sign.text):
            self.unpaired = sign.at
        self.operand(node)

    def close(self, sign: Token) -> None:
        if len(self.frames) == 1:
            return
        node = self.frames.pop().node()
        if node is None:
            message = _("there is nothing to look for between the brackets")
            self.remarks.append(Diagnostic(Kind.EMPTY, sign.at, message))
        self.operand(node)

    def operand(self, node: Node | None) -> None:
        """A term or group that is complete, and what waited for it."""
        frame = self.frames[-1]
        negated, joint = frame.negated, frame.joint
        frame.negated, frame.named, frame.joint = False, None, None
        if node is None:
            return
        node = negation(node) if negated else node
        both = self.near(frame.last, node, joint) if joint and frame.last else None
        if both is None:
            frame.asked.append(node)
        elif frame.joined:
            frame.asked.append(both)
        else:
            frame.asked[-1] = both
        frame.joined = both is not None
        frame.last = node

    def near(self, left: Node, right: Node, joint: Token) -> Node | None:
        """Both sides joined; None where they stand side by side in one item as it is."""
        distance = None if joint.shape is Shape.SAME_ITEM else self.distance(joint)
        both = proximity(left, right, distance)
        if both is None and distance is not None:
            message = _("NEAR joins single terms or a choice of them; read as AND here")
            self.remarks.append(Diagnostic(Kind.BAD_NEAR, joint.at, message))
        return both

    def distance(self, joint: Token) -> int:
        digits = joint.text[1:].lstrip("0") or joint.text[1:2]
        if not joint.text:
            return NEAR
        if digits.isdecimal() and len(digits) < 5 and int(digits) <= FARTHEST:
            return int(digits)
        number = FARTHEST if digits.isdecimal() else NEAR
        message = _("NEAR takes a number up to {most}; read as NEAR/{number}").format(
            most=FARTHEST, number=number
        )
        self.remarks.append(Diagnostic(Kind.BAD_NEAR, joint.at, message))
        return number


def missing(sign: Token) -> Diagnostic:
    message = _("there is nothing for this operator to work on; it is left out")
    hint = _("to find the word itself, put it in quotes")
    return Diagnostic(Kind.MISSING_OPERAND, sign.at, message, hint)


def unsayable(at: Span) -> Diagnostic:
    """Other brackets would take it for their partner, however the query is written."""
    message = _("this term has a bracket without a partner, which others may take for theirs")
    hint = _("leave the bracket out, or write ? in its place")
    return Diagnostic(Kind.STRAY_BRACKET, at, message, hint, fatal=True)


def too_many(at: Span) -> Diagnostic:
    message = _("there are too many terms; at most {limit} are read").format(limit=MAX_TERMS)
    hint = _("ask in several searches")
    return Diagnostic(Kind.TOO_MANY_TERMS, at, message, hint, fatal=True)
