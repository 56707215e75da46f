"""How many items of an answer have which values: what it can be narrowed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chabao.search.backends.evaluation import Leaf
from chabao.search.backends.parts import Part, mentioned


@dataclass(frozen=True, slots=True)
class Tally:
    """Items by department (each that an item names) and year of issue, 0 where that is unknown; by
    year alone, by the issue's number, and by section path."""

    cells: Counter[tuple[str, int]] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)


def tallied(parts: Sequence[Part]) -> Tally:
    """The values of the documents found."""
    tally = Tally()
    for part in parts:
        if not len(part.documents):
            continue
        kernel = part.evaluation.kernel
        tally.years.update(dict(kernel.frequencies(kernel.years(part.documents))))
        for name, documents in _found(part, "number"):
            tally.numbers[name] += len(documents)
        for name, documents in _found(part, "section"):
            tally.sections[name] += len(documents)
        for name, documents in _found(part, "department"):
            for year, count in kernel.frequencies(kernel.years(documents)):
                tally.cells[name, year] += count
    return tally


def by_source(parts: Sequence[Part], wanted: Sequence[Leaf]) -> dict[str, int]:
    """Mentions by source; items where nothing is mentioned."""
    found: dict[str, int] = {}
    for part in parts:
        if not len(part.documents):
            continue
        kernel = part.evaluation.kernel
        counts = mentioned(part, wanted) if wanted else part.documents
        for name, here in _found(part, "source"):
            said = kernel.sum(kernel.selected(part.documents, counts, here)) if wanted else 0
            found[name] = found.get(name, 0) + (int(said) or len(here))
    return found


def _found(part: Part, name: str) -> Iterator[tuple[str, Any]]:
    """Each value of a field that documents found have, with those documents."""
    kernel, terms = part.evaluation.kernel, part.segment.terms(name)
    members = kernel.members(part.documents)
    for number, term in enumerate(terms.all()):
        documents = kernel.only(kernel.unpacked(terms.posting(number)), members)
        if len(documents):
            yield term.decode("utf-8", "surrogatepass"), documents
