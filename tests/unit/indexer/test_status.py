"""What an index says of itself, beside what a plain look at the files says."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from chabao.indexer import manifest
from chabao.indexer.build import build
from chabao.indexer.codecs import toc
from chabao.indexer.errors import DamagedIndex, MissingIndex
from chabao.indexer.status import Changes, listed, size, status

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in CORPUS:
        shutil.copyfile(path, made / path.name)
    return made


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index")
    return tmp_path / "index"


def test_what_was_indexed_is_what_build_reported(folder: Path, index: Path) -> None:
    done, found = build([folder], index), status(index)
    total = found.total
    assert (total.files, total.issues, total.items, total.characters) == (
        done.files, done.issues, done.items, done.characters,
    )  # fmt: skip
    assert found.size.items == done.items
    assert found.formats == {".txt": total}
    (root,) = found.folders
    assert (root.name, root.path, root.there, root.amount) == ("bulletins", folder, True, total)
    assert found.size.bytes == sum(p.stat().st_size for p in index.iterdir() if p.is_file())
    assert found.known and found.fresh and not found.refused


def test_what_is_new_changed_and_gone(folder: Path, index: Path) -> None:
    one, two, three = sorted(folder.iterdir())[:3]
    one.write_text("改过。\n", encoding="utf-8")
    two.unlink()
    three.rename(folder / "乙.txt")
    (folder / "甲.txt").write_text("新的。\n", encoding="utf-8")
    (folder / "README.txt").touch()
    (folder / ".hidden.txt").touch()
    changes = status(index).changes
    assert changes == Changes(
        (str(folder / "乙.txt"), str(folder / "甲.txt")), (str(one),), (str(two), str(three))
    )
    build([folder], index)
    assert status(index).fresh


def test_a_file_that_was_touched_is_looked_at_again(folder: Path, index: Path) -> None:
    file = sorted(folder.iterdir())[0]
    os.utime(file, ns=(0, 0))
    assert status(index).changes == Changes(changed=(str(file),))
    build([folder], index)
    assert status(index).fresh


def test_what_was_refused_is_said_with_its_reason_and_makes_nothing_stale(
    folder: Path, index: Path
) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
    assert status(index).changes.new == (str(bad),)
    done = build([folder], index)
    found = status(index)
    assert found.refused == done.refused and [path for path, _ in found.refused] == [str(bad)]
    assert found.fresh
    bad.write_text("好的。\n", encoding="utf-8")
    assert status(index).changes.changed == (str(bad),)
    bad.unlink()
    assert status(index).changes.gone == (str(bad),)


def test_copies_are_said_with_what_is_indexed_in_their_place(folder: Path, index: Path) -> None:
    shutil.copyfile(CORPUS[0], folder / "zzz.txt")
    done = build([folder], index)
    found = status(index)
    assert found.copies == done.copies == ((str(folder / "zzz.txt"), str(folder / CORPUS[0].name)),)
    assert found.fresh


def test_folders_are_told_apart(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "其他"
    other.mkdir()
    (other / "一.txt").write_text("一件事。\n", encoding="utf-8")
    index = tmp_path / "two"
    build([folder, other], index)
    assert {each.name: each.amount.files for each in status(index).folders} == {
        "bulletins": 5, "其他": 1,
    }  # fmt: skip
    shutil.rmtree(other)
    found = status(index)
    assert [each.there for each in found.folders] == [True, False]
    assert found.changes.gone == (str(other / "一.txt"),)


def test_where_the_manifest_is_lost_everything_is_new(folder: Path, index: Path) -> None:
    (index / manifest.NAME).unlink()
    found = status(index)
    assert not found.known and found.size.items > 0
    assert [each.path for each in found.folders] == [folder]
    (index / manifest.FOLDERS).unlink()
    assert not status(index).folders
    build([folder], index, rebuild=True)
    assert status(index).known


def test_what_is_no_index(tmp_path: Path, index: Path) -> None:
    with pytest.raises(MissingIndex):
        status(tmp_path / "nothing")
    for path in index.glob("*.chp"):
        path.write_bytes(b"x")
    with pytest.raises(DamagedIndex):
        size(index)
    line = listed("甲", index, default=True)
    assert line.size is None and isinstance(line.wrong, DamagedIndex)


def test_suspicious_texts_are_said_with_the_reason(folder: Path, index: Path) -> None:
    commit = toc.commit(index)
    known = manifest.read(index, commit)
    source, entry = next(iter(known.files.items()))
    part = replace(entry.parts[0], remarks=("many pages have no text",))
    known.files[source] = replace(entry, parts=(part,))
    manifest.write(index, commit, known)
    assert status(index).remarks == ((entry.path, "many pages have no text"),)
    assert status(index).fresh
