"""A file is there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from chabao.search.errors import UnwritableFile
from chabao.search.output.files import replacing

posix = pytest.mark.skipif(os.name != "posix", reason="devices, links and modes are POSIX's")


def test_what_stood_there_stays_until_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "counts.csv"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(target) as file:
        file.write(b"new")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    with replacing(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["nowhere/a.csv", "", "a\0.csv", "长" * 90, "file/a.csv"])
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((UnwritableFile, ValueError)) as caught, replacing(tmp_path / name):
        pytest.fail("there is nothing to write to")
    if isinstance(caught.value, UnwritableFile):
        assert caught.value.values["path"] == tmp_path / name
        assert caught.value.values["reason"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_long_name_has_room_beside_it(tmp_path: Path) -> None:
    target = tmp_path / ("长" * 80 + ".csv")
    with replacing(target) as file:
        file.write(b"here")
    assert target.read_bytes() == b"here"


@posix
def test_a_link_goes_on_pointing_and_rights_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "kept.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    with replacing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@posix
def test_a_device_is_written_and_not_replaced() -> None:
    with replacing(Path("/dev/null")) as file:
        file.write(b"gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_named() -> None:
    with pytest.raises(UnwritableFile, match="No space"), replacing(Path("/dev/full")) as file:
        file.write(b"x")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_file_that_is_not_to_be_written_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "kept.csv"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(UnwritableFile), replacing(target):
        pytest.fail("it may not be written")
    assert target.read_bytes() == b"old"
