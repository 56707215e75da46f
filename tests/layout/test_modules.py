"""Small modules, small functions, and a front door that opens nothing heavy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for pattern in ("*.py", "commands/*.py", "indexer/**/*.py", "search/**/*.py", "web/*.py")
    for path in ROOT.glob(pattern)
)
DOOR = sorted([*ROOT.glob("*.py"), *(ROOT / "commands").glob("*.py")])
names = [str(path.relative_to(ROOT)) for path in MODULES]

HEAVY = {
    "charset_normalizer", "jieba", "matplotlib", "numpy", "opencc", "rich", "rjieba", "whoosh",
    "xlsxwriter",
}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines of what is done: neither the signature nor the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def imported(tree: ast.AST) -> set[str]:
    """The top-level packages that a piece of code imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_no_module_is_over_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_functions_are_under_40_lines(path: Path) -> None:
    long = {
        function.name: body_lines(function)
        for function in functions(path)
        if body_lines(function) >= 40
    }
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_every_module_says_its_role(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", [ROOT / "cli.py", *(ROOT / "commands").glob("*.py")])
def test_commands_are_under_20_lines(path: Path) -> None:
    long = {
        function.name: body_lines(function)
        for function in functions(path)
        if body_lines(function) >= 20
    }
    assert not long


@pytest.mark.parametrize("path", DOOR, ids=[str(path.relative_to(ROOT)) for path in DOOR])
def test_the_front_door_imports_no_heavy_library(path: Path) -> None:
    assert not imported(tree_of(path)) & HEAVY


def test_only_the_front_door_knows_click() -> None:
    knowing = {path for path in MODULES if "click" in imported(tree_of(path))}
    assert ROOT / "cli.py" in knowing
    assert knowing <= set(DOOR)


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_the_package_is_imported_by_its_full_name(path: Path) -> None:
    assert not imported(tree_of(path)) & {"indexer", "search", "cli", "corpus", "web", ""}
