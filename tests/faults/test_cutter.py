"""The process that cuts words may be missing, fail or be killed; nothing is lost, nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer import fields, parser, reader
from chabao.indexer.build import build
from chabao.indexer.codecs import builder, cutter, inversion, runs
from chabao.indexer.codecs.builder import Builder
from chabao.indexer.codecs.segment import POSTINGS, RECORDS

CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))
posix = pytest.mark.skipif(os.name == "nt", reason="no process groups")


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in CORPUS:
        found += fields.records(parser.parse(reader.decode(reader.load(path), path), path.name))
    return found


@pytest.fixture(scope="module")
def whole(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return built(tmp_path_factory.mktemp("whole"), records)


def built(folder: Path, records: list[dict[str, Any]], killed: int = -1) -> list[bytes]:
    """The files of a segment; the process is killed before record `killed`."""
    started = Builder(folder, "made")
    for number, record in enumerate(records):
        if number == killed:
            process = started._cutter._process
            process.kill()
            process.wait()
        started.add(record)
    started.close()
    assert sorted(path.suffix for path in folder.iterdir()) == [POSTINGS, RECORDS]
    return [path.read_bytes() for path in sorted(folder.iterdir())]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Short runs, on two cores; the processes that were started, all of which have ended after."""
    found: list[Any] = []
    real = cutter.start

    def start(code: str) -> Any:
        found.append(real(code))
        return found[-1]

    monkeypatch.setattr(builder, "RUN", 2000)
    monkeypatch.setattr(cutter, "cores", lambda: 2)
    monkeypatch.setattr(cutter, "start", start)
    yield found
    assert all(process is None or process.returncode is not None for process in found)


def test_another_process_writes_the_same_bytes(
    two: list[Any], tmp_path: Path, records: list[dict[str, Any]], whole: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    here = runs.words
    cut: list[int] = []
    monkeypatch.setattr(runs, "words", lambda texts: cut.append(len(texts)) or here(texts))
    assert built(tmp_path, records) == whole
    assert len(two) == 1 and cut == []


@pytest.mark.parametrize("killed", [30, 60])
def test_words_of_a_killed_process_are_cut_here(
    two: list[Any], tmp_path: Path, records: list[dict[str, Any]], whole: list[bytes], killed: int
) -> None:
    assert built(tmp_path, records, killed) == whole


@pytest.mark.parametrize("executable", ["", "/nowhere/python", "/bin/false"])
def test_without_another_python_words_are_cut_here(
    two: list[Any], tmp_path: Path, records: list[dict[str, Any]], whole: list[bytes],
    monkeypatch: pytest.MonkeyPatch, executable: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "executable", executable)
    assert built(tmp_path, records) == whole


def test_one_core_and_small_folders_start_no_process(
    two: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: list[bytes],
    records: list[dict[str, Any]],
) -> None:  # fmt: skip
    monkeypatch.setattr(cutter, "cores", lambda: 1)
    assert built(tmp_path, records) == whole
    monkeypatch.undo()
    monkeypatch.setattr(cutter, "start", two.append)
    build([CORPUS[0].parent], tmp_path / "index")
    assert two == []


def test_an_error_is_what_it_is_in_one_process(two: list[Any]) -> None:
    made = cutter.Cutter()
    try:
        words = made.cut([b"no text"])  # type: ignore[list-item]
        with pytest.raises(TypeError):
            words()
        inverted, counts = made.cut(["川渝通办"])()
        assert counts.tolist() == [len(runs.words(["川渝通办"])[0].numbers)]
        assert isinstance(inverted, inversion.Inverted)
    finally:
        made.close()


def test_cancelling_ends_the_process_and_leaves_nothing(
    two: list[Any], tmp_path: Path, records: list[dict[str, Any]]
) -> None:
    started = Builder(tmp_path, "gone")
    for record in records:
        started.add(record)
    started.cancel()
    assert len(two) == 1 and list(tmp_path.iterdir()) == []


INDEXING = """
from pathlib import Path
from chabao.indexer.build import build
from chabao.indexer.codecs import builder, cutter

builder.RUN = 2000
cutter.cores = lambda: 2
def spill(self):
    print("cutting", flush=True)
    input()
builder.Builder._spill = spill
build([Path({folder!r})], Path({index!r}))
"""


@posix
@pytest.mark.parametrize("by", ["SIGKILL", "SIGTERM", "SIGINT", "group"])
def test_however_a_writer_ends_no_process_stays(tmp_path: Path, by: str) -> None:
    code = INDEXING.format(folder=str(CORPUS[0].parent), index=str(tmp_path / "index"))
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    ) as writer:
        assert writer.stdout and writer.stdout.readline() == b"cutting\n"
        if by == "group":
            os.killpg(writer.pid, signal.SIGINT)
        else:
            writer.send_signal(getattr(signal, by))
        assert writer.wait(20) != 0
        end = time.monotonic() + 20
        with pytest.raises(ProcessLookupError):
            while time.monotonic() < end:
                os.killpg(writer.pid, 0)
                time.sleep(0.02)
    names = {path.suffix for path in (tmp_path / "index").iterdir()}
    assert by in ("SIGKILL", "SIGTERM") or not names & {POSTINGS, RECORDS, ".run0"}
    assert build([CORPUS[0].parent], tmp_path / "index").files == 5
