"""Tables, floors and drawings say what a run measured."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import floors, picture, report
from benchmarks.cold import by_package


def engine(p50: float, wall: float, exact: int = 200) -> dict[str, Any]:
    taken = {"asked": 200, "p50": p50, "p99": p50 * 4, "to tantivy": p50 / 0.1, "to whoosh3": p50}
    check = {"asked": 200, "right": 200, "exact": exact, "wrong": []}
    sizes = {"wall": wall, "cpu": wall, "size": 50.0, "peak": 100.0, "serving": 30.0, "about": "…"}
    return sizes | {"warm": {"phrase": taken, "near": taken}, "checks": {"phrase": check}}


def run(scale: int, **engines: dict[str, Any]) -> dict[str, Any]:
    machine = {"cores": 2, "processor": "…", "memory_gb": 1, "python": "3", "system": "", "load": 0}
    return {
        "scale": scale,
        "documents": scale * 5817,
        "megabytes": 4.3,
        "day": "2026-01-01",
        "machine": machine,
        "engines": engines,
        "cold": {"a": {"min": 1.0, "median": 2.0}},
    }


def test_floors_hold_and_break() -> None:
    good = run(10, chabao=engine(0.05, 4), tantivy=engine(0.1, 3), whoosh3=engine(1, 40))
    assert all(holds for *_, holds in floors.floors(good))
    slow = run(10, chabao=engine(2, 5, exact=199), tantivy=engine(0.1, 3), whoosh3=engine(1, 30))
    broken = {what for what, *_, holds in floors.floors(slow) if not holds}
    assert broken == {
        "build, × tantivy's",
        "build, times faster than whoosh3",
        "phrase: p50 ms",
        "phrase: p99 ms",
        "phrase: × tantivy's",
        "phrase: times faster than whoosh3",
        "phrase: counts equal to the scan",
    }
    assert not floors.told(run(10, tantivy=engine(0.1, 3)))


def test_a_report_shows_each_engine_and_how_cost_grows() -> None:
    runs = [run(scale, chabao=engine(0.05 * scale, scale)) for scale in (1, 10)]
    told = report.whole(runs)
    assert "| chabao | 10 | 50 | 0.5 / 2 | 0.5 / 2 | 200/200 |" in told
    assert "0.05 → 0.5" in told and "1 × → 10 ×" in told


def test_a_drawing_has_a_dot_a_time() -> None:
    drawn = picture.drawings([run(10, chabao=engine(0.05, 4), tantivy=engine(0.1, 3))])["10x.svg"]
    root = ElementTree.fromstring(drawn)
    dots = [dot for dot in root.iter() if dot.tag.endswith("circle") and len(dot)]
    assert len(dots) == 4
    heights = {dot[0].text.split(",")[0]: float(dot.attrib["cy"]) for dot in dots}
    assert heights["chabao"] > heights["tantivy"]


def test_imports_are_summed_by_package_and_ours_stay_apart() -> None:
    seen = [("rich.text", 5, 9), ("rich", 2, 2), ("chabao.cli", 3, 20), ("chabao", 1, 1)]
    assert by_package(seen) == {"rich": 7, "chabao.cli": 3, "chabao": 1}
