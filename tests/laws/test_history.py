"""However an index came to be, it is the index of the files that are there."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer import build as building
from chabao.indexer import manifest, parser, update
from chabao.indexer.build import Report, build, remove
from chabao.indexer.codecs import toc
from chabao.indexer.discovery import Note
from chabao.indexer.errors import MissingIndex, UnknownFolder
from chabao.search.engine import export, open_index, search

CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))
QUERIES = ["川渝通办", "政务服务", "办", "企业 OR 群众", "窗口 NOT 省", "如何优化营商环境"]


def bulletin(random: Random) -> str:
    """Lines of the real ones under a head of its own; sometimes nothing that can be read."""
    lines = random.choice(CORPUS).read_text(encoding="utf-8-sig").splitlines()
    start = random.randrange(len(lines))
    body = lines[start : start + random.randint(3, 25)]
    number = random.randint(1, 99)
    head = ("窗口工作周报", f"2023年第{number}期", "")
    return "\n".join([*head, *body, f"收尾一句{number}。"]) + "\n"


GONE = "{path} is no longer there; chabao remove takes it out"


def said(index: Path) -> Any:
    """Everything that an index tells: its items, and its answers with their scores."""
    with open_index(index) as opened:
        items = sorted(export(opened), key=lambda item: (item["source"], item["line"], item["id"]))
        answers = []
        for query in QUERIES:
            found = search(opened, query, limit=None)
            hits = sorted((hit.item["source"], hit.item["id"], hit.score) for hit in found.hits)
            answers.append((query, found.total, found.mentions, found.exact, hits))
    return items, answers


def change(folder: Path, random: Random) -> None:
    files = sorted(folder.rglob("*.txt"))
    target = folder / random.choice(["", "甲", "乙/丙"]) / f"{random.randrange(30)}.txt"
    target.parent.mkdir(parents=True, exist_ok=True)
    match random.choice(["add", "add", "add", "change", "move", "delete", "spoil", "touch"]):
        case "change" if files:
            random.choice(files).write_text(bulletin(random), encoding="utf-8")
        case "move" if files:
            random.choice(files).replace(target)
        case "delete" if files:
            random.choice(files).unlink()
        case "spoil" if files:
            random.choice(files).write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
        case "touch" if files:
            random.choice(files).touch()
        case _:
            target.write_text(bulletin(random), encoding="utf-8")


@pytest.mark.parametrize("seed", range(4))
def test_a_grown_index_is_a_fresh_one(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    folder, grown = tmp_path / "files", tmp_path / "grown"
    folder.mkdir()
    for step in range(24):
        for _ in range(random.randint(1, 3)):
            change(folder, random)
        report = build([folder], grown)
        assert report.files + len(report.refused) == len(list(folder.rglob("*.txt")))
        if step % 8 == 7:
            fresh = tmp_path / f"fresh{step}"
            again = build([folder], fresh)
            assert said(grown) == said(fresh)
            assert (again.files, again.items, again.refused) == (
                report.files, report.items, report.refused,
            )  # fmt: skip
    assert build([folder], grown, rebuild=True).items == again.items
    assert said(grown) == said(fresh)
    with open_index(grown) as opened:
        assert len(opened.segments) == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in CORPUS:
        shutil.copy(path, made)
    return made


def refuse(*_: object) -> None:
    raise AssertionError("nothing is to be read")


def test_what_has_not_changed_is_not_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    first = build([folder], index)
    generation, before = toc.generation(index), said(index)
    monkeypatch.setattr(parser, "parse", refuse)
    assert build([folder], index).unchanged == first.files == 5
    for path in folder.iterdir():
        path.touch()
    assert build([folder], index).unchanged == 5
    assert build([], index).unchanged == 5
    assert toc.generation(index) == generation
    assert said(index) == before


def test_only_what_changed_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], tmp_path / "index")
    changed = folder / CORPUS[2].name
    changed.write_text(changed.read_text(encoding="utf-8") + "\n新的一句。\n", encoding="utf-8")
    read, parse = [], parser.parse

    def noting(text: str, source: str, pages: Any) -> Any:
        read.append(source)
        return parse(text, source, pages)

    monkeypatch.setattr(parser, "parse", noting)
    assert build([folder], tmp_path / "index").unchanged == 4
    assert read == [changed.name]


def test_ids_survive_a_moved_file_and_a_rebuild(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build([folder], index)
    before = {item["id"] for item in said(index)[0]}
    assert len(before) == 78
    (folder / "2023").mkdir()
    for path in sorted(folder.glob("*.txt"))[:3]:
        path.replace(folder / "2023" / f"moved {path.name}")
    report = build([folder], index)
    assert (report.removed, report.items) == (3, 78)
    assert {item["id"] for item in said(index)[0]} == before
    build([folder], index, rebuild=True)
    assert {item["id"] for item in said(index)[0]} == before


def test_several_folders_are_told_apart_and_one_is_taken_out(folder: Path, tmp_path: Path) -> None:
    index, other = tmp_path / "index", tmp_path / "more" / "bulletins"
    build([folder], index)
    alone = said(index)
    other.mkdir(parents=True)
    another = CORPUS[0].read_text(encoding="utf-8").replace("2023年第 3期", "2023年第 4期")
    (other / "copy.txt").write_text(another, encoding="utf-8")
    report = build([other], index)
    assert report.files == 6
    sources = {item["source"] for item in said(index)[0]}
    assert sources == {
        "bulletins~2/copy.txt", *(f"bulletins/{path.name}" for path in CORPUS)
    }  # fmt: skip
    assert remove(other, index).files == 5
    assert said(index) == alone
    with pytest.raises(UnknownFolder):
        remove(other, index)
    assert said(index) == alone
    assert remove(folder, index).files == 0
    assert said(index)[0] == []
    with pytest.raises(MissingIndex):
        remove(folder, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_file_below_two_folders_is_indexed_once(folder: Path, tmp_path: Path) -> None:
    index, inner = tmp_path / "index", folder / "2023"
    inner.mkdir()
    (folder / CORPUS[0].name).rename(inner / "moved.txt")
    alone = ["2023/moved.txt", *(path.name for path in CORPUS[1:])]
    for folders in ([folder, inner], [inner, folder], [inner, folder, inner, folder]):
        report = build(folders, index)
        assert (report.files, report.items) == (5, 78)
        sources = {item["source"] for item in said(index)[0]}
        assert sources == {f"bulletins/{name}" for name in alone}
    remove(inner, index)
    assert {item["source"] for item in said(index)[0]} == set(alone)
    afresh = tmp_path / "afresh"
    assert build([inner, folder], afresh).items == 78
    assert "2023/moved.txt" in {item["source"] for item in said(afresh)[0]}
    assert remove(folder, afresh).files == 1


def test_what_cannot_be_read_is_said_and_the_rest_is_indexed(folder: Path, tmp_path: Path) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
    (folder / "gone.txt").symlink_to(folder / "nothing")
    outside = tmp_path / "outside.txt"
    outside.write_text("外面的话。", encoding="utf-8")
    (folder / "outside.txt").symlink_to(outside)
    (folder / "README.md").write_text("读我", encoding="utf-8")
    (folder / ".hidden.txt").write_text("不读", encoding="utf-8")
    report = build([folder], tmp_path / "index")
    assert report.files == 5
    assert {Path(path).name for path, reason in report.refused if reason} == {"bad.txt", "gone.txt"}
    assert [("README.md" in note.path, "outside.txt" in note.path) for note in report.notes] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert build([folder], tmp_path / "index").refused == report.refused
    bad.write_text("现在能读了。", encoding="utf-8")
    assert build([folder], tmp_path / "index").files == 6


def test_a_folder_without_bulletins_is_said(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a.exe").write_bytes(b"MZ")
    report = build([tmp_path / "none"], tmp_path / "index")
    assert report.notes == (
        Note(str(tmp_path / "none"), "there is no file in {path} that can be read"),
    )


def test_a_folder_that_went_away_is_said(folder: Path, tmp_path: Path) -> None:
    build([folder], tmp_path / "index")
    shutil.rmtree(folder)
    report = build([], tmp_path / "index")
    assert (report.files, report.removed) == (0, 5)
    assert report.notes == (Note(str(folder), GONE),)


@pytest.mark.parametrize("harm", ["lost", "damaged", "of another commit", "of another version"])
def test_without_its_manifest_an_index_keeps_nothing_that_is_gone(
    folder: Path, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    build([folder], index)
    path = index / manifest.NAME
    match harm:
        case "lost":
            path.unlink()
        case "damaged":
            path.write_bytes(path.read_bytes()[:-9])
        case "of another commit":
            manifest.write(index, 7, manifest.read(index, toc.generation(index)))
        case "of another version":
            monkeypatch.setattr(manifest, "VERSION", manifest.VERSION + 1)
    (folder / CORPUS[1].name).unlink()
    report: Report = building.build([folder], index)
    assert (report.files, report.removed, report.unchanged) == (4, 1, 0)
    build([folder], tmp_path / "fresh")
    assert said(index) == said(tmp_path / "fresh")


def test_copies_are_kept_in_mind_whatever_else_a_commit_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that changes nothing but what the index says of itself."""
    monkeypatch.setattr(update, "STEP", -1.0)
    monkeypatch.setattr(update, "RARELY", 0)
    folder, index = tmp_path / "files", tmp_path / "index"
    folder.mkdir()
    for name in "abc":
        shutil.copy(CORPUS[0], folder / f"{name}.txt")
    build([folder], index)
    assert manifest.read(index, toc.generation(index)).files.keys() == {"a.txt", "b.txt", "c.txt"}
    assert build([folder], index).unchanged == 3
