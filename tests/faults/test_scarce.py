"""Too little room, permission or memory: `benchmarks.faults.scarce`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

if sys.platform == "win32":
    pytest.skip("needs fork and mounts", allow_module_level=True)

from benchmarks.faults import scarce
from benchmarks.faults.frame import Tried
from chabao.indexer import room
from chabao.indexer.errors import OutOfMemory
from chabao.indexer.workers import reading
from chabao.indexer.workers.reading import Job

SEED = 9


@pytest.mark.parametrize(
    "tried",
    [
        lambda seed: scarce.small_disks(seed, 3),
        scarce.read_only,
        lambda seed: scarce.ladder(seed, 10),
    ],
    ids=["disk", "permission", "memory"],
)
def test_an_indexing_ends_in_one_line(tried: Callable[[int], Tried]) -> None:
    found = tried(SEED)
    assert found.failures == []
    if not found.trials:
        pytest.skip(str(found.more))


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
