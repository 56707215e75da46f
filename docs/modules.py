"""Writes the table of modules in ARCHITECTURE.md from the first line of each one's docstring."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def role(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def table(folder: str) -> str:
    """A row for each module of a folder; packages come first, by their own docstring."""
    rows = ["| module | role |", "|---|---|"]
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.parent if path.name == "__init__.py" else path
        if name != ROOT / folder:
            shown = name.relative_to(ROOT).as_posix() + ("/" if name.is_dir() else "")
            rows.append(f"| `{shown}` | {role(path)} |")
    return "\n".join(rows)
