"""The words that every peer is given: jieba's search mode by rjieba, without punctuation."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

SITE = "BENCH_SITE"
"""Where rjieba is, for an interpreter that has only the system's packages."""


def load(name: str) -> Any:
    """A module of ours or, failing that, of the environment that started us."""
    if (site := os.environ.get(SITE)) and site not in sys.path:
        sys.path.append(site)
    return importlib.import_module(name)


def words(text: str) -> list[str]:
    """Search-mode words in the order in which they are cut."""
    return [word for word in load("rjieba").cut_for_search(text) if word[0].isalnum()]
