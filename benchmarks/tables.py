"""Markdown tables, and numbers short enough to stand in them."""

from __future__ import annotations

from collections.abc import Iterable


def number(value: float | None) -> str:
    """Two or three digits that count."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 1 else f"{value:.2g}"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
