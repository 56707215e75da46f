"""`chabao check-index` and `chabao repair` as a user meets them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import Run

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture
def index(chabao: Run, tmp_path: Path) -> Path:
    made = tmp_path / "index"
    assert chabao("index", str(CORPUS), "--index", str(made)).returncode == 0
    return made


def harmed(index: Path, pattern: str) -> str:
    (path,) = index.glob(pattern)
    data = path.read_bytes()
    path.write_bytes(data[:-1000] + bytes(10) + data[-990:])
    return path.name


def said(ran: subprocess.CompletedProcess[bytes]) -> tuple[int, str, str]:
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")


def test_a_sound_index(chabao: Run, index: Path) -> None:
    code, out, err = said(chabao("check-index", "--index", str(index)))
    assert code == 0 and len(out.splitlines()) == 6 and out.count("sound") == 5
    assert err == "chabao: the index is sound: 5 files, 17 blocks, 78 items\n"
    code, out, err = said(chabao("repair", "--index", str(index)))
    assert (code, out) == (0, "") and "nothing to repair" in err


def test_damage_is_named_by_all_and_mended(chabao: Run, index: Path) -> None:
    place = ("--index", str(index))
    before = said(chabao("export", *place))
    name = harmed(index, "*.chr")
    code, out, err = said(chabao("check-index", *place))
    assert code == 1 and out.splitlines()[1].startswith(name) and "damaged" in out
    again = f"chabao repair --index {index}"
    assert err == f"chabao: the index is damaged: {name} — build it again with: {again}\n"
    found = json.loads(chabao("check-index", "--json", *place).stdout)
    assert [each["name"] for each in found["files"] if each["wrong"]] == [name]
    assert not found["sound"]
    code, out, err = said(chabao("export", *place))
    assert code == 2 and name in err and again in err and len(err.splitlines()) == 1
    code, out, err = said(chabao("repair", *place, "--lang", "zh"))
    assert code == 0 and "78" in out
    assert said(chabao("export", *place)) == before
    assert chabao("check-index", "--deep", *place).returncode == 0


def test_a_folder_in_the_place_of_a_file_is_named_and_gives_way(chabao: Run, index: Path) -> None:
    place = ("--index", str(index))
    (index / "writer.lock").unlink(missing_ok=True)
    for name in ("writer.lock", "manifest.json.partial", "manifest.next.json"):
        (index / name).mkdir()
    code, out, err = said(chabao("check-index", *place))
    assert code == 1 and out.splitlines()[1].startswith("writer.lock") and "not a file" in out
    assert "not needed" in out and "manifest.next.json" in out
    code, out, err = said(chabao("index", str(CORPUS), *place))
    assert (code, out) == (2, "") and str(index / "writer.lock") in err
    assert chabao("repair", *place).returncode == 0
    assert chabao("check-index", *place).returncode == 0


def test_where_the_folders_are_forgotten_the_message_says_what_to_do(
    chabao: Run, index: Path
) -> None:
    for path in index.glob("manifest*"):
        path.unlink()
    place = ("--index", str(index))
    for line in (["repair"], ["index", str(CORPUS)], ["remove", str(CORPUS)]):
        code, out, err = said(chabao(*line, *place))
        assert (code, out) == (2, "") and f"chabao index --index {index} --rebuild" in err
        assert len(err.splitlines()) == 1
    code, out, err = said(chabao("status", *place))
    assert code == 1 and "--rebuild" in err
    assert chabao("index", "--rebuild", str(CORPUS), *place).returncode == 0
    assert chabao("check-index", *place).returncode == 0


def test_no_index_and_no_folder(chabao: Run, tmp_path: Path) -> None:
    for command in ("check-index", "repair"):
        code, out, err = said(chabao(command, "--index", str(tmp_path / "none")))
        assert (code, out) == (2, "") and "no index at" in err


def test_a_cluster_keeps_its_files_itself(chabao: Run) -> None:
    for command in ("check-index", "repair"):
        code, out, err = said(chabao(command, "--index", "opensearch://localhost:9/x"))
        assert (code, out) == (2, "") and "cluster" in err
