"""Records that a test writes down: of one issue, unless said."""

from __future__ import annotations

from typing import Any


def item(name: str, text: str, **fields: Any) -> dict[str, Any]:
    """The record of an item; `fields` are those that matter."""
    return {
        "schema": 1, "id": name, "title": "窗口工作周报", "number": None, "serial": None,
        "date": "2023-02-08", "period": {"first": "2023-01-16", "last": "2023-01-20"},
        "publisher": None, "section": [], "item": "", "department": [], "dates": [], "text": text,
        "source": f"{name}.txt", "line": 1, "page": None, "inferred": [], "lines": [[0, 1]],
        **fields,
    }  # fmt: skip
