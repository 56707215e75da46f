"""While an index is made anew, whoever reads it sees the old one, until the new one is whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chabao.indexer import update
from chabao.indexer.build import Progress, build
from chabao.search.engine import open_index


def test_a_rebuild_is_seen_when_it_is_whole(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes: what is new is committed in steps, what is made anew is not."""
    monkeypatch.setattr(update, "STEP", -1.0)
    monkeypatch.setattr(update, "RARELY", 0)
    folder, index = tmp_path / "issues", tmp_path / "index"
    shutil.copytree(root / "corpus", folder)
    seen: list[int] = []

    def look(_progress: Progress) -> None:
        try:
            seen.append(open_index(index).statistics.items)
        except FileNotFoundError:
            seen.append(0)

    build([folder], index)
    before = open_index(index).statistics.items
    (folder / sorted(path.name for path in folder.glob("*.txt"))[0]).unlink()
    build([folder], index, rebuild=True, progress=look)
    assert len(seen) > 4
    assert set(seen) == {before}
    assert 0 < open_index(index).statistics.items < before
