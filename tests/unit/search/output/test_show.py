"""What goes where: answers to standard output, the rest to standard error; exit codes as grep's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.discovery import Note
from chabao.search.output import show
from chabao.search.query import Diagnostic, Kind, Span
from chabao.search.results import Results

Capture = pytest.CaptureFixture[bytes]


@dataclass(frozen=True)
class Report:
    files: int = 5
    issues: int = 5
    items: int = 78
    characters: int = 30_000
    unchanged: int = 0
    removed: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


def test_hits_are_the_output_and_counts_are_not(results: Results, capsysbinary: Capture) -> None:
    assert show.results(results, None, "auto") == 0
    out, err = (stream.decode() for stream in capsysbinary.readouterr())
    assert "【川渝通办】" in out
    assert "12 items, 15 mentions" in err
    assert "12 items" not in out
    assert "department\t2022\t2023\n商务厅\t0\t2\n" in out


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, 0), ({"exact": False}, 1), ({"total": 0, "mentions": 0, "hits": ()}, 1)],
)
@pytest.mark.parametrize("form", [None, "json", "plain", "count", "files"])
def test_exit_codes(
    results: Results, changes: dict[str, Any], code: int, form: str | None, capsysbinary: Capture
) -> None:
    assert show.results(replace(results, **changes), form, "never") == code


@pytest.mark.parametrize("form", [None, "json", "plain", "count", "files"])
def test_a_query_without_an_answer_leaves_the_output_empty(
    results: Results, form: str | None, capsysbinary: Capture
) -> None:
    mistake = Diagnostic(Kind.TOO_DEEP, Span(0, 1), "too deep", fatal=True)
    found = replace(results, exact=False, total=0, hits=(), notices=(mistake,))
    assert show.results(found, form, "auto") == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert err.startswith(b"chabao: too deep\n")


def test_forms(results: Results, capsysbinary: Capture) -> None:
    show.results(results, "count", "auto")
    assert capsysbinary.readouterr().out == b"12 items, 15 mentions\n"
    show.results(results, "files", "auto")
    assert capsysbinary.readouterr().out.decode() == "周报/423.txt\n"
    show.results(results, "json", "always")
    out = capsysbinary.readouterr().out
    assert json.loads(out)["total"] == 12
    assert b"\x1b" not in out


def test_an_export_is_written_whole_or_not_at_all(
    tmp_path: Path, record: dict[str, Any], capsysbinary: Capture
) -> None:
    target = tmp_path / "items.jsonl"
    assert show.export(iter([record, record]), target) == 0
    assert [json.loads(line)["id"] for line in target.read_bytes().splitlines()] == ["3f9ac1d2"] * 2
    show.export(iter([record]), None)
    assert capsysbinary.readouterr().out == target.read_bytes().splitlines(keepends=True)[0]

    def broken() -> Any:
        yield record
        raise RuntimeError

    with pytest.raises(RuntimeError):
        show.export(broken(), target)
    assert target.read_bytes().count(b"\n") == 2
    assert list(tmp_path.iterdir()) == [target]


def test_a_report_says_what_was_refused_and_why(capsysbinary: Capture) -> None:
    assert show.report(Report(), "auto") == 0
    assert b"items\t78\n" in capsysbinary.readouterr().out
    done = Report(
        refused=(("a\x1b.txt", "no text"),), notes=(Note("a{b}", "{path} is not in the index"),)
    )
    assert show.report(done, "auto") == 2
    out, err = capsysbinary.readouterr()
    assert "a\ufffd.txt\tno text\n" in out.decode()
    assert err == b"chabao: a{b} is not in the index\nchabao: 1 file could not be read\n"
