"""`chabao mentions`, from end to end."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

TERMS = "# 通办\n川渝通办\n省内通办  # 省级\n\n没有这个词儿\n"


@pytest.fixture
def mentions(chabao: Run) -> Run:
    """Runs `chabao mentions ARGUMENTS` on the bundled bulletins."""

    def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
        return chabao("mentions", "--lang", "en", *arguments, **settings)

    return run


def said(ran: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Standard error, without the remark on the bundled sample."""
    lines = ran.stderr.decode().splitlines()
    assert "Traceback" not in ran.stderr.decode()
    return [line for line in lines if "bundled sample" not in line]


def test_a_line_a_mention_and_the_counts_first(mentions: Run) -> None:
    ran = mentions("川渝通办", COLUMNS="80")
    assert ran.returncode == 0
    assert said(ran) == ["chabao: 5 mentions, 4 items, 3 issues, 4 departments named"]
    lines = ran.stdout.decode().splitlines()
    assert len(lines) == 5 and all(" 川渝通办 " in line for line in lines)
    assert [line.split()[0] for line in lines] == [
        "2022年第21期", "2023年第3期", "2023年第3期", "2023年第3期", "2025年第2期",
    ]  # fmt: skip


def test_a_screen_shows_the_first_lines_and_a_program_gets_all(mentions: Run) -> None:
    few = mentions("办")
    assert len(few.stdout.splitlines()) == 20
    assert "the first 20 are shown (--all for every one)" in said(few)[0]
    whole = mentions("办", "--all")
    answer = json.loads(mentions("办", "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(mentions("办", "--format", "csv").stdout.decode())))
    assert len(whole.stdout.splitlines()) == answer["mentions"] == len(answer["rows"]) == len(rows)
    assert [row["address"] for row in rows] == [row["address"] for row in answer["rows"]]
    assert len(json.loads(mentions("办", "--json", "-n", "2").stdout)["rows"]) == 2


def test_json_is_schema_1_with_counts_and_offsets(mentions: Run, chabao: Run) -> None:
    answer = json.loads(mentions("川渝通办", "省内通办", "--json", "--context", "5").stdout)
    assert list(answer) == [
        "schema", "terms", "understood", "sort", "context", "mentions", "items", "issues",
        "departments", "by_term", "notices", "rows",
    ]  # fmt: skip
    assert (answer["schema"], answer["mentions"], answer["items"]) == (1, 11, 5)
    assert [each["mentions"] for each in answer["by_term"]] == [5, 6]
    items = {
        record["id"]: record for record in map(json.loads, chabao("export").stdout.splitlines())
    }
    for row in answer["rows"]:
        text = items[row["id"]]["text"]
        assert text[row["start"] : row["end"]] == row["text"] in row["terms"]
        assert row["address"].startswith(f"{row['id']}@{row['start']}")
        assert text[row["start"] - 5 : row["end"] + 5] == row["left"] + row["text"] + row["right"]
        assert row["section"] == items[row["id"]]["section"]


def test_lines_sort_as_asked(mentions: Run) -> None:
    def rights(*sort: str) -> list[str]:
        rows = json.loads(mentions("办结", "--json", *sort).stdout)["rows"]
        return [row["right"] for row in rows]

    assert sorted(rights()) == sorted(rights("--sort", "right"))
    assert rights() == rights("--sort", "date") != rights("--sort", "right")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_of_terms_makes_a_table(mentions: Run, tmp_path: Path, encoding: str) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_bytes(TERMS.encode(encoding))
    ran = mentions("--terms", str(terms))
    assert (ran.returncode, said(ran)) == (0, [])
    assert ran.stdout.decode().splitlines() == [
        "term\t2022\t2023\t2025\ttotal", "川渝通办\t1\t3\t1\t5", "省内通办\t0\t5\t1\t6",
        "没有这个词儿\t0\t0\t0\t0", "total\t1\t8\t2\t11",
    ]  # fmt: skip
    assert mentions("--terms", "-", stdin=TERMS.encode(encoding)).stdout == ran.stdout


def test_a_table_for_programs(mentions: Run, tmp_path: Path) -> None:
    answer = json.loads(mentions("川渝通办", "--by", "issue", "--json").stdout)
    assert list(answer) == ["schema", "by", "periods", "terms", "totals", "mentions", "notices"]
    assert dict(zip(answer["periods"], answer["totals"], strict=True)) == {
        "2022年第21期": 1, "2023年第2期": 0, "2023年第3期": 3, "2023年第39期": 0, "2025年第2期": 1,
    }  # fmt: skip
    into = tmp_path / "counts.csv"
    assert mentions("川渝通办", "--by", "quarter", "-o", str(into)).returncode == 0
    heads, row, total = csv.reader(io.StringIO(into.read_text(encoding="utf-8-sig")))
    assert heads == ["term", "2022Q2", "2023Q1", "2023Q4", "2025Q1", "total"]
    assert row[1:] == total[1:] == ["1", "3", "0", "1", "5"]


def test_patterns(mentions: Run) -> None:
    pytest.importorskip("re2")
    ran = mentions("--regex", r"(川渝|省内)\w办", "--json")
    assert json.loads(ran.stdout)["mentions"] == 11
    assert mentions("--regex", "--as-written", "川渝通辦").returncode == 1
    bad = mentions("--regex", "(?<=川)渝")
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert said(bad) == [
        "chabao: this is no regular expression: look-around and other extensions are not available",
        "  (?<=川)渝",
        "  ^^^^",
        "  hint: the signs are those of RE2; \\ before a sign makes it text",
    ]  # fmt: skip


def test_nothing_found_says_so_and_exits_1(mentions: Run) -> None:
    ran = mentions("没有这个词儿")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert said(ran)[-1] == "chabao: 0 mentions, 0 items, 0 issues, 0 departments named"
    assert mentions("没有这个词儿", "--by", "year").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name a TERM"),
        ([""], "the query is empty"),
        (["--terms", "absent.txt"], "cannot read absent.txt"),
        (["--terms", "."], "cannot read ."),
        (["--terms", "empty.txt"], "holds no terms"),
        (["--terms", "noise.bin"], "holds no terms"),
        (["办", "--by", "year", "--sort", "left"], "are for lines"),
        (["办", "--by", "year", "-n", "3"], "are for lines"),
        (["办", "-F", "--regex"], "not both"),
        (["办", "--as-written"], "goes with --regex"),
        (["办", "--json", "--format", "csv"], "exclude each other"),
        (["办", "--context", "-1"], "--context"),
        (["办", "--department", " "], "names nothing"),
    ],
)
def test_what_cannot_be_asked(
    mentions: Run, tmp_path: Path, arguments: list[str], reason: str
) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 4)
    ran = mentions(*arguments)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert any(reason in line for line in said(ran)), said(ran)


def test_a_lookup_in_context_loads_neither_numpy_nor_a_segmenter(chabao: Run) -> None:
    ran = chabao("mentions", "川渝通办", "--debug", PYTHONPROFILEIMPORTTIME="1")
    loaded = {
        line.split("|")[-1].strip().split(".")[0] for line in ran.stderr.decode().splitlines()
    }
    assert "chabao" in loaded
    assert not loaded & {"numpy", "rjieba", "jieba", "rich", "pandas", "re2", "whoosh"}


def test_the_page_shows_what_the_program_prints(chabao: Run, tmp_path: Path, root: Path) -> None:
    pytest.importorskip("re2")
    page = (root / "docs" / "research" / "mentions.md").read_text(encoding="utf-8")
    (tmp_path / "terms.txt").write_text("川渝通办\n省内通办\n一网通办\n", encoding="utf-8")
    blocks = re.findall(r"^```text\n\$ chabao (.+)\n((?:.+\n)+)```$", page, re.M)
    assert len(blocks) == 4
    for line, shown in blocks:
        ran = chabao(*shlex.split(line), COLUMNS="80", CHABAO_LANG="zh")
        errors = [said for said in ran.stderr.decode().splitlines() if "自带的样例" not in said]
        assert [*errors, *ran.stdout.decode().splitlines()] == shown.splitlines()
