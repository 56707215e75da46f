"""The power fails at any moment of some commits: `benchmarks.faults.power`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("needs fork", allow_module_level=True)

from benchmarks.faults import kill, power
from benchmarks.faults.power import Disk, File
from benchmarks.faults.storage import Doors, Step
from chabao.indexer.codecs import durable

SEED = 9


def test_what_was_acknowledged_is_there_when_the_power_is_back() -> None:
    tried = power.run(SEED, 120)
    assert tried.failures == []
    assert tried.trials == 120
    assert min(tried.more[kind] for kind in ("create", "write", "rename", "fsync")) > 0


@pytest.mark.parametrize("ignored", ["file", "folder"])
def test_a_disk_that_does_not_wait_loses_commits(ignored: str) -> None:
    assert any(power.run(seed, 60, frozenset({ignored})).failures for seed in range(20))


@pytest.mark.parametrize("where", ["settle_above", "__init__", "rename_file"])
def test_each_wait_for_a_folder_is_needed(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that of one function, a commit is lost some time, or an index is damaged."""
    real = durable.settle_folder

    def settle(path: Path) -> None:
        if sys._getframe(1).f_code.co_name != where:
            real(path)

    monkeypatch.setattr(durable, "settle_folder", settle)
    # Who is killed is killed where it matters most.
    monkeypatch.setattr(kill, "killing", lambda at, *, partly: kill.behind(".toc"))
    assert any(power.run(seed, power.CRASHES).failures for seed in range(20))


def test_a_file_has_what_was_settled_and_any_of_the_rest() -> None:
    file = File(b"")
    file.pending.append(("write", 0, b"settled"))
    file.settle()
    file.pending.append(("write", 7, b" and not"))
    found = {file.left(random.Random(seed)) for seed in range(200)}
    assert all(each.startswith(b"settled") for each in found)
    assert {b"settled", b"settled and not"} <= found
    assert len(found) > 10


def test_a_disk_keeps_names_of_folders_that_were_settled(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    disk = Disk.of(tmp_path)
    name = str(tmp_path / "index" / "a")
    disk.do(Step("create", name))
    disk.do(Step("write", name, b"a"))
    disk.do(Step("fsync", name))
    there = [name in disk.left(random.Random(seed)) for seed in range(50)]
    assert any(there) and not all(there)
    disk.do(Step("fsync", str(tmp_path / "index")))
    disk.do(Step("rename", name, to=name + "b"))
    names = [
        {path for path, data in disk.left(random.Random(seed)).items() if data == b"a"}
        for seed in range(50)
    ]
    assert {name} in names and {name + "b"} in names
    assert all(each in ({name}, {name + "b"}) for each in names)


def test_no_write_goes_around_the_doors(tmp_path: Path) -> None:
    """A series says so where the folder is not what was noted down; here one write is hidden."""
    seen: list[Step] = []
    (tmp_path / "index").mkdir()
    with Doors(tmp_path, lambda step: None, seen.append).watched():
        (tmp_path / "index" / "a").write_text("a")
        (tmp_path / "index" / "a").rename(tmp_path / "index" / "b")
        (tmp_path / "elsewhere").mkdir()
    assert [step.kind for step in seen] == ["create", "write", "rename", "mkdir"]
