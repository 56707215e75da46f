"""A step of a commit fails, and so does another: `benchmarks.faults.disk`."""

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
from benchmarks.faults.storage import Doors, Step
from chabao.indexer.build import build
from chabao.indexer.codecs import durable
from chabao.indexer.errors import CannotWrite

SEED = 9


def test_every_step_may_fail() -> None:
    tried = disk.run(SEED, 160)
    assert tried.failures == []
    assert tried.trials == 160
    failed = tried.more["failed at"]
    assert min(failed[kind] for kind in ("create", "write", "rename", "fsync", "unlink")) > 0
    assert min(failed[f"{kind} again"] for kind in ("create", "write", "rename", "fsync")) > 0


def test_a_failure_that_is_not_heard_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: a disk that cannot be waited for is taken for one that has been."""
    real = durable.settle

    def settle(path: Path) -> None:
        with suppress(OSError):
            real(path)

    monkeypatch.setattr(durable, "settle", settle)
    assert [each for each in disk.run(SEED, 70).failures if "unheard" in each]


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
