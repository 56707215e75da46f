"""A writer is killed at every step of its commits and at any moment: `benchmarks.faults.kill`."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("no SIGKILL", allow_module_level=True)

from benchmarks.faults import archive as archives
from benchmarks.faults import kill
from benchmarks.faults.archive import Archive
from benchmarks.faults.storage import Step
from chabao.indexer import manifest
from chabao.indexer.build import build
from chabao.indexer.sinks import whoosh_

SEED = 9


def test_a_killed_writer_leaves_the_last_commit_whole() -> None:
    tried = kill.run(SEED, 90)
    assert tried.failures == []
    assert tried.trials == 90
    least, most = tried.more["steps of a commit"]
    assert 20 < least <= most < 100
    assert {"create", "fsync", "rename", "write"} <= tried.more["killed before"].keys()
    assert tried.more["next indexings"] > 0


def test_what_is_left_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: nothing sweeps, and the files that lie there are those of no commit."""
    monkeypatch.setattr(whoosh_, "_sweep", lambda *_: None)
    assert [each for each in kill.run(SEED, 45).failures if "left over" in each]


def test_what_the_next_indexing_leaves_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: a manifest that has not taken its place stays there behind the next
    indexing too, as it may while there is none."""

    def settle(folder: Path) -> None:
        with suppress(FileNotFoundError):
            shutil.copyfile(folder / manifest.NEXT, folder / manifest.NAME)

    monkeypatch.setattr(kill, "MENDED", 0.5)
    monkeypatch.setattr(manifest, "settle", settle)
    failures = kill.run(SEED, 45).failures
    assert failures and all("next indexing" in each for each in failures)


def test_a_commit_that_half_got_through_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: a table of contents is named before its files are written."""
    real = whoosh_.BulletinWriter.commit

    def commit(self, **options):  # type: ignore[no-untyped-def]
        folder = Path(self.storage.folder)
        real(self, **options)
        path = next(folder.glob("*.chp"))
        data = path.read_bytes()
        with path.open("wb") as file:
            file.write(data)

    monkeypatch.setattr(whoosh_.BulletinWriter, "commit", commit)
    assert kill.run(SEED, 45).failures


def test_a_second_killed_writer_leaves_the_manifest_of_the_first(tmp_path: Path) -> None:
    """The first ends between its commit and the manifest's taking its place; the second has laid
    the next manifest beside it, and gets no further."""
    archive = Archive(tmp_path, random.Random(SEED))
    archive.change()
    build([archive.folder], archive.index)
    state = archive.change()
    assert not kill.written(archive, _ending_at("manifest.json")).acknowledged
    archive.change()
    assert not kill.written(archive, _ending_at(".toc")).acknowledged
    assert archives.matched(archive.index, [state]) == state


def _ending_at(name: str) -> kill.Hook:
    def before(step: Step) -> None:
        if step.kind == "rename" and step.to.endswith(name):
            os.kill(os.getpid(), signal.SIGKILL)

    return before
