"""Regular expressions in time linear in the text: the one door to RE2.

RE2 knows neither look-around nor back-references, and so no pattern can hang. What Chinese text
needs is said to it here: `\\w` and `\\d` are letters and digits of any script, and a pattern for
folded text has its own characters folded, none of which becomes an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

from chabao.indexer.errors import MissingLibrary
from chabao.indexer.folding import fold_char

WORD = r"\p{L}\p{N}_"
DIGITS = {"d": r"\p{Nd}", "D": r"\P{Nd}"}
OUTSIDE = re.compile(r"\\Q(?s:.*?)(?:\\E|\Z)|\\[pPx]\{[^}]*\}|\\(?s:.)|\[\^?\]?|(?s:.)")
INSIDE = re.compile(
    r"\[:\^?\w+:\]|\\[pPx]\{[^}]*\}|(?P<from>[^\\\]])-(?P<to>[^\\\]])|\\(?s:.)|(?s:.)"
)
"""The pieces of a pattern, outside and inside of [brackets]."""
MEMORY = 32 << 20
"""Bytes for one automaton. What does not fit is matched step by step, a hundred times slower."""
LARGE = 400
"""Steps of a program, above which its automaton may not fit: .{0,50} has 450, \\d{4} has 350. What
has letters of any script, as \\w, is large too, but seldom slow."""


class BadPattern(ValueError):
    """A pattern that cannot be read. `part` is where in it, as far as that is known."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(reason)
        self.reason, self.part = reason, part


class Expression:
    """A compiled pattern. `spans` are its matches in an item's text, left to right, none of them
    empty or overlapping: from each place the one that Python's `re` would take.

    `idle` counts the empty ones so far: a pattern that needs no character matches everywhere.
    One that is `large`, mostly by its repetitions, may be slow.
    """

    def __init__(self, pattern: str, as_written: bool = False) -> None:
        """Matches are looked for in folded text; `as_written` in the text of the source, where
        case, width and script count. Raises BadPattern, MissingLibrary."""
        self.pattern, self.as_written = pattern, as_written
        self.idle = 0
        self._compiled = _compiled(translated(pattern, folded=not as_written), as_written)
        self.large = self._compiled.programsize > LARGE

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Half-open stretches, in code points. `text` is folded or not, as the pattern wants."""
        for match in self._compiled.finditer(text.encode("utf-8", "replace").decode()):
            start, end = match.span()
            if start < end:
                yield start, end
            else:
                self.idle += 1


def _compiled(pattern: str, as_written: bool) -> Any:
    try:
        import re2
    except ImportError as error:
        raise MissingLibrary(name="google-re2", install="chabao[regex]") from error
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MEMORY
    options.case_sensitive = as_written
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        kind, _colon, part = error.args[0].decode("utf-8", "replace").partition(": ")
        raise BadPattern(_reason(kind), part) from error
    except UnicodeEncodeError as error:
        raise BadPattern(_("it holds half a character")) from error


def _reason(kind: str) -> str:
    """RE2's reason in words that a reader of the messages understands."""
    reasons = {
        "missing )": _("a bracket ( is not closed"),
        "missing ]": _("a bracket [ is not closed"),
        "unexpected )": _("a bracket ) closes nothing"),
        "no argument for repetition operator": _("there is nothing before this to repeat"),
        "bad repetition operator": _("one repetition follows another"),
        "invalid repetition size": _("it repeats more than 1,000 times"),
        "invalid perl operator": _("look-around and other extensions are not available"),
        "invalid escape sequence": _("this escape is not available, nor are back-references"),
        "invalid character class range": _("this is no range or class of characters"),
        "pattern too large - compile failed": _("it is too large"),
        "trailing \\": _("it ends in a single \\"),
    }
    return reasons.get(kind, kind)


def translated(pattern: str, folded: bool = True) -> str:
    """A pattern as it is written here, to one that RE2 reads in the same way."""
    pieces, at, inside = [], 0, False
    while at < len(pattern):
        match = (INSIDE if inside else OUTSIDE).match(pattern, at)
        assert match
        piece, at = match[0], match.end()
        if piece[0] == "\\":
            pieces.append(_escaped(piece, inside, folded))
        elif inside:
            inside = piece != "]"
            pieces.append(_member(match, folded) if inside else piece)
        elif piece[0] == "[":
            inside = True
            pieces.append(piece)
        else:
            pieces.append(_literal(piece, folded) if _means_itself(piece) else piece)
    return "".join(pieces)


def _means_itself(char: str) -> bool:
    return char > "\x7f" or char in "'`"


def _literal(text: str, folded: bool) -> str:
    """Characters that stand for themselves, folded where the text is."""
    chars = map(fold_char, text) if folded else iter(text)
    return "".join(char if char.isalnum() or char > "\x7f" else f"\\{char}" for char in chars)


def _escaped(piece: str, inside: bool, folded: bool) -> str:
    letter = piece[1:2]
    match letter:
        case "w":
            return WORD if inside else f"[{WORD}]"
        case "W" if inside:
            reason = _("\\W cannot stand in [brackets]; write [^…] with what is not wanted")
            raise BadPattern(reason, piece)
        case "W":
            return f"[^{WORD}]"
        case "d" | "D":
            return DIGITS[letter]
        case "Z":
            return r"\z"
        case "Q" if len(piece) > 2:
            return _literal(piece[2:].removesuffix("\\E"), folded)
    return (
        piece
        if len(piece) > 2 or not letter or _is_ascii_word(letter)
        else _literal(letter, folded)
    )


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _member(match: re.Match[str], folded: bool) -> str:
    """One character, range or class between [ and ]."""
    if match["from"]:
        first, last = match["from"], match["to"]
        ends = fold_char(first), fold_char(last)
        # Full-width digits become 0-9; a range whose ends fold unevenly stays what it is.
        moves = folded and ord(ends[1]) - ord(ends[0]) == ord(last) - ord(first)
        return "-".join(_end(char) for char in (ends if moves else (first, last)))
    piece = match[0]
    return (
        piece
        if len(piece) > 1 or not (_means_itself(piece) or piece in "[{}")
        else _literal(piece, folded)
    )


def _end(char: str) -> str:
    return char if char.isalnum() or char > "\x7f" else f"\\{char}"
