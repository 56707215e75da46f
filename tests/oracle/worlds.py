"""Every document that can be made of n words, and random trees over them.

Document k holds word i where bit i of k is set: 2ⁿ documents, so that a boolean mistake of any
kind shows in at least one of them. Give a backend `records(words)` and compare what it finds for a
tree, as a set of numbers, with `expected(tree, words)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from chabao.search.algebra import conjunction, disjunction, grounded, negation
from chabao.search.query import And, Everything, Literal, Near, Node, Not, Or


def records(words: Sequence[str]) -> list[dict[str, Any]]:
    """The 2ⁿ items in the shape of schema 1; the id of document k is str(k)."""
    return [
        {
            "schema": 1, "id": str(number), "title": None, "number": None, "serial": None,
            "date": None, "period": {"first": None, "last": None}, "publisher": None,
            "section": [], "item": "", "department": [], "dates": [],
            "text": "。".join(held(words, number)) + "。", "source": f"{number}.txt", "line": 1,
            "page": None, "inferred": [],
        }
        for number in range(2 ** len(words))
    ]  # fmt: skip


def held(words: Sequence[str], number: int) -> list[str]:
    return [word for bit, word in enumerate(words) if number >> bit & 1]


def trees(words: Sequence[str]) -> st.SearchStrategy[Node]:
    """Trees in the form that the query language makes: flat, and never a Not without a ground."""
    leaves: st.SearchStrategy[Node] = st.sampled_from(words).map(Literal)
    several = st.lists
    inner = st.recursive(
        leaves | st.builds(Near, leaves, leaves, st.none()),
        lambda below: st.one_of(
            several(below, min_size=2, max_size=4).map(conjunction),
            several(below, min_size=2, max_size=4).map(disjunction),
            below.map(negation),
        ).filter(lambda node: node is not None),  # type: ignore[arg-type]
        max_leaves=12,
    )
    return inner.map(grounded)


def expected(tree: Node, words: Sequence[str]) -> set[int]:
    """The numbers of the documents that a tree finds."""
    return {number for number in range(2 ** len(words)) if holds(tree, set(held(words, number)))}


def holds(tree: Node, present: set[str]) -> bool:
    match tree:
        case Literal(word):
            return word in present
        case And(children):
            return all(holds(child, present) for child in children)
        case Or(children):
            return any(holds(child, present) for child in children)
        case Not(child):
            return not holds(child, present)
        case Near(left, right, None):
            return holds(left, present) and holds(right, present)
        case Everything():
            return True
        case _:
            raise TypeError(f"no truth table for {tree}")
