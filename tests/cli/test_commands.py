"""The commands, from end to end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
HIT_KEYS = [
    "rank", "score", "mentions", "id", "title", "number", "serial", "date", "period", "publisher",
    "section", "item", "department", "dates", "source", "line", "page", "inferred", "snippets",
]  # fmt: skip
RECORD_KEYS = [
    "schema", "id", "title", "number", "serial", "date", "period", "publisher", "section", "item",
    "department", "dates", "text", "source", "line", "page", "inferred",
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("index") / "of the bulletins"
    done = subprocess.run(
        [sys.executable, "-m", "chabao", "index", str(CORPUS), "--index", str(place)],
        capture_output=True, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert b"items\t78\n" in done.stdout
    (note,) = done.stderr.decode().splitlines()
    assert "README.md was left out" in note
    return str(place)


def test_the_bundled_sample_answers_where_there_is_no_index(chabao: Run) -> None:
    ran = chabao("search", "川渝通办")
    assert ran.returncode == 0
    assert "【川渝通办】" in ran.stdout.decode()
    assert ran.stderr.startswith(b"chabao: answers come from the bundled sample")
    assert b"chabao index FOLDER" in ran.stderr
    assert b"4 items, 5 mentions" in ran.stderr


def test_an_index_that_is_named_must_be_there(chabao: Run, index: str) -> None:
    for ran in (
        chabao("search", "川渝通办", "--index", "./nowhere"),
        chabao("search", "川渝通办", CHABAO_INDEX="./nowhere"),
        chabao("fields", CHABAO_INDEX="./nowhere"),
    ):
        assert ran.returncode == 2
        assert ran.stdout == b""
        assert b"no index at nowhere" in ran.stderr
    assert chabao("search", "通办", "--index", index, CHABAO_INDEX="./nowhere").returncode == 0
    assert b"bundled" not in chabao("search", "通办", CHABAO_INDEX=index).stderr


def test_json_is_the_contract(chabao: Run, index: str) -> None:
    ran = chabao("search", "川渝通办", "-n", "1", "--json", "--index", index)
    answer = json.loads(ran.stdout)
    assert ran.stdout.count(b"\n") == 1
    assert list(answer) == [
        "schema", "query", "understood", "exact", "total", "mentions", "seconds", "notices", "hits",
    ]  # fmt: skip
    assert (answer["schema"], answer["exact"], answer["total"], answer["mentions"]) == (
        1,
        True,
        4,
        5,
    )
    (hit,) = answer["hits"]
    assert list(hit) == HIT_KEYS
    for snippet in hit["snippets"]:
        assert list(snippet) == ["text", "spans"]
        assert {snippet["text"][start:end] for start, end in snippet["spans"]} == {"川渝通办"}


def test_a_relaxed_answer_is_no_literal_one(chabao: Run, index: str) -> None:
    ran = chabao("search", "如何优化营商环境", "--json", "--index", index)
    answer = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert (answer["exact"], answer["mentions"]) == (False, 0)
    assert answer["hits"]
    assert all(hit["mentions"] == 0 for hit in answer["hits"])
    forbidden = chabao("search", "如何优化营商环境", "--exact", "--plain", "--index", index)
    assert (forbidden.returncode, forbidden.stdout) == (1, b"")


def test_ways_to_say_a_query(chabao: Run, index: str) -> None:
    def count(*words: str, stdin: bytes = b"") -> bytes:
        return chabao("search", "-c", "--index", index, *words, stdin=stdin).stdout

    assert count("川渝通办") == b"4 items, 5 mentions\n"
    assert count("-", stdin="川渝通办\r\n".encode()) == count("川渝通办")
    assert count("省内通办", "川渝通办") == count("省内通办 川渝通办")
    assert count("通办", "-川渝") == count("--", "通办", "-川渝") == count("通办 NOT 川渝")
    assert count("-F", "厅（局）长进大厅") == count('"厅(局)长进大厅"')
    assert count("--department", "文旅厅") == count("部门:文旅厅")
    assert count("通办", "--since", "2025", "--until", "2025Q1") == count("通办 日期:2025Q1")


def test_forms(chabao: Run, index: str) -> None:
    files = chabao("search", "川渝通办", "-l", "--index", index)
    assert len(files.stdout.splitlines()) == 3
    for line in (
        chabao("search", "川渝通办", "--plain", "--index", index).stdout.decode().splitlines()
    ):
        source, number, identity, snippet = line.split(":", 3)
        assert (CORPUS / source).is_file()
        assert number.isdecimal()
        assert identity.isalnum()
        assert "川渝通办" in snippet
    coloured = chabao("search", "川渝通办", "--color", "always", "--index", index)
    assert "\x1b[1;31m川渝通办\x1b[0m" in coloured.stdout.decode()
    assert "【" not in coloured.stdout.decode()
    explained = chabao("search", "川渝通办", "--explain", "-n", "1", "--index", index)
    assert len(explained.stdout) > len(
        chabao("search", "川渝通办", "-n", "1", "--index", index).stdout
    )


def test_a_mistake_in_a_query(chabao: Run, index: str) -> None:
    ran = chabao("search", "川渝 日期:昨天天", "--index", index)
    assert (ran.returncode, ran.stdout) == (2, b"")
    lines = ran.stderr.decode().splitlines()
    assert lines[1:3] == ["  川渝 日期:昨天天", "            ^^^^^^"]


def test_an_item_is_shown_by_its_id_and_by_the_address_of_a_passage(
    chabao: Run, index: str
) -> None:
    line = chabao("search", "川渝通办", "--plain", "--index", index).stdout.decode().splitlines()[0]
    source, _number, identity, _snippet = line.split(":", 3)
    for address in (identity, f"{identity}@10"):
        ran = chabao("show", address, "--index", index)
        page = ran.stdout.decode()
        assert ran.returncode == 0
        assert f"{source}:" in page
        assert "川渝通办" in page
        assert "before" in page or "after" in page
    record = json.loads(chabao("show", identity, "--json", "--index", index).stdout)
    assert list(record) == RECORD_KEYS
    unknown = chabao("show", "nothing", "--index", index)
    assert (unknown.returncode, unknown.stdout) == (2, b"")


def test_export(chabao: Run, index: str, tmp_path: Path) -> None:
    ran = chabao("export", "--format", "jsonl", "--index", index)
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(records) == 78
    assert all(list(record) == RECORD_KEYS for record in records)
    assert chabao("export", "-o", "items.jsonl", "--index", index).returncode == 0
    assert (tmp_path / "items.jsonl").read_bytes() == ran.stdout


def test_fields(chabao: Run, index: str) -> None:
    known = json.loads(chabao("fields", "--json", "--index", index).stdout)
    assert known["items"] == 78
    assert len(known["issues"]) == 5
    assert "商务厅" in known["departments"]
    assert f"商务厅\t{known['departments']['商务厅']}\n" in chabao(
        "fields", "--index", index
    ).stdout.decode()  # fmt: skip


def test_names_are_completed_from_the_index(chabao: Run, index: str) -> None:
    def completed(words: str) -> list[str]:
        ran = chabao(
            CHABAO_INDEX=index, _CHABAO_COMPLETE="bash_complete", COMP_WORDS=words,
            COMP_CWORD=str(len(words.split(" ")) - 1),
        )  # fmt: skip
        return [line[6:] for line in ran.stdout.decode().splitlines() if line]

    assert "商务厅" in completed("chabao search --department 商")
    assert completed("chabao search --department 林草") == ["省林草局"]
    assert "2023年第39期" in completed("chabao search --number 2023")
    assert completed("chabao search --section （三）厅（局）") == ["（三）厅（局）长进大厅"]
    assert completed("chabao search --section 没有的") == []


def test_indexing_goes_on_past_a_file_that_cannot_be_read(chabao: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bulletins"
    folder.mkdir()
    for path in sorted(CORPUS.glob("*.txt"))[:2]:
        shutil.copy(path, folder)
    (folder / "broken.txt").write_bytes(b"\x00\xff" * 500)
    ran = chabao("index", "bulletins", "--index", "here")
    assert ran.returncode == 2
    assert b"broken.txt" in ran.stdout
    assert b"files\t2\n" in ran.stdout
    assert ran.stderr.endswith(b"chabao: 1 file could not be read\n")
    assert chabao("search", "通办", "--index", "here").returncode == 0
    (folder / "broken.txt").unlink()
    assert b"unchanged files\t2\n" in chabao("index", "bulletins", "--index", "here").stdout
    gone = chabao("remove", "bulletins", "--index", "here")
    assert gone.returncode == 0
    assert b"items\t0\n" in gone.stdout
    assert chabao("search", "通办", "--index", "here").returncode == 1


def children() -> float:
    """Seconds of the processor that the processes had which were started here and have ended."""
    taken = os.times()
    return taken.children_user + taken.children_system


@pytest.mark.parametrize(
    "query",
    ["川" * 100_000, "川渝通办 " * 20_000, "(" * 10_000, "????", " OR ".join(["通办"] * 10_000)],
    ids=["long", "many", "brackets", "wildcards", "alternatives"],
)
def test_no_query_takes_long(chabao: Run, index: str, query: str) -> None:
    began = children()
    ran = chabao("search", "-", "--index", index, stdin=query.encode())
    assert children() - began < 2 + 1  # a machine that does other work too
    assert ran.returncode in (0, 1, 2)
    assert ran.stderr.count(b"\n") < 20
    assert all(len(line) < 1_000 for line in ran.stderr.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_who_closes_the_pipe_is_not_told_about_it(index: str) -> None:
    command = f'{sys.executable} -m chabao export --index "{index}"; echo $? >&2'
    ran = subprocess.run(["sh", "-c", f"({command}) | head -c 10"], capture_output=True)
    assert ran.stderr.split() == [b"0"]
