"""What was measured, as Markdown tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks import floors
from benchmarks.queries import KINDS
from benchmarks.tables import number, table

Run = dict[str, Any]


def load(folder: Path) -> list[Run]:
    """The runs that were kept, small texts first."""
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*x.json")]
    return sorted(runs, key=lambda run: run["scale"])


def whole(runs: list[Run]) -> str:
    parts = [one for run in runs for one in (heading(run), *tables(run))]
    return "\n\n".join([*parts, *growth(runs)])


def heading(run: Run) -> str:
    machine = run["machine"]
    return (
        f"# {run['scale']} ×: {run['documents']:,} paragraphs, "
        f"{run['megabytes']} MB of JSON lines\n\n"
        f"{run['day']}; {machine['cores']} × {machine['processor']}, {machine['memory_gb']} GB, "
        f"Python {machine['python']}, {machine['system']}, load {machine['load']} at the start. "
        "Per question the best of the rounds, engines in turn."
    )


def tables(run: Run) -> list[str]:
    engines = run["engines"]
    kinds = [kind for kind in KINDS if any(kind in told["warm"] for told in engines.values())]
    return [
        "## Build",
        table(
            ["engine", "wall s", "CPU s", "index MB", "peak MB", "serving MB"],
            ([name, *(number(told[of]) for of in ("wall", "cpu", "size", "peak", "serving"))]
             for name, told in engines.items()),
        ),
        "## Warm: p50 / p99 ms (in brackets how many, where not all were asked in time)",
        table(
            ["engine", "build s", "MB", *kinds, "phrase = scan"],
            ([name, number(told["wall"]), number(told["size"]), *warm(told, kinds), exact(told)]
             for name, told in engines.items()),
        ),
        *floors.told(run),
        *ratios(run, kinds, "tantivy"),
        *ratios(run, kinds, "whoosh3"),
        "## Cold: a whole process, page cache warm, ms",
        table(
            ["command", "min", "median"],
            ([name, number(taken["min"]), number(taken["median"])]
             for name, taken in sorted(run["cold"].items(), key=lambda at: at[1]["median"])),
        ),
        "## Counts: right for what the engine sees (equal to a plain scan of the texts)",
        table(["engine", *kinds], ([n, *counts(told, kinds)] for n, told in engines.items())),
        *wrong(engines),
        "## Configurations",
        "\n".join(f"- **{name}**: {told['about']}" for name, told in engines.items()),
    ]  # fmt: skip


def warm(told: Run, kinds: Iterable[str]) -> Iterable[str]:
    most = max(taken["asked"] for taken in told["warm"].values())
    for kind in kinds:
        if taken := told["warm"].get(kind):
            fewer = f" ({taken['asked']})" if taken["asked"] < most else ""
            yield f"{number(taken['p50'])} / {number(taken['p99'])}{fewer}"
        else:
            yield "-"


def exact(told: Run) -> str:
    """Phrases whose count equals a plain scan's, Latin letters and digits included."""
    checks = [told["checks"][kind] for kind in ("phrase", "mixed") if kind in told["checks"]]
    return " + ".join(f"{check['exact']}/{check['asked']}" for check in checks) or "-"


def ratios(run: Run, kinds: list[str], yardstick: str) -> list[str]:
    """Median of the ratio a question; below 1 is faster. Build and size are the first columns."""
    if not (base := run["engines"].get(yardstick)):
        return []
    rows = (
        [
            name,
            *(number(told[of] / base[of]) for of in ("wall", "size", "peak")),
            *(number(told["warm"].get(kind, {}).get(f"to {yardstick}")) for kind in kinds),
        ]
        for name, told in run["engines"].items()
    )
    title = f"## Ratio to {yardstick} in the same run (median of the ratio a question)"
    return [title, table(["engine", "build", "size", "peak", *kinds], rows)]


def counts(told: Run, kinds: Iterable[str]) -> Iterable[str]:
    for kind in kinds:
        if check := told["checks"].get(kind):
            yield f"{check['right']}/{check['asked']} ({check['exact']})"
        else:
            yield "-"


def wrong(engines: Run) -> list[str]:
    lines = [
        f"- {name}, {kind}: "
        + "; ".join(f"{' '.join(w['terms'])} got {w['got']}, right {w['right']}" for w in bad)
        for name, told in engines.items()
        for kind, check in told["checks"].items()
        if (bad := check["wrong"])
    ]
    return ["Where counts are not right (first three):", "\n".join(lines)] if lines else []


def growth(runs: list[Run]) -> list[str]:
    """p50 at each scale, and what ten times the texts cost."""
    if len(runs) < 2:
        return []
    names = list(dict.fromkeys(name for run in runs for name in run["engines"]))
    scales = " → ".join(f"{run['scale']} ×" for run in runs)
    rows = ([name, *(steps(runs, name, kind) for kind in KINDS)] for name in names)
    build = ([name, *(built(runs, name, of) for of in ("wall", "size", "peak"))] for name in names)
    return [
        f"# How cost grows, {scales}",
        table(["engine", "wall s", "index MB", "peak MB"], build),
        "p50 ms:",
        table(["engine", *KINDS], rows),
    ]


def steps(runs: list[Run], name: str, kind: str) -> str:
    taken = [run["engines"].get(name, {}).get("warm", {}).get(kind, {}).get("p50") for run in runs]
    return " → ".join(map(number, taken))


def built(runs: list[Run], name: str, of: str) -> str:
    return " → ".join(number(run["engines"].get(name, {}).get(of)) for run in runs)
