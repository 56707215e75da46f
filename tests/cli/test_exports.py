"""Any answer as a table; a search that is recorded and repeated."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from chabao.exporting import exports
from chabao.indexer.build import build
from chabao.search.output.exports import COLUMNS
from chabao.search.output.sheets import FORMATS

from .conftest import Run

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("index")
    build([CORPUS], path)
    return str(path)


def rows(data: bytes, **how: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), **how))


def test_the_formats_offered_are_those_that_there_are() -> None:
    command = exports("form")(lambda: None)
    (choice,) = [each.type for each in command.__click_params__ if each.name == "form"]  # type: ignore[attr-defined]
    assert list(choice.choices) == list(FORMATS)


def test_hits_are_a_row_each_and_all_of_them(chabao: Run, index: str, tmp_path: Path) -> None:
    known = json.loads(chabao("search", "的", "--all", "--json", "--index", index).stdout)
    assert known["total"] > 10
    ran = chabao("search", "的", "-o", "hits.csv", "--index", index)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert ran.stderr.endswith(b"mentions\n")
    data = (tmp_path / "hits.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrank,score,mentions,snippet,id,")
    found = rows(data)
    assert [row["id"] for row in found] == [hit["id"] for hit in known["hits"]]
    assert sum(int(row["mentions"]) for row in found) == known["mentions"]
    assert all("的" in row["snippet"] and "的" in row["text"] for row in found)
    some = chabao("search", "的", "-n", "3", "--format", "csv", "-o", "-", "--index", index)
    assert not some.stdout.startswith(b"\xef\xbb\xbf")
    assert [row["id"] for row in rows(some.stdout)] == [hit["id"] for hit in known["hits"][:3]]
    lines = chabao("search", "的", "--format", "jsonl", "--index", index).stdout.splitlines()
    for line, hit in zip(lines, known["hits"], strict=True):
        said = json.loads(line)
        assert said.pop("schema") == 1
        assert hit["snippets"][0]["text"].strip() in said.pop("text")
        assert said == hit
    assert chabao("search", "没有这句话", "--exact", "--format", "md").returncode == 1


def test_items_in_every_format(chabao: Run, index: str, tmp_path: Path) -> None:
    known = [json.loads(line) for line in chabao("export", "--index", index).stdout.splitlines()]
    for form in ("csv", "tsv", "xlsx", "md"):
        assert chabao("export", "-o", f"items.{form}", "--index", index).returncode == 0
    page = openpyxl.load_workbook(tmp_path / "items.xlsx").worksheets[0]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[0] == list(COLUMNS)
    by_xlsx = [dict(zip(COLUMNS, row, strict=True)) for row in cells[1:]]
    by_csv = rows((tmp_path / "items.csv").read_bytes())
    by_tsv = rows((tmp_path / "items.tsv").read_bytes(), delimiter="\t")
    assert (tmp_path / "items.tsv").read_bytes().count(b"\n") == 1 + len(known)
    assert (tmp_path / "items.md").read_bytes().count(b"\n") == 2 + len(known)
    for item, *others in zip(known, by_xlsx, by_csv, by_tsv, strict=True):
        for other in others:
            assert other["id"] == item["id"]
            assert other["text"] == item["text"]
            assert other["section"] == " \u203a ".join(item["section"])
            assert (other["department"] or "").split("；") == (item["department"] or [""])
            assert (other["first"] or None) == item["period"]["first"]
        assert others[0]["line"] == item["line"]
    assert any(item["dates"] for item in known)
    assert {row["dates"] for row in by_csv} >= {"2025-02-20"}


def test_items_fields_files_and_facets(chabao: Run, index: str) -> None:
    def table(*arguments: str) -> list[dict[str, str]]:
        return rows(chabao(*arguments, "--format", "csv", "--index", index).stdout)

    (hit, *_) = table("search", "川渝通办")
    assert [row["text"] for row in table("show", hit["id"])] == [hit["text"]]
    kinds = [row["kind"] for row in table("fields")]
    assert kinds.count("issue") == 5
    assert sum(int(row["items"]) for row in table("fields") if row["kind"] == "issue") == 78
    files = table("search", "川渝通办", "--files")
    assert list(files[0]) == ["source", "mentions"]
    assert sum(int(row["mentions"]) for row in files) == 5
    known = json.loads(chabao("search", "办", "--facets", "--json", "--index", index).stdout)
    assert [
        {"department": row["department"], "year": row["year"], "items": int(row["items"])}
        for row in sorted(table("search", "办", "--facets"), key=str)
    ] == sorted(known["facets"], key=str)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "-o", "items.foo"), "the name items.foo says no format"),
        (("search", "办", "-o", "items"), "the name items says no format"),
        (("search", "办", "--format", "xls"), "'xls' is not one of"),
        (("export", "-o", "nowhere/items.csv"), "cannot write nowhere/items.csv: No such file"),
        (("export", "-o", "folder"), "is a directory"),
        (("search", "办", "--json", "--format", "csv"), "--json and --format exclude each other"),
        (("fields", "--json", "-o", "a.md"), "--json and --output exclude each other"),
        (("export", "--bom"), "only CSV and TSV begin with a byte order mark"),
        (("export", "--format", "md", "--no-bom"), "only CSV and TSV begin with a byte order mark"),
        (("search", "办", "--record", "nowhere/r.json"), "cannot write nowhere/r.json: No such"),
        (("repeat", "nothing.json"), "nothing.json is no record of a search: No such file"),
        (("repeat", "folder"), "is a directory"),
        (("repeat", "other.json"), "other.json is no record of a search:"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistakes_are_a_line(
    chabao: Run, index: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.json").write_bytes(b'{"schema": 1, "query": 3}')
    ran = chabao(*arguments, "--index", index)
    lines = ran.stderr.decode().splitlines()
    assert (ran.returncode, ran.stdout, len(lines)) == (2, b"", 1)
    assert said in lines[0]
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "other.json"}


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no such device")
def test_standard_output_by_its_name_is_not_replaced(chabao: Run, index: str) -> None:
    by_name = chabao("fields", "--format", "md", "-o", "/dev/stdout", "--index", index)
    assert by_name.stdout == chabao("fields", "--format", "md", "--index", index).stdout
    assert by_name.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's here")
def test_a_terminal_is_not_steered_and_gets_no_workbook(chabao: Run, index: str) -> None:
    import pty
    import subprocess
    import sys

    def on_terminal(*arguments: str) -> tuple[int, bytes, bytes]:
        ours, theirs = pty.openpty()
        ran = subprocess.Popen(
            [sys.executable, "-m", "chabao", *arguments],
            stdout=theirs, stderr=subprocess.PIPE,
        )  # fmt: skip
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:
            pass  # Linux says so that the other side is closed
        _, errors = ran.communicate()
        os.close(ours)
        return ran.returncode, said, errors

    code, said, errors = on_terminal("fields", "--format", "xlsx", "--index", index)
    assert (code, said) == (2, b"")
    assert b"xlsx is not for a terminal" in errors
    code, said, _ = on_terminal("fields", "--format", "csv", "--index", index)
    assert code == 0
    assert said.startswith(b"kind,name,title,date,items\r\n")


def test_a_search_is_recorded_and_repeated(chabao: Run, index: str, tmp_path: Path) -> None:
    asked = ("川渝通办", "--since", "2023-01-01", "--record", "search.json", "--index", index)
    assert chabao("search", *asked, "--count").stdout == b"3 items, 4 mentions\n"
    said = json.loads((tmp_path / "search.json").read_bytes())
    assert (said["found"]["items"], said["found"]["mentions"]) == (3, 4)
    assert said["asked"]["filters"]["since"] == "2023-01-01"
    again = chabao("repeat", "search.json", "--index", index)
    assert again.returncode == 0
    assert again.stderr == b"chabao: the same answer from the same corpus\n"
    folder = tmp_path / "fewer"
    folder.mkdir()
    for path in sorted(CORPUS.glob("*.txt")):
        if "川渝通办" not in path.read_text("utf-8"):
            shutil.copy(path, folder)
    chabao("index", "fewer", "--index", "other")
    less = chabao("repeat", "search.json", "--index", "other")
    assert less.returncode == 1
    assert b"the corpus has changed, and the answer with it" in less.stderr
    assert (
        less.stdout.decode().count("\n- ")
        == json.loads(chabao("repeat", "search.json", "--json", "--index", "other").stdout)[
            "gone"
        ].__len__()
    )
    wrong = chabao("search", "部门:", "日期:明天吧", "--record", "wrong.json", "--index", index)
    assert (wrong.returncode, (tmp_path / "wrong.json").exists()) == (2, False)
