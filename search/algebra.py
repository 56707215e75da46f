"""Query nodes joined: flat, without doubles, with a ground under what only excludes."""

from __future__ import annotations

from collections.abc import Iterable

from chabao.search.query import And, Everything, Literal, Near, Node, Not, Numeric, Or, Pattern


def conjunction(nodes: Iterable[Node]) -> Node | None:
    """All of the nodes; None of none. Still without ground: see `grounded`."""
    flat: dict[Node, None] = {}
    for node in nodes:
        flat.update(dict.fromkeys(node.children if isinstance(node, And) else (node,)))
    flat.pop(Everything(), None)
    return one_or(And, tuple(flat))


def disjunction(nodes: Iterable[Node]) -> Node | None:
    """Any of the nodes; None of none."""
    nodes = list(dict.fromkeys(nodes))
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    flat: dict[Node, None] = {}
    for node in nodes:
        flat.update(dict.fromkeys(node.children if isinstance(node, Or) else (grounded(node),)))
    return one_or(Or, tuple(flat))


def one_or(kind: type[And | Or], nodes: tuple[Node, ...]) -> Node | None:
    return kind(nodes) if len(nodes) > 1 else nodes[0] if nodes else None


def negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(grounded(node))


def grounded(node: Node) -> Node:
    """What only excludes, excludes from everything: -甲 alone is Everything and not 甲."""
    children = node.children if isinstance(node, And) else (node,)
    if all(isinstance(child, Not) for child in children):
        return And((Everything(), *children))
    return node


def proximity(left: Node, right: Node, distance: int | None) -> Near | None:
    """Both near each other; None where a side is not a text or a choice of texts."""
    return Near(left, right, distance) if is_text(left) and is_text(right) else None


def is_text(node: Node) -> bool:
    sides = node.children if isinstance(node, Or) else (node,)
    return all(isinstance(side, (Literal, Pattern, Numeric)) for side in sides)
