"""Names of indexes, and paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer import places
from chabao.indexer.errors import NoIndexNamed, OddName

DATA = Path("/data")


@pytest.mark.parametrize("name", ["四川", "a", "2023", "政务_周报-2.0", "É", "川渝"])
def test_a_word_is_a_name(name: str) -> None:
    assert places.place(name, DATA) == DATA / "indexes" / name


@pytest.mark.parametrize("path", ["a/b", "./a", "../a", "/a", "a/", ".", "..", "C:\\a", "~/a"])
def test_what_has_a_separator_is_a_path(path: str) -> None:
    assert places.place(path, DATA) == Path(path)


def test_a_folder_that_is_there_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert places.place("here", DATA) == DATA / "indexes" / "here"
    (tmp_path / "file").touch()
    assert places.place("file", DATA) == DATA / "indexes" / "file"
    (tmp_path / "here").mkdir()
    assert places.place("here", DATA) == Path("here")


@pytest.mark.parametrize("nothing", ["", " ", "\t", "\u3000"])
def test_nothing_is_no_name(nothing: str) -> None:
    with pytest.raises(NoIndexNamed):
        places.place(nothing, DATA)


@pytest.mark.parametrize(
    "odd",
    ["a b", "-a", ".a", "a.", "a*", "a?", "<a>", "a:b"[:1] + "|", "con", "NUL.txt", "a\nb", "a\0",
     "“a”", "四川！", "字" * 41, "\ud800", "a\u202eb"],
)  # fmt: skip
def test_what_a_file_system_or_a_shell_may_take_amiss_is_refused(odd: str) -> None:
    with pytest.raises(OddName):
        places.place(odd, DATA)


def test_a_name_is_the_same_however_it_is_composed() -> None:
    assert places.name("e\u0301") == places.name("\u00e9")


@given(st.text(max_size=60))
def test_whatever_is_written_a_name_stays_below_its_folder(written: str) -> None:
    try:
        name = places.name(written)
    except OddName:
        return
    assert Path("x", name).parent == Path("x")
    assert name not in ("", ".", "..") and not set(name) & set(' /\\:*?"<>|\0')


def test_the_names_in_use(tmp_path: Path) -> None:
    assert list(places.named(tmp_path)) == []
    for name in ("乙", "甲", ".hidden"):
        (tmp_path / "indexes" / name).mkdir(parents=True)
    (tmp_path / "indexes" / "file").touch()
    assert [name for name, _ in places.named(tmp_path)] == sorted(["乙", "甲"])
