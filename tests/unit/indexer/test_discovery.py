"""What stands below a folder: bulletins, what must not be read, what may not be lost in silence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chabao.indexer import discovery
from chabao.indexer.build import build
from chabao.indexer.errors import NoFolder
from chabao.search.engine import export, open_index
from chabao.search.output import show

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such names")

NAMES = [
    "普通 的（第1期）[终稿].txt", "新\n行.txt", "红\x1b[31m.txt", "制\t表.txt", "反\\斜.txt",
    "-o.txt", "'引\"号.txt", " 空 .txt", "点.点.TXT", "好" * 83 + ".txt", "a" * 251 + ".txt",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def found(folder: Path) -> discovery.Findings:
    return discovery.files({"files": str(folder)}, {".txt"})


def test_odd_names_are_read_kept_and_shown_safely(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, name in enumerate(NAMES):
        (folder / name).write_text(f"第{number}个文件里的话。", encoding="utf-8")
    bad = os.fsencode(folder) + b"/\xff\xfe\x80.txt"
    Path(os.fsdecode(bad)).write_text("名字不成字的文件。", encoding="utf-8")
    (folder / "空\n\x1b[2J.txt").write_bytes(b"")
    report = build([folder], tmp_path / "index")
    assert report.files == len(NAMES) + 1
    assert [reason for _, reason in report.refused] == ["the file is empty"]
    assert build([folder], tmp_path / "index").unchanged == len(NAMES) + 1
    with open_index(tmp_path / "index") as opened:
        sources = {item["source"] for item in export(opened)}
    assert sources == {*NAMES, os.fsdecode(b"\xff\xfe\x80.txt")}
    show.report(report, "never")
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err and "空" in said.out
    bad_path = Path(os.fsdecode(bad))
    bad_path.unlink()
    assert build([folder], tmp_path / "index").removed == 1


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    (folder / "a.txt").write_text("川渝通办", encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    place = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("socket.txt")
    finally:
        os.chdir(place)
    (folder / "folder.txt").mkdir()
    everything = found(folder)
    assert [file.source for file in everything.files] == ["a.txt"]
    said = {Path(note.path).name: note.message for note in everything.notes}
    assert said == {
        "pipe.txt": "{path} was left out: it is not a file",
        "socket.txt": "{path} was left out: it is not a file",
        "device.txt": "{path} was left out: it leads out of the folder",
    }


def test_a_pipe_that_is_named_itself_is_refused_at_once(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(NoFolder):
        build([folder / "pipe.txt"], tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_pipe_in_the_place_of_a_file_that_was_named_is_refused_at_once(
    folder: Path, tmp_path: Path
) -> None:
    path = folder / "pipe.txt"
    path.write_text("2月1日，商务厅推进川渝通办。", encoding="utf-8")
    assert build([path], tmp_path / "index").files == 1
    path.unlink()
    os.mkfifo(path)
    report = build([], tmp_path / "index")
    assert report.refused == ((str(path), "not a file but a device or a pipe"),)


def test_links_are_followed_within_the_folder_only(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("外面", encoding="utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("里面", encoding="utf-8")
    (folder / "out").symlink_to(outside)
    (folder / "up.txt").symlink_to("../outside/secret.txt")
    (folder / "round").symlink_to(folder)
    (folder / "sub" / "back").symlink_to("..")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "in.txt").symlink_to("sub/a.txt")
    everything = found(folder)
    assert [file.source for file in everything.files] == ["in.txt", "sub/a.txt"]
    assert {Path(note.path).name for note in everything.notes} == {"out", "up.txt"}
    assert set(everything.refused) == {str(folder / "self.txt")}


def test_what_nobody_means_is_left_out(folder: Path) -> None:
    for name in (".hidden.txt", "~$报.txt", "报.txt"):
        (folder / name).write_text("话", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.txt").write_text("话", encoding="utf-8")
    assert [file.source for file in found(folder).files] == ["报.txt"]


def test_documents_that_cannot_be_read_are_said_once_a_kind(folder: Path) -> None:
    for name in ("a.ofd", "b.OFD", "c.txt", "d.exe", "e.pptx"):
        (folder / name).write_bytes(b"x")
    assert [(Path(note.path).name, note.message) for note in found(folder).notes] == [
        ("*.ofd", "{path} was left out: files of this kind cannot be read"),
        ("*.pptx", "{path} was left out: files of this kind cannot be read"),
    ]


def test_a_very_deep_folder_is_walked(folder: Path) -> None:
    place = Path.cwd()
    os.chdir(folder)
    try:
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(place)
    (folder / "d" / "a.txt").write_text("话", encoding="utf-8")
    try:
        assert [file.source for file in found(folder).files] == ["d/a.txt"]
    finally:
        # Deeper than pytest can clean up.
        subprocess.run(["rm", "-rf", str(folder / "d")], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_may_not_be_read_is_refused(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0)
    assert set(found(folder).refused) == {str(folder / "shut")}
