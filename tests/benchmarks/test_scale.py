"""The page of what a cluster takes: its arithmetic, and that it is made of what was measured."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("opensearchpy")

from benchmarks.cluster import page
from benchmarks.cluster.scale import RESULTS

KIND = {"kind": "phrase", "count": 20, "p50": 10.0, "p99": 30.0, "hits": 3, "fetched": 0}


def found(scale: int, rate: float, speed: int) -> dict[str, Any]:
    filled = {
        "items": 100, "characters": 10_000, "seconds": 1.0, "items_per_second": 100,
        "primary": 1_000, "bytes_per_item": 10, "bytes_per_character": rate,
        "characters_per_second": speed,
    }  # fmt: skip
    machine = {"cores": 2, "memory_gb": 24.0}
    kinds = {"phrase": KIND | {"p50": 10.0 * scale}}
    return {"filled": filled, "kinds": kinds, "fetched": {"phrase": 70.0}, "load": 1.0,
            "machine": machine}  # fmt: skip


def test_what_a_country_takes() -> None:
    row = page._row("the country", 5_000_000, 15e9, 20.0, 100_000)
    # 300 GB a copy: 10 shards; 600 GB in all, half of it over 32 GB a node: 10 nodes
    assert row.split(" | ")[3:8] == ["300 GB", "10", "600 GB", "800 GB", "10"]
    assert row.endswith("| 12.5 h |")


def test_a_small_index_has_three_nodes_and_shards() -> None:
    row = page._row("a town", 100, 1e6, 20.0, 100_000)
    assert row.split(" | ")[4] == "3" and row.split(" | ")[7] == "3"


def test_growth_is_from_the_first_size_to_the_last() -> None:
    text = page.page({"1": found(1, 15, 1000), "10": found(10, 15, 1000)})
    assert "| 10 / 30 | 100 / 30 | 10.0 × | 70 · 70 |" in text
    assert "100 × has not been measured" in text


def test_the_page_is_made_of_what_was_measured() -> None:
    known = json.loads(RESULTS.read_text(encoding="utf-8"))
    ordered = dict(sorted(known.items(), key=lambda each: int(each[0])))
    assert page.PAGE.read_text(encoding="utf-8") == page.page(ordered)
