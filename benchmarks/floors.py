"""What this program has to reach beside its peers, held against a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.tables import number, table

Run = dict[str, Any]
US = "chabao"
SHARED = (
    *("common", "rare", "and3", "or4", "phrase", "mixed", "range", "snippets", "count"),
    "mentions",
)
OWN = ("character", "pattern", "gap", "near", "not", "facet")
RIVALS = ("fts5", "fts5-trigram", "xapian-ngram", "groonga")
LARGE = 100
"""The scale at which only p50 counts."""
Floor = tuple[str, float, str, float, bool]
"""What, how much, at most or at least, the limit, whether it holds."""


def told(run: Run) -> list[str]:
    """A table, or nothing where this program did not run."""
    if US not in run["engines"]:
        return []
    rows = (
        [what, number(value), f"{sign} {number(limit)}", "yes" if holds else "**no**"]
        for what, value, sign, limit, holds in floors(run)
    )
    return ["## Floors", table(["what", "is", "has to be", "holds"], rows)]


def most(what: str, value: float, limit: float) -> Floor:
    return what, value, "≤", limit, value <= limit


def least(what: str, value: float, limit: float) -> Floor:
    return what, value, "≥", limit, value >= limit


def floors(run: Run) -> Iterator[Floor]:
    us, engines = run["engines"][US], run["engines"]
    if tantivy := engines.get("tantivy"):
        yield most("build, × tantivy's", us["wall"] / tantivy["wall"], 1.5)
        yield most("index, × tantivy's", us["size"] / tantivy["size"], 1.5)
        yield most("peak memory, × tantivy's", us["peak"] / tantivy["peak"], 3)
    if whoosh := engines.get("whoosh3"):
        yield least("build, times faster than whoosh3", whoosh["wall"] / us["wall"], 8)
    for kind, taken in us["warm"].items():
        yield from kinds(kind, taken, run["scale"])
    yield from beside(us, engines)
    for kind, check in us["checks"].items():
        yield least(f"{kind}: counts equal to the scan", check["exact"], check["asked"])
    if run["scale"] == LARGE:
        yield most("build, minutes", us["wall"] / 60, 10)
        yield most("build, peak MB", us["peak"], 1000)


def kinds(kind: str, taken: dict[str, float], scale: int) -> Iterator[Floor]:
    """One kind of question."""
    if scale == LARGE or kind in OWN:
        yield most(f"{kind}: p50 ms", taken["p50"], 10)
        return
    yield most(f"{kind}: p50 ms", taken["p50"], 1)
    yield most(f"{kind}: p99 ms", taken["p99"], 5)
    if "to tantivy" in taken:
        yield most(f"{kind}: × tantivy's", taken["to tantivy"], 8)
    if "to whoosh3" in taken and kind != "rare":
        yield least(f"{kind}: times faster than whoosh3", 1 / taken["to whoosh3"], 15)


def beside(us: Run, engines: Run) -> Iterator[Floor]:
    """In how many of the shared kinds we are faster than each of the others."""
    for name in RIVALS:
        theirs = engines.get(name, {}).get("warm", {})
        both = [kind for kind in SHARED if kind in theirs and kind in us["warm"]]
        won = sum(us["warm"][kind]["p50"] < theirs[kind]["p50"] for kind in both)
        if both:
            yield least(f"kinds faster than {name}, of {len(both)}", won, len(both) // 2 + 1)
