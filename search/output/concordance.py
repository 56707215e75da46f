"""A concordance for people: a line a mention, the terms one below the other.

Widths are columns of the terminal, in which a Chinese character takes two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from chabao.indexer.folding import fold
from chabao.search.concordance import Concordance, Counts, Line
from chabao.search.output.hits import place
from chabao.search.output.screen import Screen, Style
from chabao.search.output.text import clean, fitted, width

GAP = "  "
LEAST = 40
"""Columns for a term in its context; where there are fewer, what is known of it gives way."""
NARROWEST = 8
"""Columns to which a fact may be cut."""
WIDE = 100
"""Columns of a screen that has room for addresses too."""
MANY = 8
"""Terms whose counts are said in a line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns on a screen: those of each fact that is shown, then left, term, right."""

    facts: Mapping[str, int]
    left: int
    term: int
    right: int


def summary(found: Concordance) -> str:
    """How much was found, and how much of it is shown."""
    said = amount(found.counts)
    shown = len(found.lines)
    if 0 < shown < found.counts.mentions:
        said += _("; the first {shown} are shown (--all for every one)").format(shown=shown)
    return said


def by_term(found: Concordance) -> str:
    """How often each of several terms is mentioned, if they are few."""
    if not 1 < len(found.terms) <= MANY:
        return ""
    return clean(GAP.join(f"{term} {counts.mentions}" for term, counts in found.by_term.items()))


def amount(counts: Counts) -> str:
    """Mentions, items, issues, departments."""
    return _("{mentions}, {items}, {issues}, {departments}").format(
        mentions=ngettext("{n} mention", "{n} mentions", counts.mentions).format(n=counts.mentions),
        items=ngettext("{n} item", "{n} items", counts.items).format(n=counts.items),
        issues=ngettext("{n} issue", "{n} issues", counts.issues).format(n=counts.issues),
        departments=ngettext(
            "{n} department named", "{n} departments named", counts.departments
        ).format(n=counts.departments),
    )


def lines(found: Concordance, screen: Screen) -> Iterator[str]:
    """The lines of a page; in a pipe cells are parted by tabs, and nothing is cut."""
    several = len(found.terms) > 1
    if screen.width is None:
        for line in found.lines:
            cells = (
                *_facts(line, several).values(),
                *map(clean, (line.left, line.text, line.right)),
            )
            yield "\t".join(cells)
        return
    shown = list(found.lines)
    facts = [_facts(line, several) for line in shown]
    layout = laid_out(facts, shown, screen.width)
    for fact, line in zip(facts, shown, strict=True):
        yield _shown(fact, line, layout, screen)


def _facts(line: Line, several: bool) -> dict[str, str]:
    """What is said of a mention beside its context, in order of importance."""
    facts = {"issue": line.number or line.date or line.source}
    if several:
        facts["term"] = " ".join(line.terms)
    facts["section"] = place({"section": line.section, "item": line.item})
    facts["address"] = line.address.partition("+")[0]
    return {name: clean(fact) for name, fact in facts.items()}


def laid_out(facts: Sequence[Mapping[str, str]], shown: Sequence[Line], columns: int) -> Layout:
    """How a screen of so many columns is shared out."""
    most = {"issue": 16, "term": 12, "section": columns // 5}
    if columns >= WIDE:
        most["address"] = 20
    if all(fold(line.text) in map(fold, line.terms) for line in shown):
        del most["term"]  # the term is what stands in the middle
    kept: dict[str, int] = {}
    room = columns
    for name in facts[0] if facts else ():
        longest = max(width(fact[name]) for fact in facts)
        wide = min(longest, most.get(name, 0), room - LEAST - len(GAP))
        if 0 < wide >= min(NARROWEST, longest):
            kept[name] = wide
            room -= wide + len(GAP)
    longest = max((width(clean(line.text)) for line in shown), default=0)
    term = min(longest, room // 3)
    left = (room - term - 2) // 2
    return Layout(kept, left, term, room - term - 2 - left)


def _shown(fact: Mapping[str, str], line: Line, layout: Layout, screen: Screen) -> str:
    left = ending(clean(line.left), layout.left)
    term = fitted(clean(line.text), layout.term)
    context = " ".join(
        (
            " " * (layout.left - width(left)) + left,
            screen.paint(term, Style.MARK) + " " * (layout.term - width(term)),
            filled(clean(line.right), layout.right),
        )
    )
    parts = [
        screen.paint(filled(fact[name], wide), Style.FAINT) for name, wide in layout.facts.items()
    ]
    parts.insert(1 if parts else 0, context)
    return GAP.join(parts).rstrip()


def filled(text: str, columns: int) -> str:
    """`text` cut or filled up to so many columns."""
    cut = fitted(text, columns)
    return cut + " " * (columns - width(cut))


def ending(text: str, columns: int) -> str:
    """The end of `text` that fits `columns`, with … where something is missing."""
    return fitted(text[::-1], columns)[::-1]
