"""Counts of what was found: by department and year, by section, by issue, and by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from chabao.indexer.fields import PATH
from chabao.indexer.folding import fold
from chabao.indexer.labels import read as label_of
from chabao.search.backends.evaluation import Leaf
from chabao.search.backends.whoosh_ import Part, mentioned
from chabao.search.results import Facet

MOST_SECTIONS = 40
"""First headings that are counted: those of the most items."""


def facet(parts: Sequence[Part]) -> Facet:
    """Every count of items that a search can be narrowed by."""
    dated: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for part in parts:
        if len(part.documents):
            years = part.evaluation.kernel.frequencies(part.evaluation.kernel.years(part.documents))
            dated.update({str(year or ""): count for year, count in years})
            numbers.update({name: len(documents) for name, documents in _found(part, "number")})
    return replace(
        by_department(parts),
        dated=dict(sorted(dated.items())),
        numbers=dict(sorted(numbers.items())),
        sections=by_section(parts),
    )


def by_section(parts: Sequence[Part]) -> dict[str, int]:
    """Items by first heading, as the filter on sections counts them: those that have its words in
    any heading above them; most items first."""
    paths: list[tuple[list[str], int]] = []
    openings: Counter[str] = Counter()
    for part in parts:
        if len(part.documents):
            for path, documents in _found(part, "section"):
                headings = path.split(PATH)
                paths.append(([_folded(heading) for heading in headings], len(documents)))
                openings[unnumbered(headings[0])] += len(documents)
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


def _found(part: Part, field: str) -> Iterator[tuple[str, Any]]:
    """Each value of a field that documents found have, with those documents."""
    kernel, terms = part.evaluation.kernel, part.segment.terms(field)
    members = kernel.members(part.documents)
    for number, term in enumerate(terms.all()):
        documents = kernel.only(kernel.unpacked(terms.posting(number)), members)
        if len(documents):
            yield term.decode("utf-8", "surrogatepass"), documents


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
    return Facet(
        tuple(departments), tuple(sorted({year for _, year in cells})), dict(sorted(cells.items()))
    )


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
