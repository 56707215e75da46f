"""Indexes copied from folder to folder: whole, or not seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chabao.indexer import copying, manifest
from chabao.indexer.build import build
from chabao.indexer.copying import Copied, copy
from chabao.indexer.errors import ChabaoError, DamagedIndex, MissingIndex, SameIndex
from chabao.indexer.inspection import inspect
from chabao.search.engine import export, open_index

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    for path in CORPUS:
        shutil.copy(path, tmp_path / "texts")
    build([tmp_path / "texts"], tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "STEP", -1.0)
    monkeypatch.setattr(copying, "FILES", 1)


def texts(index: Path) -> list[str]:
    with open_index(index) as opened:
        return sorted(item["text"] for item in export(opened))


@pytest.mark.usefixtures("in_steps")
def test_a_copy_that_was_interrupted_goes_on(index: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    with pytest.raises(ZeroDivisionError):
        copy(index, target, progress=lambda at: at.done == 3 and 1 / 0)
    assert 0 < len(texts(target)) < 78
    assert copy(index, target) == Copied(3, 2, 0, 78)
    assert texts(target) == texts(index)
    assert inspect(target, deep=True).sound
    assert copy(index, target) == Copied(0, 5, 0, 78)


@pytest.mark.usefixtures("in_steps")
def test_what_is_copied_again_is_seen_when_all_is_there(index: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    copy(index, target)
    seen: list[int] = []
    copy(index, target, rebuild=True, progress=lambda at: seen.append(len(texts(target))))
    assert seen == [78] * 5
    assert texts(target) == texts(index)


def test_what_cannot_be_copied_leaves_nothing_behind(index: Path, tmp_path: Path) -> None:
    for name in (manifest.NAME, manifest.FOLDERS):
        (index / name).unlink()
    for origin, error in ((index, DamagedIndex), (tmp_path / "none", MissingIndex)):
        with pytest.raises(error):
            copy(origin, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_an_index_is_not_copied_into_itself(index: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(index)
    before = texts(index)
    for target in (index, tmp_path / "link", tmp_path / "texts" / ".." / "index"):
        with pytest.raises(SameIndex):
            copy(index, target)
    assert texts(index) == before


def test_what_is_wrong_is_said_of_the_index_that_it_is_wrong_with(
    index: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    copy(index, target)
    table = next(target.glob("_MAIN_*.toc"))
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(ChabaoError) as caught:
        copy(index, target)
    assert caught.value.index == str(target)
    with pytest.raises(ChabaoError) as caught:
        copy(target, tmp_path / "other")
    assert caught.value.index == ""
