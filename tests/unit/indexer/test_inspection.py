"""Whether an index is sound is said file by file; a damaged one is built again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from benchmarks.faults.mutilated import forgeries
from chabao.indexer import bundled, manifest, sinks, stock
from chabao.indexer.build import build
from chabao.indexer.codecs import soundness, toc, whoosh_
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.errors import (
    AwayFolder,
    CannotWrite,
    DamagedIndex,
    LostFolders,
    MissingIndex,
    RestlessIndex,
)
from chabao.indexer.inspection import File, inspect
from chabao.indexer.repairing import repair
from chabao.indexer.status import size, status
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


@pytest.mark.parametrize("name", [manifest.NAME, manifest.FOLDERS])
def test_only_the_file_of_another_index_is_blamed(index: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(CORPUS, tmp_path / "others")
    build([tmp_path / "others"], tmp_path / "other")
    shutil.copy(tmp_path / "other" / name, index / name)
    assert [(each.name, each.wrong) for each in inspect(index).damaged] == [
        (name, "of another index")
    ]


def test_what_belongs_to_no_commit_is_told(index: Path) -> None:
    (index / "MAIN_0123.chp").write_bytes(b"x")
    assert inspect(index).spare == ("MAIN_0123.chp",) and inspect(index).sound


@pytest.fixture
def unsettled(folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index whose writer was killed between a commit and the next step."""
    (folder / "more.txt").write_text("政务窗口月报\n2024年第1期\n\n一、概况\n甲。\n", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "settle", lambda folder: None)
        build([folder], index)
    return index


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-30] + bytes([data[-30] ^ 1]) + data[-29:])


def of_kind(index: Path, kind: str) -> list[tuple[str, str]]:
    return [(each.name, each.wrong) for each in inspect(index).files if each.kind == kind]


def test_the_right_manifest_is_the_one_that_is_looked_at(unsettled: Path, folder: Path) -> None:
    found = inspect(unsettled)
    assert found.sound and found.spare == (manifest.NAME,)
    assert of_kind(unsettled, "manifest") == [(manifest.NEXT, "")]
    flip(unsettled / manifest.NAME)
    assert inspect(unsettled).sound and inspect(unsettled).spare == (manifest.NAME,)
    # What is called spare is needed by nobody.
    (unsettled / manifest.NAME).unlink()
    assert inspect(unsettled).sound and inspect(unsettled).spare == ()
    assert status(unsettled).known and status(unsettled).fresh
    before = texts(unsettled)
    build([folder], unsettled)
    assert of_kind(unsettled, "manifest") == [(manifest.NAME, "")] and texts(unsettled) == before


def test_a_damaged_manifest_is_named_where_the_writer_left_two(unsettled: Path) -> None:
    flip(unsettled / manifest.NEXT)
    assert of_kind(unsettled, "manifest") == [(manifest.NEXT, "checksum")]
    flip(unsettled / manifest.NAME)
    both = [(manifest.NEXT, "checksum"), (manifest.NAME, "checksum")]
    assert of_kind(unsettled, "manifest") == both
    (unsettled / manifest.NEXT).unlink()
    assert of_kind(unsettled, "manifest") == both[1:]


def test_without_the_one_that_was_prepared_the_other_is_of_another_commit(unsettled: Path) -> None:
    (unsettled / manifest.NEXT).unlink()
    assert of_kind(unsettled, "manifest") == [(manifest.NAME, "of another commit")]


def test_the_manifest_of_a_commit_that_was_not_made_is_spare(index: Path) -> None:
    number, identity = toc.commit(index)
    manifest.prepare(index, (number + 1, identity), sinks.known(index))
    assert inspect(index).sound and inspect(index).spare == (manifest.NEXT,)
    assert of_kind(index, "manifest") == [(manifest.NAME, "")]


def test_where_the_table_is_damaged_no_file_of_an_index_is_called_spare(unsettled: Path) -> None:
    (unsettled / "_MAIN_99.toc").write_bytes(b"x")
    found = inspect(unsettled)
    assert [each.name for each in found.damaged] == ["_MAIN_99.toc"] and found.spare == ()
    assert of_kind(unsettled, "manifest") == [(manifest.NEXT, ""), (manifest.NAME, "")]


SMALL = [manifest.NAME, manifest.FOLDERS, manifest.NEXT, f"{manifest.NEXT}.partial",
         f"{manifest.FOLDERS}.partial"]  # fmt: skip


@pytest.mark.parametrize("name", [*SMALL, *toc.LOCKS])
@pytest.mark.parametrize("content", [None, "mine"])
def test_a_folder_in_the_place_of_a_small_file(
    index: Path, folder: Path, name: str, content: str | None
) -> None:
    """It gives way, and what lies in it is kept."""
    before = texts(index)
    (index / name).unlink(missing_ok=True)
    (index / name).mkdir()
    if content:
        (index / name / "mine.txt").write_text(content)
    is_needed = name in (manifest.NAME, manifest.FOLDERS, *toc.LOCKS)
    assert [each.name for each in inspect(index).damaged] == [name] * is_needed
    assert bool(repair(index)) == is_needed
    build([folder], index, rebuild=True)
    assert inspect(index).sound and texts(index) == before
    kept = [path.read_text() for path in index.glob("*/mine.txt")]
    assert kept == ([content] if content else [])


@pytest.mark.skipif(os.name == "nt", reason="no links, no pipes")
@pytest.mark.parametrize("name", toc.LOCKS)
def test_a_lock_that_no_writer_can_hold(
    index: Path, folder: Path, tmp_path: Path, name: str
) -> None:
    path, precious = index / name, tmp_path / "precious"
    precious.write_text("mine")
    for make in (path.mkdir, lambda: path.symlink_to(precious)):
        path.unlink()
        make()
        assert of_kind(index, "lock") == [(name, "not a file")]
        with pytest.raises(CannotWrite) as raised:
            build([folder], index)
        assert raised.value.values["path"] == path
        assert repair(index) and inspect(index).sound
    path.unlink()
    os.mkfifo(path)
    assert of_kind(index, "lock") == [(name, "not a file")]
    assert repair(index) and inspect(index).sound
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("number", [toc.LAST, toc.LAST - 1, 99])
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_table_that_someone_laid_there(index: Path, number: int, is_folder: bool) -> None:
    """One repair is enough, whatever its number, and there is room for what comes."""
    before, planted = texts(index), toc.path_of(index, number)
    if number > 99:
        toc.path_of(index, toc.LAST // 2 + 1).write_text("y")
    planted.mkdir() if is_folder else planted.write_text("x\n")
    assert repair(index)
    for _ in range(2):
        assert inspect(index).sound and texts(index) == before
        build([index.parent / "bulletins"], index, rebuild=True)
    assert toc.generation(index) < 1000


def test_a_repair_that_is_stopped_before_such_a_table_is_gone(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, planted = texts(index), toc.path_of(index, toc.LAST)
    planted.write_text("x\n")
    files = {path.name: path.read_bytes() for path in index.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(whoosh_.regular, "make_way", stopped)
        with pytest.raises(KeyboardInterrupt):
            repair(index)
    assert {name: (index / name).read_bytes() for name in files if "manifest" not in name} == {
        name: data for name, data in files.items() if "manifest" not in name
    }
    assert repair(index) and inspect(index).sound and texts(index) == before
    assert inspect(index).spare == ()


def stopped(path: Path) -> None:
    if path.suffix == ".toc":
        raise KeyboardInterrupt


def test_behind_the_last_number_nothing_is_written(index: Path, folder: Path) -> None:
    before, contents = texts(index), toc.read(index)
    known = manifest.read(index, contents.commit)
    last = toc.path_of(index, toc.LAST)
    last.write_bytes(toc.sealed(b"", toc.LAST, contents.segments, contents.identity))
    manifest.write(index, (toc.LAST, contents.identity), known)
    assert inspect(index).sound
    (folder / "more.txt").write_text("新的一句。\n", "utf-8")
    with pytest.raises(CannotWrite):
        build([folder], index)
    assert toc.generation(index) == toc.LAST and inspect(index).sound and texts(index) == before
    build([folder], index, rebuild=True)
    assert inspect(index).sound and len(texts(index)) > len(before)
    assert toc.generation(index) < toc.LAST


@pytest.fixture
def overtaken(folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A writer replaces the commit that was read, as often as the number that stands here says."""
    real, left = toc.read, [0]

    def read(at: Path) -> toc.Contents:
        found = real(at)
        if left[0]:
            left[0] -= 1
            times, left[0] = left[0], 0
            (folder / f"more{times}.txt").write_text(f"第{times}回，说一说。\n", "utf-8")
            build([folder], index, rebuild=True)
            left[0] = times
        return found

    monkeypatch.setattr(toc, "read", read)
    monkeypatch.setattr(toc, "PAUSE", 0)
    return left


@pytest.mark.parametrize("times", [1, 3])
def test_what_is_said_beside_writers_is_of_one_commit(
    overtaken: list[int], index: Path, times: int
) -> None:
    overtaken[0] = times
    assert status(index).known and status(index).fresh
    overtaken[0] = times
    assert sinks.known(index).files.keys() == sinks.known(index).files.keys()
    overtaken[0] = times
    with open_index(index) as opened:
        assert opened.manifest.files.keys() == sinks.known(index).files.keys()
    overtaken[0] = times
    found = inspect(index)
    assert found.sound and found.spare == () and found.generation == toc.generation(index)


def test_a_size_is_told_though_a_file_goes_meanwhile(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = size(index), Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([*real(folder), folder / "gone"]))
    assert size(index) == before


def test_an_index_that_never_rests_is_not_called_damaged(
    overtaken: list[int], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toc, "REPLACED", 3)
    for ask in (inspect, status, repair):
        overtaken[0] = 5
        with pytest.raises(RestlessIndex):
            ask(index)


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


def test_what_a_writer_takes_away_meanwhile_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long that takes, and however often it happens."""
    folder, index = tmp_path / "texts", tmp_path / "index"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"政务窗口月报\n\n一、受理{number}件。\n", "utf-8")
        build([folder], index)
    real, seen = soundness.measured, list[str]()

    def slow(segment: Segment) -> None:
        seen.append(segment.path.name)
        build([folder], index, rebuild=True)
        real(segment)

    monkeypatch.setattr(soundness, "measured", slow)
    found = inspect(index)
    assert found.sound and len(seen) == len({*seen}) == 3
