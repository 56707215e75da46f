"""What the API takes and gives, as an OpenAPI 3.1 document."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from chabao.search.concordance import Line
from chabao.search.output.json_ import FIELDS
from chabao.web import parameters
from chabao.web.parameters import Parameters

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
MAYBE_COUNT: Schema = {"type": ["integer", "null"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
ONE: Schema = {"const": 1}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    known = {**required, **(optional or {})}
    return {
        "type": "object", "required": list(required), "properties": known,
        "additionalProperties": False,
    }  # fmt: skip


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


SPAN = _list(COUNT, minItems=2, maxItems=2)
DAYS = _object({"first": MAYBE, "last": MAYBE})
ITEM: Mapping[str, Schema] = {
    "schema": ONE, "id": TEXT, "title": MAYBE, "number": MAYBE, "serial": MAYBE_COUNT,
    "date": MAYBE, "period": DAYS, "publisher": MAYBE, "section": TEXTS, "item": TEXT,
    "department": TEXTS, "dates": _list(DAYS), "text": TEXT, "source": TEXT, "line": COUNT,
    "page": MAYBE_COUNT, "inferred": TEXTS,
}  # fmt: skip
HIT = {"rank": COUNT, "score": {"type": "number"}, "mentions": COUNT}
SNIPPETS = {"snippets": _list(_object({"text": TEXT, "spans": _list(SPAN)}))}
COUNTS = {"mentions": COUNT, "items": COUNT, "issues": COUNT, "departments": COUNT}
LINE: Mapping[str, Schema] = {
    "address": TEXT, "id": TEXT, "start": COUNT, "end": COUNT, "terms": TEXTS, "left": TEXT,
    "text": TEXT, "right": TEXT, "date": MAYBE, "number": MAYBE, "serial": MAYBE_COUNT,
    "title": MAYBE, "publisher": MAYBE, "section": TEXTS, "item": TEXT, "department": TEXTS,
    "source": TEXT, "line": COUNT, "page": MAYBE_COUNT,
}  # fmt: skip
ROW = _object(
    {
        "period": TEXT, "first": MAYBE, "last": MAYBE, "term": TEXT, "mentions": MAYBE_COUNT,
        "per_10000": {"type": ["number", "null"]}, "characters": MAYBE_COUNT, "issues": COUNT,
        "missing": COUNT,
    },
    {"department": TEXT, "section": TEXT},
)  # fmt: skip
NOTICES = _list(_ref("Notice"))
SCHEMAS: Mapping[str, Schema] = {
    "Error": _object({"error": TEXT}),
    "Notice": _object({"kind": TEXT, "span": SPAN, "message": TEXT, "hint": TEXT}),
    "Item": _object({name: ITEM[name] for name in FIELDS}),
    "Hit": _object(
        HIT | {name: ITEM[name] for name in FIELDS if name not in ("schema", "text")} | SNIPPETS
    ),
    "Results": _object(
        {
            "schema": ONE, "query": TEXT, "understood": TEXT, "exact": {"type": "boolean"},
            "total": COUNT, "mentions": COUNT, "seconds": {"type": "number"}, "notices": NOTICES,
            "hits": _list(_ref("Hit")),
        },
        {"facets": _list(_object({"department": TEXT, "year": TEXT, "items": COUNT}))},
    ),
    "Fields": _object({
        "schema": ONE, "items": COUNT, "departments": _ref("Names"), "sections": _ref("Names"),
        "issues": _list(
            _object({"number": MAYBE, "title": MAYBE, "date": MAYBE, "items": COUNT})
        ),
    }),
    "Names": {"type": "object", "additionalProperties": COUNT},
    "Trend": _object({
        "schema": ONE, "by": TEXT, "split": MAYBE, "understood": TEXTS, "mentions": COUNT,
        "notices": NOTICES, "rows": _list(ROW),
    }),
    "Mentions": _object({
        "schema": ONE, "terms": TEXTS, "understood": TEXTS, "sort": TEXT, "context": COUNT,
        **COUNTS, "by_term": _list(_object({"term": TEXT, **COUNTS})), "notices": NOTICES,
        "rows": _list(_object({name: LINE[name] for name in Line.__slots__})),
    }),
}  # fmt: skip


def document() -> Schema:
    """The whole document; every address is under the one that it was asked for at."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "查报 chabao",
            "version": version("chabao"),
            "description": "Full-text search in bulletins. Offsets are half-open and count code "
            "points; totals count everything, whatever the limit.",
        },
        "paths": {
            "/api/search": _get("search", "Search", parameters.SEARCH, "Results"),
            "/api/item/{address}": _get(
                "item", "A whole item, by id or by the address of a passage",
                parameters.NOTHING, "Item", path="address",
            ),
            "/api/fields": _get("fields", "What there is to browse", parameters.NOTHING, "Fields"),
            "/api/trend": _get("trend", "Mentions over time", parameters.TREND, "Trend"),
            "/api/mentions": _get(
                "mentions", "Lines of a concordance", parameters.MENTIONS, "Mentions"
            ),
        },
        "components": {"schemas": dict(SCHEMAS)},
    }  # fmt: skip


def _get(name: str, about: str, takes: Parameters, gives: str, path: str = "") -> Schema:
    given: list[Schema] = [
        {
            "name": each.name, "in": "query", "description": each.about, "schema": each.schema,
            "required": each.required,
        }
        for each in takes.known
    ]  # fmt: skip
    if path:
        schema = {"type": "string", "minLength": 1}
        given.append({"name": path, "in": "path", "required": True, "schema": schema})
    said = {
        "400": "what was asked makes no sense",
        "414": "the address is longer than 32,768 bytes",
        "503": "the index cannot be read",
    }
    if path:
        said["404"] = "there is no such item"
    failures = {status: _answer(why, "Error") for status, why in said.items()}
    answers = {"200": _answer(about, gives)} | failures
    return {
        "get": {"operationId": name, "summary": about, "parameters": given, "responses": answers}
    }


def _answer(about: str, schema: str) -> Schema:
    return {"description": about, "content": {"application/json": {"schema": _ref(schema)}}}
