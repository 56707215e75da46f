"""Writers that wait, fail or are killed; readers never notice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.build import build
from chabao.indexer.codecs import durable, toc
from chabao.indexer.codecs.container import FORMAT, HEADER, MAGIC
from chabao.indexer.errors import CannotWrite, DamagedIndex, IndexBusy, OldIndex
from chabao.indexer.sinks import whoosh_
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.engine import export, open_index, search

CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))
KILLED = """
import os, signal, sys
from pathlib import Path
from chabao.indexer import manifest
from chabao.indexer.build import build
from chabao.indexer.codecs import builder, durable

left = {left}
def countdown(real):
    def counted(*arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return counted

builder.RUN = 500
builder._write = countdown(builder._write)
durable.settle = countdown(durable.settle)
durable.settle_folder = countdown(durable.settle_folder)
manifest.write = countdown(manifest.write)
build([Path({folder!r})], Path({index!r}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    shutil.copy(CORPUS[0], made)
    return made


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index")
    return tmp_path / "index"


def ids(index: Path) -> list[str]:
    with open_index(index) as opened:
        return [item["id"] for item in export(opened)]


def test_a_second_writer_waits_and_says_so_once(index: Path, folder: Path) -> None:
    shutil.copy(CORPUS[1], folder)
    said: list[str] = []
    second = threading.Thread(target=build, args=([folder], index), kwargs={
        "waiting": lambda: said.append("waiting")
    })  # fmt: skip
    before = len(ids(index))
    with WhooshSink(index):
        second.start()
        while not said:
            time.sleep(0.01)
        assert len(ids(index)) == before
    second.join(30)
    assert said == ["waiting"]
    assert len(ids(index)) > before


def test_a_writer_of_another_process_is_waited_for(index: Path, folder: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from chabao.indexer.sinks.whoosh_ import WhooshSink\n"
        f"with WhooshSink(Path({str(index)!r})): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout and holder.stdin
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(IndexBusy):
            WhooshSink(index, patience=0.1)
        holder.stdin.close()
        assert holder.wait(30) == 0
    assert build([folder], index).unchanged == 1


def test_patience_ends(index: Path) -> None:
    said: list[int] = []
    with WhooshSink(index), pytest.raises(IndexBusy) as raised:
        WhooshSink(index, patience=0.1, waiting=lambda: said.append(1))
    assert said == [1]
    assert raised.value.values["path"] == index
    with WhooshSink(index, patience=0):
        pass


def test_readers_never_fail_while_writers_work(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each commit merges all there is, so that a reader's files go at once."""
    monkeypatch.setattr(whoosh_, "FANOUT", 2)
    early = open_index(index)
    first = ids(index)
    failed: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                with open_index(index) as opened:
                    assert search(opened, "政务服务").total > 0
                    assert len(list(export(opened))) >= len(first)
        except BaseException as error:
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(25):
            text = f"政务窗口月报\n2024年第{number}期\n\n一、概况\n政务服务第{number}回。\n"
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
            build([folder], index)
    finally:
        done.set()
        for reader in readers:
            reader.join(30)
    assert failed == []
    assert [item["id"] for item in export(early)] == first
    assert len(ids(index)) > len(first)


def test_what_was_not_committed_is_not_there(index: Path) -> None:
    before, files = ids(index), sorted(index.iterdir())
    with open_index(index) as opened:
        records = list(export(opened))
    with pytest.raises(ZeroDivisionError), WhooshSink(index) as sink:
        sink.add(records)
        sink.remove(records[0]["source"])
        raise ZeroDivisionError
    assert ids(index) == before
    assert sorted(index.iterdir()) == files


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("left", range(1, 16))
def test_a_killed_writer_leaves_the_last_commit(index: Path, folder: Path, left: int) -> None:
    before = ids(index)
    for path in CORPUS[1:3]:
        shutil.copy(path, folder)
    code = KILLED.format(left=left, folder=str(folder), index=str(index))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert ran.returncode in (-signal.SIGKILL, 0), ran.stderr.decode()
    generation, found = toc.generation(index), ids(index)
    assert found == before if generation == 1 else len(found) > len(before)
    report = build([folder], index)
    assert len(ids(index)) == report.items == len(set(ids(index))) > len(before)
    names = {path.name for path in index.iterdir()}
    segments = {entry.name + suffix for entry in toc.read(index).segments
                for suffix in (".chp", ".chr")}  # fmt: skip
    own = {"manifest.json", "manifest.folders.json", "queue.lock", "writer.lock"}
    own.add(f"_MAIN_{toc.generation(index)}.toc")
    assert names == segments | own


def test_a_place_that_cannot_be_written_is_said(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CannotWrite):
            build([folder], place)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    for name in ("builder._write", "durable.settle", "durable.settle_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(f"chabao.indexer.codecs.{name}", full)
            with pytest.raises(CannotWrite) as raised:
                build([folder], tmp_path / "full")
            assert raised.value.values["reason"] == "No space left on device"
    assert build([folder], tmp_path / "full").files == 1
    with monkeypatch.context() as patch:
        patch.setattr(whoosh_.FileLock, "acquire", full)
        with pytest.raises(CannotWrite):
            build([folder], tmp_path / "index")


@pytest.mark.parametrize("harm", ["table", "postings", "records", "missing", "format"])
def test_a_rebuild_mends_a_damaged_index(index: Path, folder: Path, harm: str) -> None:
    before = ids(index)
    pattern = {"table": "*.toc", "records": "*.chr"}.get(harm, "*.chp")
    (path,) = index.glob(pattern)
    data = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "format":
            path.write_bytes(HEADER.pack(MAGIC, FORMAT + 1) + data[HEADER.size :])
        case _:
            path.write_bytes(data[: len(data) // 2])
    with pytest.raises((DamagedIndex, OldIndex)):
        ids(index)
    assert build([folder], index, rebuild=True).files == 1
    assert ids(index) == before


def test_a_commit_is_on_the_disk_before_it_is_named(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def noting(function: Any, name: str) -> Any:
        def noted(*arguments: Any) -> Any:
            steps.append(f"{name} {Path(str(arguments[0])).suffix}".strip())
            return function(*arguments)

        return noted

    monkeypatch.setattr(durable, "settle", noting(durable.settle, "file"))
    monkeypatch.setattr(durable, "settle_folder", noting(durable.settle_folder, "folder"))
    monkeypatch.setattr(os, "rename", noting(os.rename, "rename"))
    shutil.copy(CORPUS[1], folder)
    build([folder], index)
    table = steps[3].removeprefix("file ")
    assert steps == [
        "folder", "file .chp", "file .chr", f"file {table}", "folder", f"rename {table}", "folder",
        "folder",
    ]  # fmt: skip
