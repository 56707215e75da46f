"""Counts of what was found: by department and year, by section, and by issue."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from chabao.indexer.fields import PATH
from chabao.indexer.folding import fold
from chabao.indexer.labels import read as label_of
from chabao.search.backends.tally import Tally
from chabao.search.results import Facet

MOST_SECTIONS = 40
"""First headings that are counted: those of the most items."""


def facet(tally: Tally) -> Facet:
    """Every count of items that a search can be narrowed by; most items first."""
    cells = {(name, str(year or "")): count for (name, year), count in sorted(tally.cells.items())}
    totals: Counter[str] = Counter()
    for (department, _year), count in cells.items():
        totals[department] += count
    return Facet(
        departments=tuple(sorted(totals, key=lambda name: (-totals[name], name))),
        years=tuple(sorted({year for _, year in cells})),
        cells=cells,
        dated={str(year or ""): count for year, count in sorted(tally.years.items())},
        numbers=dict(sorted(tally.numbers.items())),
        sections=by_section(tally.sections),
    )


def by_section(counted: Counter[str]) -> dict[str, int]:
    """Items by first heading, as the filter on sections counts them: those that have its words in
    any heading above them; most items first. `counted` is by path."""
    paths: list[tuple[list[str], int]] = []
    openings: Counter[str] = Counter()
    for path, count in sorted(counted.items()):
        headings = path.split(PATH)
        paths.append(([_folded(heading) for heading in headings], count))
        openings[unnumbered(headings[0])] += count
    names: dict[str, str] = {}
    for name, _count in openings.most_common(MOST_SECTIONS):
        names.setdefault(_folded(name), name)
    found = {
        name: sum(count for headings, count in paths if any(words in each for each in headings))
        for words, name in names.items()
        if words
    }
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


_folded = lru_cache(4096)(fold)


def unnumbered(heading: str) -> str:
    """A heading without its number: 二、窗口工作动态 → 窗口工作动态."""
    label = label_of(heading, heading)
    return heading[label.length :].strip() or heading if label else heading
