"""What an index says of itself: checked, and its folders kept twice."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer import manifest, sealed
from chabao.indexer.build import build, remove
from chabao.indexer.errors import DamagedIndex, LostFolders
from chabao.indexer.manifest import Entry, Manifest, Part
from chabao.search.engine import export, open_index

PART = Part("甲/一.txt", "i", "t", 3, 40, "", ("odd",))
KNOWN = Manifest(
    {"甲": "/a/甲"},
    {"甲/一.txt": Entry("/a/甲/一.txt", (1, 2, 3), "d", (PART,), {"": "because"})},
    {"/a/甲/x.pdf": "no text"}, {"/a/甲/x.pdf": (4, 5)}, "pdf",
)  # fmt: skip
EMPTY = Manifest()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    manifest.write(tmp_path, 7, KNOWN)
    assert manifest.read(tmp_path, 7) == manifest.recalled(tmp_path, 7) == KNOWN
    assert manifest.folders(tmp_path) == KNOWN.roots
    assert manifest.read(tmp_path, 8) == Manifest(KNOWN.roots)
    assert manifest.is_whole(tmp_path, 7)
    assert json.loads((tmp_path / manifest.NAME).read_bytes())["said"]["generation"] == 7


def test_every_changed_byte_and_every_cut_is_damage(tmp_path: Path) -> None:
    manifest.write(tmp_path, 7, KNOWN)
    path, random = tmp_path / manifest.NAME, Random(5)
    data = path.read_bytes()
    harmed = [
        data[:at] + bytes([data[at] ^ random.randint(1, 255)]) + data[at + 1 :]
        for at in range(len(data))
    ]
    harmed += [data[:at] for at in range(len(data))] + [data + b" ", data + data]
    for each in harmed:
        path.write_bytes(each)
        with pytest.raises(DamagedIndex) as raised:
            manifest.read(tmp_path, 7)
        assert raised.value.values["path"] == manifest.NAME
        assert manifest.recalled(tmp_path, 7) == Manifest(KNOWN.roots)


def test_the_one_that_was_prepared_is_right_once_its_commit_is_there(tmp_path: Path) -> None:
    manifest.write(tmp_path, 7, EMPTY)
    manifest.prepare(tmp_path, 8, KNOWN)
    assert manifest.read(tmp_path, 7) == EMPTY and manifest.read(tmp_path, 8) == KNOWN
    assert not manifest.is_whole(tmp_path, 7) and manifest.is_unsettled(tmp_path, 8)
    # An index that was made anew counts anew: what was prepared last is what is meant.
    manifest.prepare(tmp_path, 7, KNOWN)
    assert manifest.read(tmp_path, 7) == KNOWN
    manifest.settle(tmp_path)
    assert manifest.read(tmp_path, 7) == KNOWN and manifest.is_whole(tmp_path, 7)


def test_the_folders_are_known_where_one_of_both_is_left(tmp_path: Path) -> None:
    manifest.write(tmp_path, 7, KNOWN)
    (tmp_path / manifest.FOLDERS).write_bytes(b"x")
    assert not manifest.is_whole(tmp_path, 7)
    assert manifest.folders(tmp_path) is None
    assert manifest.read(tmp_path, 8).roots == KNOWN.roots
    manifest.write(tmp_path, 7, KNOWN)
    (tmp_path / manifest.NAME).unlink()
    assert manifest.read(tmp_path, 7) == Manifest(KNOWN.roots)


def test_one_from_before_there_were_checksums_tells_the_folders(tmp_path: Path) -> None:
    said = {"version": 4, "generation": 7, "roots": KNOWN.roots, "files": {}, "stamps": {}}
    (tmp_path / manifest.NAME).write_text(json.dumps(said), "utf-8")
    assert manifest.read(tmp_path, 7) == Manifest(KNOWN.roots)


@pytest.mark.parametrize("version", ["Infinity", "-1e999", "NaN", '"x"', "9" * 5000])
def test_one_whose_version_is_no_number_is_damage(tmp_path: Path, version: str) -> None:
    (tmp_path / manifest.NAME).write_text(f'{{"version": {version}, "roots": 5}}', "utf-8")
    with pytest.raises(DamagedIndex):
        manifest.read(tmp_path, 7)


@pytest.mark.parametrize(
    "said",
    [5, None, [], {}, {"version": manifest.VERSION, "generation": 7},
     *({"version": manifest.VERSION, "generation": 7, "roots": {}, "files": {}, "refused": {},
        "stamps": {}, "readers": "", **odd} for odd in [
         {"files": 5}, {"files": {"a": 5}}, {"files": {"a": {}}}, {"roots": 5}, {"stamps": 5},
         {"roots": {"a": "a\0b"}},
         {"stamps": {"a": 5}}, {"refused": []},
         *({"files": {"a": {"path": "p", "stamp": [1], "digest": "d", "refused": {},
                            "parts": [], **worse}}} for worse in [
             {"path": "a\0b"},
             {"path": 5}, {"stamp": ["x"]}, {"stamp": 5}, {"digest": None}, {"parts": 5},
             {"parts": [{}]}, {"refused": 5}, {"more": 1},
             *({"parts": [{"source": "s", "issue": "", "text": "", "items": 1, "characters": 1,
                           "copy_of": "", "remarks": [], **worst}]} for worst in [
                 {"source": 5}, {"items": "1"}, {"characters": None}, {"remarks": [1]},
                 {"remarks": 5}, {"copy_of": None}, {"copy_of": "x"}, {"more": 1}])])])],
    ids=lambda said: str(said)[-40:],
)  # fmt: skip
def test_one_that_says_nonsense_is_damage(tmp_path: Path, said: Any) -> None:
    """Even one whose checksum is right."""
    sealed.write(tmp_path / manifest.NAME, said)
    with pytest.raises(DamagedIndex):
        manifest.read(tmp_path, 7)


def test_one_that_is_nested_without_end_is_damage(tmp_path: Path) -> None:
    sealed.write(tmp_path / manifest.NAME, {})
    for deep in (b"[" * 200_000, b'{"check":"00000000","said":' + b"[" * 200_000 + b"}\n"):
        (tmp_path / manifest.NAME).write_bytes(deep)
        with pytest.raises(DamagedIndex):
            manifest.read(tmp_path, 7)


@pytest.mark.skipif(os.name == "nt", reason="no links, no pipes")
def test_links_are_not_followed_when_it_is_written(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for name in (manifest.NAME, manifest.NEXT, manifest.FOLDERS):
        (tmp_path / f"{name}.partial").symlink_to(precious)
        (tmp_path / name).symlink_to(precious)
    manifest.prepare(tmp_path, 7, KNOWN)
    manifest.write(tmp_path, 7, KNOWN)
    assert precious.read_text() == "mine"
    assert manifest.read(tmp_path, 7) == KNOWN


def test_those_of_another_index_are_not_taken_for_its_own(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, known in ((ours, KNOWN), (theirs, Manifest({"乙": "/b/乙"}))):
        folder.mkdir()
        manifest.write(folder, (7, folder.name), known)
    at = (7, "ours")
    assert manifest.read(ours, at) == KNOWN and manifest.is_whole(ours, at)
    (ours / manifest.NAME).write_bytes((theirs / manifest.NAME).read_bytes())
    with pytest.raises(DamagedIndex) as raised:
        manifest.read(ours, at)
    assert raised.value.values["path"] == manifest.NAME
    assert manifest.recalled(ours, at) == Manifest(KNOWN.roots)
    # Where nobody can tell which of both this index is, neither is believed.
    assert manifest.recalled(ours, 7) == manifest.recalled(ours, -1) == Manifest()
    (ours / manifest.FOLDERS).write_bytes((theirs / manifest.FOLDERS).read_bytes())
    assert manifest.folders(ours, at) is None
    assert manifest.recalled(ours, at) == Manifest()


def test_folders_that_nobody_names_are_kept_or_said_to_be_lost(tmp_path: Path) -> None:
    """Whoever names one folder of two does not lose the other."""
    index, folders = tmp_path / "index", [tmp_path / name for name in "ab"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        text = f"政务窗口月报\n2024年第{number + 1}期\n\n一、概况\n政务服务第{number}回。\n"
        (folder / "x.txt").write_text(text, "utf-8")
    build(folders, index)

    def sources() -> list[str]:
        with open_index(index) as opened:
            return sorted(item["source"] for item in export(opened))

    before = sources()
    assert len(before) == 2
    (index / manifest.NAME).write_bytes(b"x")
    build(folders[:1], index)
    assert sources() == before
    (index / manifest.NAME).unlink()
    (index / manifest.FOLDERS).unlink()
    for failing in (lambda: build(folders[:1], index), lambda: remove(folders[0], index)):
        with pytest.raises(LostFolders):
            failing()
    assert sources() == before
    build(folders, index, rebuild=True)
    assert sources() == before
