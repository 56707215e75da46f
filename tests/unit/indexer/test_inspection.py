"""Whether an index is sound is said file by file; a damaged one is built again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from benchmarks.faults.mutilated import forgeries
from chabao.indexer import bundled, manifest, stock
from chabao.indexer.build import build
from chabao.indexer.codecs import toc
from chabao.indexer.errors import AwayFolder, DamagedIndex, LostFolders, MissingIndex
from chabao.indexer.inspection import File, inspect
from chabao.indexer.repairing import repair
from chabao.search.engine import export, open_index, search

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in sorted(CORPUS.glob("*.txt"))[:2]:
        shutil.copy(path, made)
    return made


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index")
    return tmp_path / "index"


def file(index: Path, pattern: str) -> Path:
    (path,) = index.glob(pattern)
    return path


def texts(index: Path) -> list[str]:
    with open_index(index) as opened:
        return [item["text"] for item in export(opened)]


def test_a_sound_index(index: Path) -> None:
    for deep in (False, True):
        found = inspect(index, deep=deep)
        assert found.sound and found.damaged == () and found.spare == ()
        assert found.generation == 1 and found.items == len(texts(index))
        kinds = [each.kind for each in found.files]
        assert kinds == ["table", "manifest", "folders", "postings", "items"]
        assert all(each.bytes == (index / each.name).stat().st_size for each in found.files)
        assert all(each.blocks for each in found.files)
    assert repair(index) is None


def test_an_empty_one_is_sound(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    build([empty], tmp_path / "index")
    assert inspect(tmp_path / "index").sound


def test_what_is_none(tmp_path: Path) -> None:
    for ask in (inspect, repair):
        with pytest.raises(MissingIndex):
            ask(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "kind", "items"),
    [("*.toc", "table", 0), ("*.chp", "postings", 0), ("*.chr", "items", 0),
     ("manifest.json", "manifest", 1), ("manifest.folders.json", "folders", 1)],
)  # fmt: skip
@pytest.mark.parametrize("harm", ["byte", "cut", "lost", "folder"])
def test_what_is_damaged_is_named(
    index: Path, pattern: str, kind: str, items: int, harm: str
) -> None:
    path, before = file(index, pattern), texts(index)
    data = path.read_bytes()
    path.unlink()
    if harm == "byte":
        path.write_bytes(data[:-30] + bytes([data[-30] ^ 1]) + data[-29:])
    elif harm == "cut":
        path.write_bytes(data[:40])
    elif harm == "folder":
        path.mkdir()
    found = inspect(index)
    wrong = [each for each in found.damaged if each.kind == kind]
    assert len(wrong) == len(found.damaged) == 1 and isinstance(wrong[0], File)
    assert wrong[0].name == (path.name if kind != "table" or harm != "lost" else "_MAIN_*.toc")
    assert found.items == items * len(before)
    if harm == "folder" and kind in ("manifest", "folders"):
        path.rmdir()  # nothing is written over a folder
    assert repair(index)
    assert inspect(index).sound and texts(index) == before


def test_forged_postings_are_found_by_reading_them(index: Path) -> None:
    """Their checksums are right, and no builder wrote them."""
    names = [file(index, pattern).name for pattern in ("*.chp", "*.chr", "*.toc")]
    files = {name: (index / name).read_bytes() for name in names}
    for name, data in forgeries(files, names[0], bytes([1, 9, 40, 0, 7, 0] * 8)).items():
        (index / name).write_bytes(data)
    assert not inspect(index, deep=True).sound


def test_files_of_two_indexes_are_told_apart(index: Path, folder: Path, tmp_path: Path) -> None:
    """Each has its first commit, of the same bulletins."""
    other = tmp_path / "other"
    build([folder], other)
    for pattern in ("*.toc", "*.chp", "*.chr", "manifest.json", "manifest.folders.json"):
        ours, theirs = file(index, pattern), file(other, pattern)
        data = ours.read_bytes()
        ours.write_bytes(theirs.read_bytes())
        # The same bulletins make the same postings and items, byte for byte.
        assert (
            inspect(index).sound == (pattern in ("*.chp", "*.chr")) == (ours.read_bytes() == data)
        )
        ours.write_bytes(data)
    assert inspect(index).sound


def test_what_belongs_to_no_commit_is_told(index: Path) -> None:
    (index / "MAIN_0123.chp").write_bytes(b"x")
    assert inspect(index).spare == ("MAIN_0123.chp",) and inspect(index).sound


def test_where_no_folder_is_known_nothing_is_built(index: Path) -> None:
    for name in (manifest.NAME, manifest.FOLDERS):
        (index / name).unlink()
    before = sorted(index.iterdir())
    with pytest.raises(LostFolders):
        repair(index)
    assert sorted(index.iterdir()) == before


def test_where_a_folder_is_away_nothing_is_built(index: Path, folder: Path) -> None:
    file(index, "*.chr").unlink()
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(AwayFolder) as raised:
        repair(index)
    assert raised.value.values["folder"] == folder
    folder.with_name("elsewhere").rename(folder)
    assert repair(index) and inspect(index).sound


def test_all_but_the_folders_may_be_lost(index: Path) -> None:
    before = texts(index)
    for path in index.iterdir():
        if path.name != manifest.FOLDERS and path.suffix != ".chp":
            path.unlink()
    assert repair(index)
    assert texts(index) == before


def test_a_lost_table_is_not_taken_for_no_index(index: Path) -> None:
    file(index, "*.toc").unlink()
    with pytest.raises(DamagedIndex):
        toc.generation(index)
    with pytest.raises(DamagedIndex):
        build([index.parent / "bulletins"], index)


@pytest.mark.parametrize("pattern", ["*.toc", "*.chp", "*.chr", "manifest.json"])
def test_the_sample_heals_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path)
    path = file(bundled.bundled_index(), pattern)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + b"\0\1\2" + data[len(data) // 2 + 3 :])
    with open_index(bundled.bundled_index()) as opened:
        assert search(opened, "川渝通办").mentions == 5


@pytest.mark.skipif(os.name == "nt", reason="no links")
def test_a_writer_empties_no_folder_that_a_link_leads_to(
    index: Path, folder: Path, tmp_path: Path
) -> None:
    """Whoosh kept what it needed for a while in MAIN.tmp, and emptied that."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "mine").write_text("mine")
    (index / "MAIN.tmp").symlink_to(precious)
    shutil.copy(sorted(CORPUS.glob("*.txt"))[3], folder)
    build([folder], index)
    assert (precious / "mine").read_text() == "mine"


@pytest.mark.parametrize("pattern", ["*.toc", "*.chp", "*.chr", "manifest.json"])
def test_a_damaged_one_is_not_copied(index: Path, pattern: str) -> None:
    with stock.opened(index) as there:
        assert there.items == len(texts(index))
    path = file(index, pattern)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DamagedIndex), stock.opened(index):
        pass


def test_nobody_builds_of_the_folders_of_another_index(index: Path, tmp_path: Path) -> None:
    """Both files that tell the folders are another's, and the table cannot tell."""
    folder, other = tmp_path / "others", tmp_path / "other"
    folder.mkdir()
    shutil.copy(sorted(CORPUS.glob("*.txt"))[4], folder)
    build([folder], other)
    for name in (manifest.NAME, manifest.FOLDERS):
        (index / name).write_bytes((other / name).read_bytes())
    with pytest.raises(LostFolders):
        repair(index)
    file(index, "*.toc").write_bytes(b"")
    with pytest.raises(LostFolders):
        repair(index)
    before = texts(other)
    build([index.parent / "bulletins"], index, rebuild=True)
    assert not set(before) & set(texts(index))
