"""A query tree as the cluster is asked for it: the items that match, or more where it says so.

A text is a phrase of bigrams, so that the cluster finds what a scan finds. What it has no words for
(gaps of some length, nearness, numbers by their value) is asked for by what the items must have,
and looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from chabao.indexer.cluster.mapping import ABOVE, BIGRAMS, CHARACTERS
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import FIRST_DAY, LAST_DAY
from chabao.search.query import (
    And,
    Between,
    Calendar,
    Everything,
    Gap,
    Literal,
    Named,
    Near,
    Node,
    Not,
    Numeric,
    Or,
    Pattern,
)

Body = dict[str, Any]
Names = Callable[[Named], Body]
"""The question for the items that a name means."""
ALL: Body = {"match_all": {}}
NONE: Body = {"match_none": {}}
CHOICES = 16
"""Pairs of texts near one another that are asked for as such; of more, only that both are there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whether what it finds is what matches: else it is that and more."""

    body: Body
    exact: bool = True


def asked(node: Node, names: Names) -> Asked:
    """The question for the items that a node matches."""
    match node:
        case Literal(text):
            return Asked(phrase(fold(text)))
        case Pattern(parts):
            return Asked(_pattern(parts), exact=False)
        case Numeric(text):
            return Asked(_numeric(fold(text)), exact=False)
        case Near(left, right, distance):
            sides = asked(left, names), asked(right, names)
            if distance is None:
                return _all(sides)
            return Asked(every((*(side.body for side in sides), *_beside(node))), exact=False)
        case And(children):
            return _all([asked(child, names) for child in children])
        case Or(children):
            found = [asked(child, names) for child in children]
            return Asked(some(each.body for each in found), all(each.exact for each in found))
        case Not(child):
            inner = asked(child, names)
            return Asked(without(inner.body)) if inner.exact else Asked(ALL, exact=False)
        case Named():
            return Asked(names(node))
        case Between():
            return Asked(_between(node))
        case Everything():
            return Asked(ALL)
    raise TypeError(node)


def _all(found: Iterable[Asked]) -> Asked:
    found = list(found)
    return Asked(every(each.body for each in found), all(each.exact for each in found))


def every(bodies: Iterable[Body]) -> Body:
    """What all of the questions find."""
    found = [body for body in bodies if body != ALL] or [ALL]
    return found[0] if len(found) == 1 else {"bool": {"filter": found}}


def some(bodies: Iterable[Body]) -> Body:
    """What any of the questions finds."""
    found = list(bodies)
    if len(found) == 1:
        return found[0]
    return {"bool": {"should": found, "minimum_should_match": 1}}


def without(body: Body) -> Body:
    return {"bool": {"filter": [ALL], "must_not": [body]}}


def phrase(folded: str, field: str = "") -> Body:
    """Where a folded string stands; scored by how often, times `terms` of it."""
    if not folded:
        return NONE
    field = field or (CHARACTERS if len(folded) == 1 else BIGRAMS)
    return {"match_phrase": {field: {"query": folded}}}


def terms(folded: str) -> int:
    """By how much the score of a `phrase` is more than how often it stands there."""
    return max(1, len(folded) - 1)


def above(folded: str) -> Body:
    """The items over which a string stands."""
    return phrase(folded, ABOVE)


def _pattern(parts: tuple[str | Gap, ...]) -> Body:
    """Items that have its strings in order, with no more between them than all gaps have."""
    texts = [fold(part) for part in parts if isinstance(part, str)]
    if not all(texts):
        return NONE
    most = sum(part.most for part in parts if isinstance(part, Gap))
    strings = [_interval(text) for text in texts]
    ordered = {"all_of": {"ordered": True, "max_gaps": most, "intervals": strings}}
    phrases = [phrase(text) for text in dict.fromkeys(texts)]
    if len(phrases) < len(texts):  # as for texts beside themselves, see `_beside`
        return every(phrases)
    return every((*phrases, {"intervals": {CHARACTERS: ordered}}))


def _interval(folded: str) -> Body:
    return {"match": {"query": folded, "ordered": True, "max_gaps": 0}}


def _beside(node: Near) -> Iterator[Body]:
    """Items that have a text of one side near enough to one of the other. Of patterns nothing is
    said: the cluster knows only the shortest of the stretches that end in one place. Nor of a text
    beside itself: Lucene takes the same one twice for something else."""
    left, right = _texts(node.left), _texts(node.right)
    if not set(left) & set(right) and 0 < len(left) * len(right) <= CHOICES:
        pairs = [*product(left, right), *product(right, left)]
        yield some(
            {"intervals": {CHARACTERS: {"all_of": {
                "ordered": True,  # else a text stands beside itself, or what it overlaps
                "max_gaps": node.distance, "intervals": [_interval(one), _interval(other)],
            }}}} for one, other in dict.fromkeys(pairs)
        )  # fmt: skip


def _texts(node: Node) -> list[str]:
    """The folded strings that a side may be; none where it may be something else."""
    nodes = node.children if isinstance(node, Or) else (node,)
    found = [fold(each.text) for each in nodes if isinstance(each, Literal)]
    return found if len(found) == len(nodes) and all(found) else []


def _numeric(folded: str) -> Body:
    """Items with what stands between its numbers, and the first digits of these."""
    from chabao.search.numbers import Worth, openings, parts

    found, worth = [], False
    for part in dict.fromkeys(parts(folded)):
        if isinstance(part, Worth):
            worth = True
            found.append({"terms": {CHARACTERS: sorted(set(openings(part)[0]))}})
        else:
            found.append(phrase(part))
    return every(found) if worth else NONE


def _between(node: Between) -> Body:
    least = node.first.toordinal() if node.first else FIRST_DAY
    most = node.last.toordinal() if node.last else LAST_DAY
    if node.field is Calendar.ISSUED:
        return {"range": {"date": {"gte": least, "lte": most}}}
    begun = {"range": {"first": {"gte": FIRST_DAY, "lte": most}}}
    return every((begun, {"range": {"last": {"gte": least, "lte": LAST_DAY}}}))
