"""docs/scale.md, made of what was measured: `python -m benchmarks.cluster.page`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks.cluster.queries import MORE
from benchmarks.cluster.scale import RESULTS
from benchmarks.queries import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
PLACES = {"a province": (100_000, 0.3e9), "the country": (5_000_000, 15e9)}
"""Bulletins, and characters in them."""
SHARD = 30e9
"""Bytes of a shard: OpenSearch advises 10 to 30 GB where searches are to be quick."""
COPIES = 2
ROOM = 0.75
"""Of a disk that may be full: above 85 per cent a node takes no more shards (the low watermark),
and a merge needs room for what it writes."""
HEAP = 32e9
"""Bytes of heap above which Java's pointers double."""
CACHED = 0.5
"""Of the index that should fit into memory that no heap takes, so that phrases are read from it."""
MEMORY = 64e9
"""Bytes of memory of a node: half for the heap, half for the system's cache of files."""


HEAD = """\
This page is made by `python -m benchmarks.cluster.page` of what `benchmarks.cluster.scale`
measured on three nodes of OpenSearch (512 MB of heap each, three shards, one replica) that share
*one* machine of {cores} cores ({memory_gb} GB) with the program, and with other work: its load
stands in the table, and {cores} is what it can bear. So the times say how questions of different
kinds compare and how they grow, and are upper bounds of what machines of their own take. Texts are
those of `benchmarks/texts.py`: 1 × is 5,817 paragraphs of work reports."""
LACKING = """\
100 × has not been measured: `python -m benchmarks.cluster.scale --save 100` does it."""
ASKING = """\
Milliseconds until ten hits with their snippets are there (p50 / p99 of {count} questions a kind, at
each size), in a process that stays. Of more than 100,000 items, a question for which more than
20,000 would be fetched is refused, and its time is that of the refusal. *Fetched* is p50 at each
size where all items that can match are fetched and evaluated by the program, instead of being
ranked by the cluster."""
PLANNING = """\
From {scale} ×: {rate} bytes a character for one copy, {speed:,} characters a second into both
copies on the machine above. A shard is kept below {shard:.0f} GB, there are {copies} copies, disks
are filled to {room:.0%}, and a node has {memory:.0f} GB of memory: half of it for Java, which is
below the {heap:.0f} GB at which its pointers double, and half for files; {cached:.0%} of all copies
should fit into that, as phrases are read from it."""
ARITHMETIC = """\
The arithmetic: one copy = characters × bytes/character; shards = ⌈one copy ÷ {shard:.0f} GB⌉, at
least 3 (`CHABAO_OPENSEARCH_SHARDS`); all copies = {copies} × one copy; disk = all copies ÷ {room};
nodes = ⌈{cached} × all copies ÷ {half:.0f} GB⌉, at least 3, so that one can go; first filling =
characters ÷ (characters/s of this machine × nodes ÷ 3), each node having the two cores that three
share here."""


def page(found: Mapping[str, Any]) -> str:
    machine = next(iter(found.values()))["machine"]
    lacking = [] if "100" in found else ["", LACKING]
    return "\n".join((
        "# An index on a cluster: how it grows, and what it takes", "",
        _paragraph(HEAD, **machine), *lacking, "",
        *_filling(found), *_asking(found), *_planning(found),
    ))  # fmt: skip


def _paragraph(text: str, **values: Any) -> str:
    return fill(" ".join(text.format(**values).split()), 100, break_on_hyphens=False)


def _table(names: str) -> tuple[str, str]:
    columns = names.split(" | ")
    return f"| {names} |", "|---|" + "---:|" * (len(columns) - 1)


def _filling(found: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Filling", "")
    yield from _table("texts | items | characters | s | items/s | one copy | B/item | B/character")
    for scale, each in found.items():
        f = each["filled"]
        yield (
            f"| {scale} × | {f['items']:,} | {f['characters']:,} | {f['seconds']:,.0f} "
            f"| {f['items_per_second']:,} | {f['primary'] / 1e6:,.0f} MB | {f['bytes_per_item']:,} "
            f"| {f['bytes_per_character']} |"
        )
    yield ""


def _asking(found: Mapping[str, Any]) -> Iterator[str]:
    scales = list(found)
    kinds = found[scales[0]]["kinds"]
    counts = (next(iter(found[scale]["kinds"].values()))["count"] for scale in scales)
    count = ", ".join(map(str, counts))
    yield from ("## Asking", "", _paragraph(ASKING, count=count), "")
    yield from _table(f"kind | {' | '.join(f'{scale} ×' for scale in scales)} | growth | fetched")
    for kind in kinds:
        cells = [found[scale]["kinds"][kind] for scale in scales]
        times = " | ".join(f"{cell['p50']:,.0f} / {cell['p99']:,.0f}" for cell in cells)
        growth = cells[-1]["p50"] / cells[0]["p50"]
        fetched = " · ".join(f"{f:,.0f}" for s in scales if (f := found[s]["fetched"].get(kind)))
        about = KINDS[kind][2] if kind in KINDS else MORE[kind]
        yield f"| {about} ({kind}) | {times} | {growth:.1f} × | {fetched or '–'} |"
    loads = " | ".join(str(found[scale]["load"]) for scale in scales)
    yield f"| *load of the machine* | {loads} | | |"
    yield ""


def _planning(found: Mapping[str, Any]) -> Iterator[str]:
    scale = list(found)[-1]
    rate = found[scale]["filled"]["bytes_per_character"]
    speed = found[scale]["filled"]["characters_per_second"]
    values = {
        "scale": scale, "rate": rate, "speed": speed, "shard": SHARD / 1e9, "copies": COPIES,
        "room": ROOM, "memory": MEMORY / 1e9, "heap": HEAP / 1e9, "cached": CACHED,
        "half": MEMORY / 2e9,
    }  # fmt: skip
    yield from ("## What a province takes, and the country", "", _paragraph(PLANNING, **values), "")
    yield from _table(
        "for | bulletins | characters | one copy | shards | all copies | disk | nodes "
        "| first filling"
    )
    for name, (bulletins, characters) in PLACES.items():
        yield _row(name, bulletins, characters, rate, speed)
    yield from ("", _paragraph(ARITHMETIC, **values), "")


def _row(name: str, bulletins: int, characters: float, rate: float, speed: int) -> str:
    one = characters * rate
    copies = COPIES * one
    shards = max(3, ceil(one / SHARD))
    nodes = max(3, ceil(CACHED * copies / (MEMORY / 2)))
    hours = characters / (speed * nodes / 3) / 3600
    return (
        f"| {name} | {bulletins:,} | {characters / 1e9:g} G | {one / 1e9:,.0f} GB | {shards} "
        f"| {copies / 1e9:,.0f} GB | {copies / ROOM / 1e9:,.0f} GB | {nodes} | {hours:,.1f} h |"
    )


def main() -> int:
    known = json.loads(RESULTS.read_text())
    PAGE.write_text(page(dict(sorted(known.items(), key=lambda each: int(each[0])))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
