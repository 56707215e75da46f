"""An indexing that is stopped, in whatever way: little is lost, nothing stays, it goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import indexing
from chabao.indexer import manifest, update
from chabao.indexer.build import Progress, build
from chabao.indexer.codecs import toc
from chabao.search.engine import export, open_index

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
ISSUES = 60
RUN = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # until all is loaded, as the entry has it
print("begun", flush=True)
from chabao.indexer import update
from chabao.indexer.workers import pool
from chabao import cli
update.STEP, update.RARELY, pool.FEW, pool.cores = 0.2, 1, 0, lambda: 2
cli.main()
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    indexing.make(folder, ISSUES)
    return folder


@pytest.fixture(scope="module")
def whole(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    index = tmp_path_factory.mktemp("whole") / "index"
    assert build([archive], index).files == ISSUES
    return said(index)


def said(index: Path) -> list[str]:
    with open_index(index) as opened:
        return sorted(f"{item['source']} {item['id']} {item['text']}" for item in export(opened))


def start(archive: Path, index: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "index", "--index", str(index), str(archive)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env=os.environ | {"CHABAO_TEST": str(index), "PYTHONUTF8": "1"},
    )  # fmt: skip


def left(index: Path) -> list[str]:
    """Processes of an indexing that are still there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"CHABAO_TEST={index}\0".encode() in path.read_bytes():
                found.append((path.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_goes_on_where_it_was(archive: Path, whole: list[str], tmp_path: Path, by: int) -> None:
    index, randomly = tmp_path / "index", random.Random(by)
    for _ in range(3):
        with start(archive, index) as writer:
            assert writer.stdout and writer.stdout.readline() == b"begun\n"
            time.sleep(randomly.uniform(0.3, 0.9))
            writer.send_signal(by)
            _, err = writer.communicate(timeout=120)
        if writer.returncode == 0:
            break
        # -2 where what it needs was not yet loaded
        assert writer.returncode in ((130, -by) if by == signal.SIGINT else (-by,))
        # One line; none where it was stopped before it had begun.
        said_of_it = err.decode().strip().splitlines()
        assert [line for line in said_of_it if "interrupted at" not in line] == []
        assert len(said_of_it) <= (by != signal.SIGKILL)
        end = time.monotonic() + 60
        while left(index) and time.monotonic() < end:
            time.sleep(0.05)
        assert not left(index)
    assert build([archive], index).files == ISSUES
    assert said(index) == whole


def test_what_was_committed_is_not_read_again(
    archive: Path, whole: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    monkeypatch.setattr(update, "STEP", -1.0)
    monkeypatch.setattr(update, "RARELY", 0)

    def stop(at: Progress) -> None:
        if at.done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([archive], index, progress=stop)
    assert len({line.split(" ")[0] for line in said(index)}) == 20
    seen: list[Progress] = []
    assert build([archive], index, progress=seen.append).unchanged == 20
    assert seen[0].total == ISSUES - 20
    assert said(index) == whole


@pytest.mark.parametrize("at", ["prepare", "commit", "settle"])
def test_there_is_a_right_manifest_at_any_moment(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    index = tmp_path / "index"
    few = sorted(archive.iterdir())[:3]
    build(few[:2], index)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        sink = "chabao.indexer.sinks.whoosh_.WhooshSink.commit"
        patch.setattr(sink if at == "commit" else f"chabao.indexer.manifest.{at}", stop)
        with pytest.raises(KeyboardInterrupt):
            build(few, index)
    assert len(manifest.read(index, toc.generation(index)).files) == (3 if at == "settle" else 2)
    report = build(few, index)
    assert report.unchanged == (3 if at == "settle" else 2)
    assert not (index / manifest.NEXT).exists()
    assert build(few, index).unchanged == 3
