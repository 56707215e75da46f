"""docs/reliability.md from what the last runs have left: python -m benchmarks.faults.report

Nothing on the page is typed: the promise stands in the program that tries it, the figures in its
result, and what tests alone hold in the first lines of those tests.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.faults.frame import RESULTS

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent
PAGE = ROOT / "docs" / "reliability.md"
TESTS = "tests/faults"
HEAD = """\
# Reliability

What is promised of faults, what tries it, and what came of the last run that was kept: **short**
where it had less than a full run. Made by `benchmarks/faults/report.py` from
`benchmarks/faults/results/`: `make faults` renews it; so does a program run with `--save`, and then
`make docs`. A program prints its seed; the same seed tries the same. A + after the commit: files of
the program differed from it. `make test` runs the short forms.
`CHABAO_EXAMPLES=100000 python -m pytest tests/laws tests/unit/indexer/codecs` tries each law of the
language, the cleanup, the parser, dates and the files of an index on so many examples.

| promise | failures | last run | in short |
|---|---|---|---|
"""
RUNS = """
## How to run it, and what was seen

| run | took | found | tried |
|---|---|---|---|
"""
REST = """
## Held by tests alone

| promise | test |
|---|---|
"""
NEVER = "not run in full yet"


def promises() -> dict[str, str]:
    """What each program tries, by its name."""
    return _told("PROMISE")


def _told(what: str) -> dict[str, str]:
    """What programs say of themselves, by name; they are read here, not run."""
    found = {}
    for path in sorted(PROGRAMS.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == what:
                found[path.stem] = str(ast.literal_eval(node.value))
    return found


def results(folder: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """What the last run of each program has left, by the program's name."""
    read = (json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))
    return {result["program"]: result for result in read}


@cache
def tests() -> dict[str, str]:
    """The tests of faults by their path, and what each says that it holds."""
    found = {}
    for path in sorted((ROOT / TESTS).glob("test_*.py")):
        said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        found[f"{TESTS}/{path.name}"] = said.partition("\n\n")[0].replace("\n", " ")
    return found


def page(known: Mapping[str, Mapping[str, Any]]) -> str:
    """The page as it should be, of these results."""
    short = {name: _short_forms(name) for name in promises()}
    taken = {path for paths in short.values() for path in paths}
    without = {name: f" (Without {what}.)" for name, what in _told("WITHOUT").items()}
    rows = [
        _row(promise + without.get(name, ""), known.get(name), short[name])
        for name, promise in promises().items()
    ]
    runs = [_run(known[name]) for name in promises() if name in known]
    rest = [f"| {said} | `{path}` |" for path, said in tests().items() if path not in taken]
    parts = [(HEAD, rows), (RUNS, runs), (REST, rest)]
    return "".join(head + "".join(f"{line}\n" for line in lines) for head, lines in parts)


def _short_forms(program: str) -> list[str]:
    """The tests that import a program."""
    asked = re.compile(
        rf"benchmarks\.faults\.{program}\b|from benchmarks\.faults import [^\n]*\b{program}\b"
        rf"|from benchmarks\.faults import \([^)]*\b{program}\b"
    )
    return [path for path in tests() if asked.search((ROOT / path).read_text("utf-8"))]


def _row(promise: str, result: Mapping[str, Any] | None, short: list[str]) -> str:
    files = ", ".join(f"`{path}`" for path in short) or "–"
    if result is None:
        return f"| {promise} | {NEVER} | – | {files} |"
    failures = f"{result['failures']:,} of {result['trials']:,}"
    failures = f"**{failures}**" if result["failures"] else failures
    run = f"{result['date']}, {result['commit']}, {_extent(result)}"
    return f"| {promise} | {failures} | {run} | {files} |"


def _extent(result: Mapping[str, Any]) -> str:
    """Whether a run was full, and what it had less: trials, where their number is known, and
    options."""
    if "full" not in result:
        return "full or not: not known"
    options = dict(result["full"])
    less = []
    if whole := result["whole"]:
        options.pop("times")
        if result["trials"] < whole:
            less.append(f"{result['trials']:,} of {whole:,}")
    for name, full in options.items():
        # 0 is everything
        if result[name] < full or (full == 0 < result[name]):
            of = f"{full:,}" if full else "all"
            less.append(f"`--{name.replace('_', '-')}` {result[name]:,} of {of}")
    return f"**short: {', '.join(less)}**" if less else "full"


def _run(result: Mapping[str, Any]) -> str:
    others = {name: value for name, value in result.items() if name not in _KNOWN}
    options = "".join(f" --{name.replace('_', '-')} {value}" for name, value in others.items())
    command = f"python -m benchmarks.faults.{result['program']} --seed {result['seed']}{options}"
    machine = result["machine"]
    on = f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}"
    return f"| `{command}` | {_long(result['seconds'])} | {_said(result['more'])} | {on} |"


_KNOWN = frozenset({
    "program", "promise", "seed", "trials", "failures", "failed", "seconds", "more", "date",
    "commit", "machine", "full", "whole",
})  # fmt: skip


def _long(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def _said(value: Any) -> str:
    """A figure as it is read; those in it after it."""
    if isinstance(value, dict):
        parts = [
            f"{name} ({_said(part)})" if isinstance(part, dict | list) else f"{name} {_said(part)}"
            for name, part in value.items()
        ]
        return "; ".join(parts).replace("|", "/")
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def main() -> None:
    """Writes the page, and says what is missing on it."""
    known = results()
    PAGE.write_text(page(known), "utf-8", newline="\n")
    for name in promises():
        if name not in known:
            print(f"{name}: {NEVER}", file=sys.stderr)


if __name__ == "__main__":
    main()
