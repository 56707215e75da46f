"""What is said where nothing was found: what comes nearest, and which condition emptied it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from gettext import gettext as _

from chabao.indexer.folding import fold
from chabao.search.algebra import conjunction, grounded
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.parts import mentions
from chabao.search.backends.related import question
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import (
    And,
    Between,
    Diagnostic,
    Kind,
    Literal,
    Named,
    Node,
    Not,
    Query,
    Span,
)
from chabao.search.wording import say

NEAREST = 5
SUGGESTED = 3
"""Terms for which anything is suggested, so that remarks stay a few lines."""
LONGEST = 64
"""Characters of what was asked in which the longest parts that do stand somewhere are looked for.
Each part costs a search of its own, so this bounds what an empty answer costs."""
FORESEEN = 16
"""Characters of what was asked of which all parts are looked for at once, where that is sooner."""
CONDITIONS = 16
"""Conditions that are left out in turn, to see which one emptied the answer; of more, none is."""


def unmentioned(index: Index, query: Query) -> Query:
    """The query, with why it is mentioned nowhere, as far as that can be told."""
    if query.node is None:
        return query
    if leaves(query.node):
        remarks = empty(index, query, relaxed=False)
    else:
        message = _("this names no text, and so it is mentioned nowhere")
        remarks = (Diagnostic(Kind.NO_TEXT, Span(0, len(query.line)), message),)
    return replace(query, diagnostics=(*query.diagnostics, *remarks))


def empty(index: Index, query: Query, relaxed: bool) -> tuple[Diagnostic, ...]:
    """Remarks on a query no item holds all of."""
    assert query.node is not None
    if not index.statistics.items:
        hint = _("chabao index FOLDER puts bulletins into it")
        return (_remark(Kind.EMPTY_INDEX, _("the index is empty"), hint),)
    found = list(emptied(index, query))
    above = _headings(index, query.node)
    if not found:
        found += _nearest(index, query.node, suggest=not above)
    if above:
        message = _("it stands in headings only, over {count} items").format(count=above)
        found.append(_remark(Kind.HEADING_ONLY, message))
    if relaxed:
        message = _("no item says all of it; these say most of it in other words or places")
        hint = _("--exact shows literal mentions only")
        found.append(_remark(Kind.RELAXED, message, hint))
    return tuple(found)


def emptied(index: Index, query: Query) -> tuple[Diagnostic, ...]:
    """Which condition of a query, left out, would have left something."""
    children = query.node.children if isinstance(query.node, And) else ()
    conditions = [child for child in children if isinstance(child, (Named, Between, Not))]
    found = []
    for child in conditions if len(conditions) <= CONDITIONS else ():
        rest = conjunction(other for other in children if other is not child)
        count = index.count(grounded(rest)) if rest else 0
        if count:
            message = _("without {condition} there are {count} items")
            said = message.format(condition=say(child), count=count)
            found.append(_remark(Kind.EMPTIED_BY_FILTER, said))
    return tuple(found)


def _headings(index: Index, node: Node) -> int:
    """Items that stand under headings with every text of the query."""
    texts = [leaf for leaf in leaves(node) if isinstance(leaf, Literal)]
    if not texts or len(texts) < len(leaves(node)):
        return 0
    return index.beneath([fold(leaf.text) for leaf in texts])


def _nearest(index: Index, node: Node, suggest: bool) -> Iterator[Diagnostic]:
    """What may have been meant by the texts asked for; of a text that is like none, the longest
    parts that are mentioned; each with how often."""
    parts: dict[str, int] = {}
    room = LONGEST
    missing = [text for text in dict.fromkeys(question(node)) if len(text) > 1]
    missing = [text for text in missing[:LONGEST] if not mentions(index, text)]
    for number, text in enumerate(missing):
        if room < 2:
            break
        piece, room = text[:room], room - len(text)
        meant = _meant(index, text) if suggest and number < SUGGESTED else ""
        if meant:
            said = _("did you mean {texts}?").format(texts=meant)
            said = said if len(missing) == 1 else _("{text}: {said}").format(text=text, said=said)
            yield _remark(Kind.SUGGESTION, said)
        else:
            parts.update(_parts(index, piece))
    best = sorted(parts.items(), key=lambda part: (-len(part[0]), -part[1]))[:NEAREST]
    if best:
        said = ", ".join(f"{part} ({count})" for part, count in best)
        yield _remark(Kind.NEAREST, _("mentioned are: {parts}").format(parts=said))


def _meant(index: Index, text: str) -> str:
    if not index.at_hand:
        return ""
    from chabao.search.suggestions import suggestions

    return ", ".join(f"{each.text} ({each.mentions})" for each in suggestions(index, text))


def _parts(index: Index, text: str) -> Iterator[tuple[str, int]]:
    """Each longest stretch of two characters up that is mentioned and no part of a longer one."""
    if len(text) <= FORESEEN:
        ends = range(2, len(text) + 1)
        index.foresee(text[at:end] for end in ends for at in range(end - 1))
    start, reached = 0, 0
    while start < len(text) - 1:
        end, count = start + 1, 0
        while end < len(text) and (more := mentions(index, text[start : end + 1])):
            end, count = end + 1, more
        if count and end > reached:
            yield text[start:end], count
            reached = end
        start += 1


def _remark(kind: Kind, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(kind, Span(0, 0), message, hint)
