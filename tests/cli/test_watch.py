"""`chabao watch` as a process: whatever happens to the files, after it the index is a fresh one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer import status as state
from chabao.indexer.build import build
from chabao.indexer.errors import ChabaoError
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.engine import export, open_index, search

CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))
LONGEST = 60.0
"""Seconds after which something was missed."""

HASTY = """
import sys
from chabao.indexer import watching
watching.QUIET, watching.TICK = 0.1, 0.2
from chabao.cli import main
main()
"""
"""The program, with less patience than people need."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends by SIGINT")


class Watched:
    """A folder, its index, and the process that watches."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.index = tmp_path / "周 报", tmp_path / "index"
        self.log, self.fresh = tmp_path / "log", tmp_path / "fresh"
        self.folder.mkdir()
        shutil.copyfile(CORPUS[0], self.folder / "一.txt")

    @contextmanager
    def watching(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        words = arguments or (str(self.folder),)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", HASTY, "watch", *words, "--index", str(self.index),
                 "--lang", "en"],
                stdout=log, stderr=log, env=os.environ | {"PYTHONUTF8": "1"},
            )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(LONGEST)
        assert code == 130, self.said()
        assert "Traceback" not in self.said()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + LONGEST
        while not true():
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def quiet(self) -> None:
        """Waits until the index is fresh, as the stamps say."""
        self.until(self._is_fresh)

    def _is_fresh(self) -> bool:
        try:
            found = state.status(self.index)
            return found.fresh and bool(found.folders)
        except (ChabaoError, OSError):
            return False

    def check(self) -> None:
        """The index says what one says that is made of the files as they are."""
        self.quiet()
        shutil.rmtree(self.fresh, ignore_errors=True)
        build([self.folder], self.fresh)
        ours, theirs = content(self.index), content(self.fresh)
        sources = [{item["source"] for item in items} for items, _ in (ours, theirs)]
        assert not sources[0] ^ sources[1], self.said()
        assert ours == theirs, self.said()


def content(index: Path) -> Any:
    with open_index(index) as opened:
        found = search(opened, "通办", limit=None)
        hits = [(hit.item["source"], hit.item["id"], hit.score) for hit in found.hits]
        items = [dict(item) for item in export(opened)]
        return sorted(items, key=lambda item: (item["source"], item["line"])), sorted(hits)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def save_atomically(path: Path, text: str) -> None:
    """As editors and WPS do: beside, then in its place, the old one kept for a moment."""
    write(path.with_name(f".~{path.name}.tmp"), text)
    if path.exists():
        path.rename(path.with_suffix(".bak"))
    path.with_name(f".~{path.name}.tmp").rename(path)
    path.with_suffix(".bak").unlink(missing_ok=True)


def bulletin(random: Random) -> str:
    lines = random.choice(CORPUS).read_text(encoding="utf-8-sig").splitlines()
    start = random.randrange(len(lines))
    head = f"窗口工作周报\n2023年第{random.randint(1, 9999)}期\n\n"
    return head + "\n".join(lines[start : start + 12]) + f"\n第{random.random()}件事。\n"


def disturb(folder: Path, random: Random) -> None:
    """One thing that happens to files."""
    files = sorted(folder.rglob("*.txt"))
    target = (
        folder / random.choice(["", "甲", "乙/丙", "丁 （一）"]) / f"{random.randrange(20)}.txt"
    )
    file = random.choice(files) if files else target
    match random.choice(["new", "new", "save", "save", "change", "move", "gone", "folder", "bad"]):
        case "save":
            save_atomically(file, bulletin(random))
        case "change" if files:
            write(file, bulletin(random))
        case "move" if files:
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
        case "gone" if files:
            file.unlink()
        case "folder" if (folder / "甲").exists():
            shutil.rmtree(folder / "乙", ignore_errors=True)
            (folder / "甲").rename(folder / "乙")
        case "bad":
            write(target, "")
            target.write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
        case _:
            write(target, bulletin(random))


@pytest.mark.parametrize("seed", range(2))
def test_the_last_state_is_never_missed(watched: Watched, seed: int) -> None:
    random = Random(seed)
    with watched.watching():
        watched.quiet()
        for _ in range(2):
            for _ in range(random.randint(5, 40)):
                disturb(watched.folder, random)
                time.sleep(random.choice([0, 0, 0, 0.02, 0.2]))
            watched.check()


def test_two_hundred_files_at_once_and_a_rename(watched: Watched, tmp_path: Path) -> None:
    random = Random(5)
    for number in range(200):
        write(tmp_path / "come" / f"{number}.txt", bulletin(random))
    with watched.watching():
        watched.quiet()
        (tmp_path / "come").rename(watched.folder / "来")
        watched.check()
        assert state.status(watched.index).total.files == 201
        (watched.folder / "来").rename(watched.folder / "往")
        (watched.folder / "一.txt").rename(watched.folder / "二.txt")
        watched.check()
        shutil.rmtree(watched.folder / "往")
        watched.check()
    updates = [line for line in watched.said().splitlines() if " read, " in line]
    assert 4 <= len(updates) <= 12, updates
    assert all(re.match(r"chabao: \d\d:\d\d:\d\d \d+ read, \d+ removed", line) for line in updates)


@pytest.mark.parametrize("poll", [(), ("--poll", "1")], ids=["told", "polled"])
def test_a_folder_that_goes_keeps_its_items_and_comes_back(
    watched: Watched, tmp_path: Path, poll: tuple[str, ...]
) -> None:
    with watched.watching(str(watched.folder), *poll):
        watched.quiet()
        before = content(watched.index)
        watched.folder.rename(tmp_path / "away")
        watched.until(lambda: "is not there" in watched.said())
        assert content(watched.index) == before
        write(tmp_path / "away" / "三.txt", "别处的事。\n")
        (tmp_path / "away").rename(watched.folder)
        watched.check()
        # The same path, another folder.
        shutil.rmtree(watched.folder)
        write(watched.folder / "四.txt", "新来的事。\n")
        watched.check()
        write(watched.folder / "四.txt", "又改了的事。\n")
        watched.check()
    assert watched.said().count("is not there") <= 2


def test_another_writer_comes_first_and_nothing_is_lost(watched: Watched) -> None:
    with watched.watching():
        watched.quiet()
        with WhooshSink(watched.index):
            write(watched.folder / "二.txt", "等一等。\n")
            watched.until(lambda: "waiting for it" in watched.said())
        watched.check()


def test_an_index_that_is_deleted_is_made_again(watched: Watched) -> None:
    with watched.watching():
        watched.quiet()
        write(watched.folder / "二.txt", "又一件。\n")
        shutil.rmtree(watched.index, ignore_errors=True)
        watched.check()


def test_what_fails_is_said_once_and_tried_again(watched: Watched, tmp_path: Path) -> None:
    with watched.watching():
        watched.quiet()
        watched.index.rename(tmp_path / "away")
        watched.index.touch()
        write(watched.folder / "二.txt", "写不进。\n")
        watched.until(lambda: "trying again" in watched.said())
        time.sleep(2)
        reasons = [line[17:] for line in watched.said().splitlines() if "trying again" in line]
        assert len(reasons) == len(set(reasons)) <= 2
        watched.index.unlink()
        (tmp_path / "away").rename(watched.index)
        watched.check()


def test_without_folders_those_of_the_index_are_watched(watched: Watched) -> None:
    build([watched.folder], watched.index)
    with watched.watching("--poll", "1"):
        write(watched.folder / "二.txt", "再一件。\n")
        watched.check()


def test_a_file_that_was_named_itself(watched: Watched) -> None:
    file = watched.folder / "一.txt"
    with watched.watching(str(file)):
        watched.quiet()
        for text in ("改过一次。\n", "又改一次，原子地。\n"):
            save_atomically(file, text)
            watched.until(lambda text=text: text.strip() in str(content(watched.index)))  # type: ignore[misc]


def test_what_cannot_be_watched_is_an_error(chabao: Any, tmp_path: Path) -> None:
    for words in (["nowhere"], ["--index", "./none"], [".", "--poll", "0"], [".", "--poll", "nan"]):
        done = chabao("watch", *words, "--lang", "en")
        assert (done.returncode, done.stdout) == (2, b""), words
        assert b"Traceback" not in done.stderr and done.stderr
