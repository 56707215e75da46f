"""A lookup is one process: it loads nothing that the answer does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEGMENTERS = {"jieba", "rjieba"}
HEAVY = SEGMENTERS | {
    "whoosh", "rich", "numpy", "charset_normalizer", "matplotlib", "opencc", "xlsxwriter",
}  # fmt: skip

RUN = """
import json, sys
sys.argv = ["chabao", *json.loads(sys.argv[1])]
try:
    from chabao.cli import main
    if len(sys.argv) > 1:
        main()
except SystemExit as end:
    code = end.code
else:
    code = 0
print(json.dumps([code or 0, sorted(sys.modules)]),
      file=open({report!r}, "w"))
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return Loaded(tmp_path / "report.json")


class Loaded:
    """Runs the program in a process of its own and tells what it imported."""

    def __init__(self, report: Path) -> None:
        self.report = report

    def __call__(self, *arguments: str) -> set[str]:
        ran = subprocess.run(
            [sys.executable, "-c", RUN.replace("{report!r}", repr(str(self.report))),
             json.dumps(arguments)],
            capture_output=True, text=True, encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"}, cwd=self.report.parent,
        )  # fmt: skip
        assert self.report.exists(), ran.stderr
        code, modules = json.loads(self.report.read_text())
        assert code in (0, 1), ran.stderr  # found literally, or not
        return set(modules)


def test_importing_the_command_line_loads_nothing_heavy(loaded: Loaded) -> None:
    assert not loaded() & HEAVY


@pytest.mark.parametrize("page", [("--help",), ("search", "--help"), ("--version",)])
def test_help_loads_nothing_heavy(loaded: Loaded, page: tuple[str, ...]) -> None:
    assert not loaded(*page) & HEAVY


@pytest.mark.parametrize(
    "search",
    [
        ("search", "川渝通办"),
        ("search", "川渝通办", "--json"),
        ("search", "--count", "部门:省林草局 通办"),
        ("search", "--related", "如何优化营商环境"),
    ],
    ids=" ".join,
)
def test_a_lookup_loads_no_segmenter(loaded: Loaded, search: tuple[str, ...]) -> None:
    loaded("search", "川渝通办")  # the bundled index is built once, and that cuts words
    modules = loaded(*search)
    assert "chabao" in modules
    assert not modules & (SEGMENTERS | {"charset_normalizer", "chabao.indexer.parser"})
    assert not {name for name in modules if "opensearch" in name or "cluster" in name}


def test_a_lookup_shows_its_hits_without_rich_and_reads_few_postings_without_numpy(
    loaded: Loaded,
) -> None:
    loaded("search", "川渝通办")
    assert not loaded("search", "川渝通办") & {"rich", "numpy"}
