"""`chabao status`, `chabao indexes`, `chabao open` and named indexes, as processes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """A data directory of its own: the indexes of this test are the only ones."""
    return {"XDG_DATA_HOME": str(tmp_path / "data"), "CHABAO_LANG": "en"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in sorted(CORPUS.glob("*.txt"))[:2]:
        shutil.copyfile(path, made / path.name)
    return made


def test_an_index_is_made_and_found_by_its_name(
    chabao: Run, own: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    assert chabao("index", "bulletins", "--index", "四川", **own).returncode == 0
    assert (tmp_path / "data" / "chabao" / "indexes" / "四川").is_dir()
    for named in (
        chabao("search", "-c", "通办", "--index", "四川", **own),
        chabao("search", "-c", "通办", **own, CHABAO_INDEX="四川"),
    ):
        assert named.returncode == 0 and b"bundled" not in named.stderr
    assert chabao("search", "-c", "通办", **own).stderr.count(b"bundled") == 1
    missing = chabao("search", "通办", "--index", "北京", **own)
    assert missing.returncode == 2 and "indexes/北京" in missing.stderr.decode()


@pytest.mark.parametrize("odd", ["", " ", "a b", "-x", "con", "a*"])
def test_what_is_no_name_is_an_error_of_one_line(
    chabao: Run, own: dict[str, str], odd: str
) -> None:
    for words in (["search", "通办"], ["status"], ["index", "."]):
        done = chabao(*words, f"--index={odd}", **own)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        assert re.search(rb"--index is empty|cannot be the name of an index", done.stderr)


def test_the_list_of_indexes(chabao: Run, own: dict[str, str], folder: Path) -> None:
    none = chabao("indexes", **own)
    assert (none.returncode, none.stdout) == (1, b"")
    assert json.loads(chabao("indexes", "--json", **own).stdout)["indexes"] == []
    for words in ([], ["--index", "四川"], ["--index", "./place"]):
        assert chabao("index", "bulletins", *words, **own).returncode == 0
    listed = json.loads(chabao("indexes", "--json", **own).stdout)["indexes"]
    assert [(each["name"], each["default"]) for each in listed] == [("", True), ("四川", False)]
    assert all(each["items"] > 0 and each["bytes"] > 0 for each in listed)
    listed = json.loads(chabao("indexes", "--json", **own, CHABAO_INDEX="四川").stdout)["indexes"]
    assert [(each["name"], each["default"]) for each in listed] == [("", False), ("四川", True)]
    listed = json.loads(chabao("indexes", "--json", **own, CHABAO_INDEX="./place").stdout)[
        "indexes"
    ]
    assert [each["default"] for each in listed] == [True, False, False]
    table = chabao("indexes", **own).stdout.decode()
    assert re.search(r"^\*\t-\t", table, re.M) and re.search(r"^\t四川\t", table, re.M)


def test_a_damaged_index_does_not_hide_the_others(
    chabao: Run, own: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    for name in ("good", "bad"):
        chabao("index", "bulletins", "--index", name, **own)
    for path in (tmp_path / "data" / "chabao" / "indexes" / "bad").glob("*.chp"):
        path.write_bytes(b"broken")
    done = chabao("indexes", **own)
    assert done.returncode == 0
    assert re.search(r"^\tbad\t\?", done.stdout.decode(), re.M) and b"damaged" in done.stderr
    assert chabao("status", "--index", "bad", **own).returncode == 2


def test_status_says_what_is_there_and_whether_it_is_stale(
    chabao: Run, own: dict[str, str], folder: Path
) -> None:
    (folder / "坏.txt").write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
    chabao("index", "bulletins", **own)
    fresh = chabao("status", **own)
    assert fresh.returncode == 0 and b"fresh" in fresh.stderr
    assert "坏.txt\t" in fresh.stdout.decode()
    known = json.loads(chabao("status", "--json", **own).stdout)
    assert (known["fresh"], known["files"], known["issues"]) == (True, 2, 2)
    assert [Path(each["path"]).name for each in known["refused"]] == ["坏.txt"]
    (folder / "新.txt").write_text("新的。\n", encoding="utf-8")
    stale = chabao("status", **own)
    assert stale.returncode == 1 and b"1 new, 0 changed, 0 gone" in stale.stderr
    known = json.loads(chabao("status", "--json", **own).stdout)
    assert known["new"] == [str(folder / "新.txt")] and not known["fresh"]
    assert "索引已过时" in chabao("status", **own | {"CHABAO_LANG": "zh"}).stderr.decode()


def test_status_without_an_index(chabao: Run, own: dict[str, str]) -> None:
    done = chabao("status", **own)
    assert (done.returncode, done.stdout) == (2, b"") and b"no index" in done.stderr


@pytest.fixture
def address(chabao: Run) -> str:
    found = re.search(rb"[a-z2-7]{12}@\d+\+\d+~[a-z2-7]{8}", chabao("quote", "川渝通办").stdout)
    assert found
    return found[0].decode()


def test_a_place_is_printed(chabao: Run, address: str) -> None:
    done = chabao("open", address, "--print")
    path, _, line = done.stdout.decode().rstrip("\n").rpartition(":")
    assert done.returncode == 0 and done.stderr.count(b"\n") == 1  # answers from the sample
    text = Path(path).read_text(encoding="utf-8-sig").splitlines()
    assert int(line) > 1 and text[int(line) - 1]
    assert chabao("open", address.partition("@")[0], "--print").stdout != done.stdout


def test_the_editor_gets_the_line_and_its_code_counts(
    chabao: Run, address: str, tmp_path: Path
) -> None:
    script = tmp_path / "an editor.py"
    script.write_text(
        "import sys; open('seen', 'w').write('|'.join(sys.argv[1:])); sys.exit('--bad' in sys.argv)"
    )
    editor = f"'{sys.executable}' '{script}' {{path}} {{line}}"
    place = chabao("open", address, "--print").stdout.decode().strip().replace(":", "|")
    assert chabao("open", address, CHABAO_EDITOR=editor).returncode == 0
    assert (tmp_path / "seen").read_text() == place
    failed = chabao("open", address, CHABAO_EDITOR=f"{editor} --bad", CHABAO_LANG="en")
    assert failed.returncode == 2 and b"ended with 1" in failed.stderr
    for editor in ("nosuch", "'", "/"):
        done = chabao("open", address, CHABAO_EDITOR=editor, CHABAO_LANG="en")
        assert done.returncode == 2 and b"cannot open" in done.stderr
        assert b"Traceback" not in done.stderr


def test_what_has_changed_or_gone_is_said(chabao: Run, own: dict[str, str], folder: Path) -> None:
    chabao("index", "bulletins", **own)
    plain = chabao("search", "川渝通办", "--plain", **own).stdout.decode().splitlines()[0]
    file, _line, item, _ = plain.split(":", 3)
    (folder / file).write_text("别的。\n", encoding="utf-8")
    done = chabao("open", item, "--print", **own)
    assert done.returncode == 0 and b"has changed since" in done.stderr
    (folder / file).unlink()
    done = chabao("open", item, "--print", **own)
    assert (done.returncode, done.stdout) == (2, b"") and b"cannot open" in done.stderr
    assert chabao("open", "nothing", **own).returncode == 2
    assert chabao("open", "aaaaaaaaaaaa@0+1", **own).returncode == 1


def test_what_lies_in_an_archive_is_named_and_not_unpacked(
    chabao: Run, own: dict[str, str], tmp_path: Path
) -> None:
    archive = tmp_path / "公 报" / "-往期.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as file:
        file.write(min(CORPUS.glob("*.txt")), "2023/第3期.txt")
    assert chabao("index", "公 报", **own).returncode == 0
    item = json.loads(chabao("export", **own).stdout.splitlines()[0])["id"]
    done = chabao("open", item, "--print", **own)
    assert done.stdout.decode() == f"{archive}!/2023/第3期.txt\n"
    done = chabao("open", item, **own, CHABAO_EDITOR="touch")
    said = done.stderr.decode()
    assert done.returncode == 2 and "-往期.zip" in said and "2023/第3期.txt" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "公 报"]
