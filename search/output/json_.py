"""Results for programs: schema 1, the keys in its order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chabao.search.output.cells import UNSEEN
from chabao.search.query import Diagnostic
from chabao.search.results import Explanation, Facet, Hit, Results

if TYPE_CHECKING:
    from chabao.search.catalogue import Fields

SCHEMA = 1
_STEERS = re.compile(f"[\x7f-\x9f{UNSEEN}]")
FIELDS = (
    "schema", "id", "title", "number", "serial", "date", "period", "publisher", "section", "item",
    "department", "dates", "text", "source", "line", "page", "inferred",
)  # fmt: skip
"""Of an item, in the order of the contract."""


def results(found: Results) -> bytes:
    """A search's answer as one line."""
    return encoded(document(found))


def document(found: Results) -> dict[str, Any]:
    """A search's answer; its hits can be gone through once."""
    answer: dict[str, Any] = {
        "schema": SCHEMA,
        "query": found.query,
        "understood": found.understood,
        "exact": found.exact,
        "total": found.total,
        "mentions": found.mentions,
        "seconds": round(found.seconds, 6),
        "notices": [notice(remark) for remark in found.notices],
        "hits": map(hit, found.hits),
    }
    if found.different is not None:
        answer["different"] = found.different
    if found.facet:
        answer["facets"] = _facets(found.facet)
    return answer


def record(item: Mapping[str, object]) -> dict[str, object]:
    """An item as the contract has it: nothing of what only the index needs."""
    return {"schema": SCHEMA} | {key: item[key] for key in FIELDS if key != "schema"}


def fields(known: Fields) -> dict[str, object]:
    """Names and counts for browsing."""
    issues = [
        {"number": number, "title": title, "date": date, "items": items}
        for number, title, date, items in known.issues
    ]
    return {
        "schema": SCHEMA,
        "items": known.items,
        "departments": known.departments,
        "sections": known.sections,
        "issues": issues,
    }


def encoded(value: object) -> bytes:
    """One line of UTF-8, the same on every platform. Half a character, as a shell may hand over
    in a query, is no UTF-8 and becomes a question mark."""
    return b"".join(pieces(value))


def pieces(value: object) -> Iterator[bytes]:
    """The same in pieces. Where an iterator stands for a list of an object, its elements are made
    one by one, so that they are never in memory together."""
    if isinstance(value, Mapping) and value:
        for number, (key, held) in enumerate(value.items()):
            yield f"{', ' if number else '{'}{said(key)}: ".encode()
            yield from _elements(held) if isinstance(held, Iterator) else [_bytes(held)]
        yield b"}\n"
    else:
        yield _bytes(value) + b"\n"


def _elements(held: Iterator[object]) -> Iterator[bytes]:
    yield b"["
    for number, each in enumerate(held):
        yield (b", " if number else b"") + _bytes(each)
    yield b"]"


def _bytes(value: object) -> bytes:
    return said(value).encode("utf-8", "replace")


def said(value: object, indent: int | None = None) -> str:
    r"""A value as JSON in which nothing steers a terminal: what JSON itself lets through of that
    (C1 controls, what turns text or cannot be seen) stands there as `\u009b`."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def hit(hit: Hit) -> dict[str, object]:
    """A hit as the contract has it, under its answer."""
    shown: dict[str, object] = {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "mentions": hit.mentions,
    }
    shown |= {key: hit.item[key] for key in FIELDS if key not in ("schema", "text")}
    shown["snippets"] = [
        {"text": piece.text, "spans": [[span.start, span.end] for span in piece.spans]}
        for piece in hit.snippets
    ]
    if hit.stands_for is not None:
        shown["stands_for"] = hit.stands_for
    if hit.explanation:
        shown["explanation"] = _explanation(hit.explanation)
    return shown


def notice(remark: Diagnostic) -> dict[str, object]:
    return {
        "kind": remark.kind,
        "span": [remark.span.start, remark.span.end],
        "message": remark.message,
        "hint": remark.hint,
    }


def _explanation(explained: Explanation) -> dict[str, object]:
    return {
        "value": explained.value,
        "label": explained.label,
        "parts": [_explanation(part) for part in explained.parts],
    }


def _facets(facet: Facet) -> list[dict[str, object]]:
    return [
        {"department": department, "year": year, "items": items}
        for (department, year), items in facet.cells.items()
    ]
