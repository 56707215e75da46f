"""What a peer has to be: one small protocol, and the questions put to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Protocol

from benchmarks.texts import Doc

TOP = 10
"""How many hits are wanted where not all are."""
REACH = 10
"""Characters that `*` and NEAR may span."""


class Shape(StrEnum):
    """What is asked."""

    TERM = "term"
    ALL = "all"
    ANY = "any"
    PHRASE = "phrase"
    RANGE = "range"
    CHARACTER = "character"
    PATTERN = "pattern"
    GAP = "gap"
    NEAR = "near"
    NOT = "not"


class Want(StrEnum):
    """What is to be handed back: the best ten, ten with a snippet each, how many items, every
    item that matches, or how many items a department."""

    TOP = "top"
    SNIPPETS = "snippets"
    COUNT = "count"
    EVERY = "every"
    FACET = "facet"


@dataclass(frozen=True, slots=True)
class Query:
    """`terms` as typed; `words` are theirs as peers cut them. Days are ISO dates, both included.

    The term of a pattern has `?` for one character, that of a gap `*` for up to `REACH`.
    """

    kind: str
    shape: Shape
    want: Want
    terms: tuple[str, ...]
    words: tuple[tuple[str, ...], ...] = ()
    first: str = ""
    last: str = ""

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Query:
        """From JSON."""
        lists = {"terms": tuple(fields["terms"]), "words": tuple(map(tuple, fields["words"]))}
        named = {"shape": Shape(fields["shape"]), "want": Want(fields["want"])}
        return cls(**fields | lists | named)


Sees = Literal["words", "characters", "neither"]
"""What an engine's counts must equal: the items that hold the words, those that hold the string,
or neither (its tokens are its own)."""


class Engine(Protocol):
    """A peer. It has tools of its own for snippets and counting, and is used as its manual says."""

    sees: Sees
    shapes: frozenset[Shape]
    wants: frozenset[Want]

    def about(self) -> str:
        """Version and configuration, in a line."""

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        """Index the docs in an empty folder."""

    def open(self, folder: Path) -> None:
        """Be ready for questions."""

    def answer(self, query: Query) -> object:
        """What is wanted; this is what is timed."""

    def total(self, query: Query) -> int:
        """How many items match; for the checks, not timed."""

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        """Commands, each a whole process that answers a phrase: name to argument list."""
