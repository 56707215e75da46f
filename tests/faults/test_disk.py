"""A step of a commit fails, made up or truly: `benchmarks.faults.disk`."""

from __future__ import annotations

import errno
import random
import sys
from contextlib import suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("needs fork and mounts", allow_module_level=True)

from benchmarks.faults import archive as archives
from benchmarks.faults import disk
from benchmarks.faults.archive import Archive
from benchmarks.faults.frame import Tried
from benchmarks.faults.storage import Doors, Step
from chabao.indexer import room
from chabao.indexer.build import build
from chabao.indexer.codecs import durable
from chabao.indexer.errors import CannotWrite, OutOfMemory
from chabao.indexer.workers import reading
from chabao.indexer.workers.reading import Job

SEED = 9


def test_every_step_may_fail() -> None:
    tried = disk.steps(SEED, 160)
    assert tried.failures == []
    assert tried.trials == 160
    failed = tried.more["failed at"]
    assert min(failed[kind] for kind in ("create", "write", "rename", "fsync", "unlink")) > 0
    assert min(failed[f"{kind} again"] for kind in ("create", "write", "rename", "fsync")) > 0


@pytest.mark.parametrize("what", ["small_disks", "read_only", "ladder"])
def test_true_faults_end_in_one_line(what: str) -> None:
    tried: Tried = getattr(disk, what)(SEED, thorough=False)
    assert tried.failures == []
    if not tried.trials:
        pytest.skip(str(tried.more))


def test_a_failure_that_is_not_heard_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: a disk that cannot be waited for is taken for one that has been."""
    real = durable.settle

    def settle(path: Path) -> None:
        with suppress(OSError):
            real(path)

    monkeypatch.setattr(durable, "settle", settle)
    assert [each for each in disk.steps(SEED, 70).failures if "unheard" in each]


def test_what_a_failed_commit_wrote_is_gone_at_once(tmp_path: Path) -> None:
    with archives.small():
        archive = Archive(tmp_path, random.Random(SEED))
        archive.change()
        build([archive.folder], archive.index)
        archive.change()

        def full(step: Step) -> None:
            if step.kind == "rename" and step.to.endswith(".toc"):
                raise OSError(errno.ENOSPC, "No space left on device")

        with Doors(archive.index, full).watched(), pytest.raises(CannotWrite):
            build([archive.folder], archive.index)
        assert archives.orphans(archive.index) == set()


def test_a_text_is_not_to_blame_for_scarce_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is refused is not tried again until it changes."""
    path = tmp_path / "a.txt"
    path.write_text("政务窗口月报\n", encoding="utf-8")

    def scarce(*_: object) -> None:
        raise SystemError("error return without exception set")

    monkeypatch.setattr(reading, "_documents", scarce)
    assert reading.outcome(reading.plain(Job(str(path), "a.txt"))).refused
    monkeypatch.setattr(room, "LITTLE", 1 << 60)
    with pytest.raises(MemoryError):
        reading.outcome(reading.plain(Job(str(path), "a.txt")))


def test_there_must_be_room_for_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    room.demand(1)
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    room.demand(1)
    monkeypatch.setattr(room, "LIBRARIES", 1 << 60)
    with pytest.raises(OutOfMemory):
        room.demand(1)
