"""How an index is described."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chabao.indexer.status import Amount, Changes, Folder, Size, Status
from chabao.search.output.screen import Screen
from chabao.search.output.status import page, shortened, size, verdict
from chabao.search.output.text import width


def made(changes: Changes = Changes(), refused: int = 0, known: bool = True) -> Status:  # noqa: B008
    path = "/share/政务/" + "很长的文件夹名" * 8
    return Status(
        Path("/index"), 1, Size(1234567, 9, datetime(2023, 2, 8, tzinfo=UTC)), known,
        (Folder("a", Path(path), False, Amount(1, 1, 9, 99)),), Amount(1, 1, 9, 99),
        {".txt": Amount(1, 1, 9, 99), "": Amount()},
        tuple((f"{path}/坏{n}.pdf", "encrypted") for n in range(refused)), (), (), changes,
    )  # fmt: skip


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_fit_and_names_of_files_are_seen(columns: int) -> None:
    lines = list(page(made(refused=3), Screen(columns)))
    assert max(map(width, lines)) <= columns
    assert all(any(f"坏{n}.pdf" in line for line in lines) for n in range(3))


def test_a_screen_has_some_and_a_pipe_all() -> None:
    many = made(refused=50)
    assert sum("坏" in line for line in page(many, Screen(80))) == 20
    assert any("and 30 more" in line for line in page(many, Screen(80)))
    assert sum("坏" in line for line in page(many, Screen())) == 50


def test_nothing_in_a_name_steers_a_terminal() -> None:
    found = made(Changes(new=("/a/\x1b[2J\n.txt",)))
    assert not any("\x1b" in line or "\n" in line for line in page(found, Screen(80)))


def test_the_verdict_counts() -> None:
    assert verdict(made()) == "the index is fresh"
    assert "2 new, 1 changed, 0 gone" in verdict(made(Changes(("a", "b"), ("c",))))
    assert "no longer tells" in verdict(made(known=False))


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0.0 KB"), (999, "0.9 KB"), (1000, "1.0 KB"), (214_997, "214 KB"), (3_456_789, "3.4 MB"),
     (999_999, "999 KB"), (12 * 10**9, "12 GB"), (5 * 10**12, "5000 GB")],
)  # fmt: skip
def test_sizes(count: int, said: str) -> None:
    assert size(count) == said


@pytest.mark.parametrize("columns", range(3, 30))
def test_a_path_keeps_its_end(columns: int) -> None:
    path = "/a/公报/2023年/第3期.txt"
    short = shortened(path, columns)
    assert width(short) <= columns
    assert path.endswith(short.removeprefix("…"))
