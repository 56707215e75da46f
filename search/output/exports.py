"""Answers as tables: hits, items, counts; lists in one cell, in JSON as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chabao.search.output.cells import Cell
from chabao.search.output.json_ import SCHEMA, record
from chabao.search.output.json_ import hit as hit_object
from chabao.search.output.sheets import Sheet
from chabao.search.results import Facet, Hit, Results

if TYPE_CHECKING:
    from chabao.search.catalogue import Fields

HEADINGS = " \u203a "
"""Between the headings of a section's path."""
NAMES = "；"
"""Between names, days and what else an item has several of."""
DAYS = ".."
"""Between the first and the last day of a range, as queries have it."""
COLUMNS = (
    "id", "title", "number", "serial", "date", "first", "last", "publisher", "section", "item",
    "department", "dates", "text", "source", "line", "page", "inferred",
)  # fmt: skip
"""Of an item; `first` and `last` are the days that its issue covers."""


def items(records: Iterable[Mapping[str, Any]]) -> Sheet:
    """Items in full, a row each; in JSON the contract's objects."""
    return Sheet("items", COLUMNS, map(item_cells, records), map(record, records))


def item_cells(item: Mapping[str, Any]) -> tuple[Cell, ...]:
    cells: dict[str, Any] = {name: item[name] for name in COLUMNS if name not in ("first", "last")}
    cells |= item["period"]
    cells["section"] = HEADINGS.join(item["section"])
    cells["department"] = NAMES.join(item["department"])
    cells["dates"] = NAMES.join(_range(days) for days in item["dates"])
    cells["inferred"] = NAMES.join(item["inferred"])
    return tuple(cells[name] for name in COLUMNS)


def _range(days: Mapping[str, str]) -> str:
    first, last = days["first"], days["last"]
    return first if first == last else f"{first}{DAYS}{last}"


def results(found: Results, form: str | None = None) -> Sheet:
    """What a search found: the counts by department and year where they were asked for, mentions by
    file where `form` is files, else a row a hit."""
    if found.facet:
        return facets(found.facet)
    if form == "files":
        heads = ("source", "mentions" if found.mentions else "items")
        return Sheet("files", heads, found.files.items())
    alike = () if found.different is None else ("stands_for",)
    columns = ("rank", "score", "mentions", *alike, "snippet", *COLUMNS)
    return Sheet("hits", columns, map(_hit_cells, found.hits), map(_hit_object, found.hits))


def _hit_cells(hit: Hit) -> tuple[Cell, ...]:
    snippet = "\n".join(piece.text for piece in hit.snippets)
    alike = () if hit.stands_for is None else (hit.stands_for,)
    return hit.rank, hit.score, hit.mentions, *alike, snippet, *item_cells(hit.item)


def _hit_object(hit: Hit) -> Mapping[str, Any]:
    """The contract's hit, and the text with it."""
    return {"schema": SCHEMA} | hit_object(hit) | {"text": hit.item["text"]}


def facets(facet: Facet) -> Sheet:
    """Items by department and year of issue, a row for each pair that has any."""
    return Sheet("facets", ("department", "year", "items"), _facet_cells(facet))


def _facet_cells(facet: Facet) -> Iterator[tuple[Cell, ...]]:
    for department in facet.departments:
        for year in facet.years:
            count = facet.cells.get((department, year), 0)
            if count:
                yield department, int(year) if year else None, count


def fields(known: Fields) -> Sheet:
    """What there is to browse; `kind` is department, section or issue."""
    return Sheet("fields", ("kind", "name", "title", "date", "items"), _field_cells(known))


def _field_cells(known: Fields) -> Iterator[tuple[Cell, ...]]:
    for kind, counts in (("department", known.departments), ("section", known.sections)):
        for name, count in counts.items():
            yield kind, name, None, None, count
    for number, title, day, count in known.issues:
        yield "issue", number, title, day, count
