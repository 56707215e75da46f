"""Counts of what was found: by department and year, and by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from chabao.search.backends.evaluation import Leaf
from chabao.search.backends.whoosh_ import Part, mentioned
from chabao.search.results import Facet


def by_department(parts: Sequence[Part]) -> Facet:
    """Items by department (each that an item names) and year of issue; most items first."""
    cells: Counter[tuple[str, str]] = Counter()
    for part in parts:
        if not len(part.documents):
            continue
        kernel, terms = part.evaluation.kernel, part.segment.terms("department")
        members = kernel.members(part.documents)
        for number, term in enumerate(terms.all()):
            named = kernel.only(kernel.unpacked(terms.posting(number)), members)
            for year, count in kernel.frequencies(kernel.years(named)):
                cells[
                    term.decode("utf-8", "surrogatepass"),
                    str(year or ""),
                ] += count
    totals: Counter[str] = Counter()
    for (department, _), count in cells.items():
        totals[department] += count
    departments = sorted(totals, key=lambda name: (-totals[name], name))
    return Facet(tuple(departments), tuple(sorted({year for _, year in cells})), dict(cells))


def by_source(parts: Sequence[Part], wanted: Sequence[Leaf]) -> dict[str, int]:
    """Mentions by source; items where nothing is mentioned."""
    found: dict[str, int] = {}
    for part in parts:
        if not len(part.documents):
            continue
        kernel, terms = part.evaluation.kernel, part.segment.terms("source")
        counts = mentioned(part, wanted) if wanted else part.documents
        for number, term in enumerate(terms.all()):
            here: Any = kernel.both(part.documents, kernel.unpacked(terms.posting(number)))
            if len(here):
                said = kernel.sum(kernel.selected(part.documents, counts, here)) if wanted else 0
                name = term.decode("utf-8", "surrogatepass")
                found[name] = found.get(name, 0) + (int(said) or len(here))
    return dict(sorted(found.items()))
