"""Where the source of an item is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chabao.indexer.build import build
from chabao.indexer.manifest import Entry, Manifest
from chabao.search import addresses
from chabao.search.engine import export, open_index
from chabao.search.errors import GoneFile, GoneItem, UnknownItem
from chabao.search.opening import Spot, located, spot

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "- 周报（一）"
    made.mkdir()
    for path in CORPUS:
        shutil.copyfile(path, made / f"-{path.name}")
    return made


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index")
    return tmp_path / "index"


def test_every_place_of_every_item_is_on_the_line_that_holds_it(folder: Path, index: Path) -> None:
    with open_index(index) as opened:
        for item in export(opened):
            text = item["text"]
            for at in range(0, len(text) - 1, 97):
                address = str(addresses.address(item["id"], text, at, at + 1))
                _, found = spot(opened, address)
                lines = found.path.read_text(encoding="utf-8-sig").splitlines()
                assert found.line and text[at] in lines[found.line - 1]
                assert found.path == folder / item["source"] and not found.changed


def test_an_id_is_the_line_on_which_the_item_begins(index: Path) -> None:
    with open_index(index) as opened:
        for item in export(opened):
            assert spot(opened, item["id"])[1].line == item["line"]


def test_a_file_that_was_changed_is_said_to_be(folder: Path, index: Path) -> None:
    with open_index(index) as opened:
        item = next(iter(export(opened)))
        file = folder / item["source"]
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        assert spot(opened, item["id"])[1].changed
        file.unlink()
        with pytest.raises(GoneFile):
            spot(opened, item["id"])
        with pytest.raises(UnknownItem):
            spot(opened, "nothing")
        with pytest.raises(GoneItem):
            spot(opened, "aaaaaaaaaaaa@1+2")


def test_sources_are_found_below_their_folders_where_the_manifest_says_no_more() -> None:
    one = Manifest(roots={"甲": "/a/甲"})
    assert located(one, "乙/丙.txt")[:2] == (Path("/a/甲/乙/丙.txt"), "")
    two = Manifest(roots={"甲": "/a/甲", "乙": "/b"})
    assert located(two, "乙/丙.txt")[:2] == (Path("/b/丙.txt"), "")


def test_what_lies_in_an_archive_is_told_from_the_archive() -> None:
    entry = Entry("/a/往期.zip", (1, 2), "", ())
    known = Manifest(roots={"a": "/a"}, files={"往期.zip": entry})
    assert located(known, "往期.zip/2023/一.txt") == (Path("/a/往期.zip"), "2023/一.txt", entry)


def test_how_a_spot_is_written() -> None:
    path = Path("/a/一.txt")
    assert str(Spot(path, 3, None)) == "/a/一.txt:3"
    assert str(Spot(Path("/a/一.pdf"), None, 7)) == "/a/一.pdf#page=7"
    assert str(Spot(Path("/a/一.docx"), None, None)) == "/a/一.docx"
    assert str(Spot(Path("/a/一.zip"), None, 3, "二/三.pdf")) == "/a/一.zip!/二/三.pdf"
