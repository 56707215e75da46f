"""Each rendering of the five bulletins in an index of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from roundtrip import render
from roundtrip.renderings import RENDERINGS, Indexed, indexed, source, write


@pytest.fixture(scope="session")
def originals(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    folder = tmp_path_factory.mktemp("originals")
    for name in render.NAMES:
        shutil.copyfile(source(name, root), folder / f"{name}.txt")
    return indexed(folder, tmp_path_factory.mktemp("index") / "originals")


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Indexed]:
    """The index of a rendering, built where it is asked for."""

    @cache
    def index(kind: str) -> Indexed:
        folder = tmp_path_factory.mktemp("files")
        write(folder, render.NAMES, RENDERINGS[kind])
        return indexed(folder, tmp_path_factory.mktemp("index") / "rendered")

    return index
