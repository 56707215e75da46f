"""A folder as staff have them: every format mixed, odd names, files that are locked or broken."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from roundtrip.render import paragraphs, word
from roundtrip.renderings import KEPT, RENDERINGS, Indexed, Record, fold, indexed

from chabao.indexer.build import build

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such names or limits")

WORD = "2023年（含附件）/窗口工作周报 第3期（总第423期）[终稿].docx"
PRINTED = "2023年（含附件）/窗口工作周报 第3期（总第423期）[终稿].pdf"
FILES = {
    WORD: ("Word", "000"),
    PRINTED: ("PDF, Noto Serif", "000"),
    "周" * 83 + "s.txt": ("paragraphs in GB18030", "001"),
    "【10月】窗口工作周报 (2) - 副本.HTML": ("page of today", "002"),
    "“老”网页 《第2期》.htm": ("page of 2003", "003"),
    "月报/政务窗口月报　第2期.pdf": ("PDF, two columns", "004"),
}
ZIPPED = "归档 2025（全）.zip"
BROKEN = {
    "空.docx": (b"", "the file is empty"),
    "坏.pdf": (b"%PDF-1.7\nxx", "damaged: it cannot be read as a PDF"),
    "一半.zip": (b"PK\3\4" + bytes(40), None),
}
IDENTITY = ("id", "number", "section", "item")


def render(name: str) -> bytes:
    kind, bulletin = FILES[name]
    return RENDERINGS[kind].make(bulletin)


@pytest.fixture
def mixed(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "共享 盘（科室）"
    (folder / "空文件夹").mkdir(parents=True)
    for name in FILES:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(render(name))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("月报（终）.docx", RENDERINGS["Word"].make("004"))
    (folder / ZIPPED).write_bytes(zipped.getvalue())
    for name, (data, _) in BROKEN.items():
        (folder / name).write_bytes(data)
    (folder / "~$口工作周报.docx").write_bytes(b"\0" * 162)
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in paths:
        if path.exists():
            path.chmod(0o755 if path.is_dir() else 0o644)


def told(record: Record) -> tuple[object, ...]:
    return (*(str(record[key]) for key in KEPT), fold(str(record["text"])))


def every(found: Indexed) -> list[tuple[object, ...]]:
    return sorted(told(record) for records in found.records.values() for record in records)


def test_everything_in_it_is_found_once(mixed: Path, tmp_path: Path, originals: Indexed) -> None:
    assert max(len(os.fsencode(path.name)) for path in mixed.iterdir()) == 254
    before = {path: path.stat().st_mtime_ns for path in mixed.rglob("*")}
    found = indexed(mixed, tmp_path / "index")
    # The weekly without a title takes that of its publisher's others, here as there.
    assert every(found) == every(originals)
    report = found.report
    refused = {Path(path).name: reason for path, reason in report.refused}
    assert refused.keys() == BROKEN.keys()
    assert all(refused[name] == said for name, (_, said) in BROKEN.items() if said)
    assert report.files == len(FILES) + 1
    assert sorted(report.copies) == sorted([
        (str(mixed / PRINTED), str(mixed / WORD)),
        (str(mixed / ZIPPED / "月报（终）.docx"), str(mixed / "月报/政务窗口月报　第2期.pdf")),
    ])  # fmt: skip
    assert {path: path.stat().st_mtime_ns for path in mixed.rglob("*")} == before
    again = build([mixed], tmp_path / "index")
    assert (again.unchanged, again.removed, again.items) == (report.files, 0, report.items)
    assert again.copies == report.copies


def test_a_word_file_and_its_pdf_are_one_issue_whichever_is_there(tmp_path: Path) -> None:
    folder, index = tmp_path / "folder", tmp_path / "index"
    folder.mkdir()
    written, printed = folder / "周报.docx", folder / "周报.pdf"
    printed.write_bytes(render(PRINTED))
    alone = indexed(folder, index)
    assert {record["source"] for record in alone.records["周报."]} == {"周报.pdf"}
    written.write_bytes(render(WORD))
    both = indexed(folder, index)
    assert (both.report.issues, both.report.items) == (1, alone.report.items)
    assert {record["source"] for record in both.records["周报."]} == {"周报.docx"}
    assert both.report.copies == ((str(printed), str(written)),)
    assert [[record[key] for key in IDENTITY] for record in both.records["周报."]] == [
        [record[key] for key in IDENTITY] for record in alone.records["周报."]
    ]
    written.unlink()
    last = indexed(folder, index)
    assert last.records == alone.records
    assert last.report.copies == ()


def test_an_edited_pdf_is_no_copy(tmp_path: Path) -> None:
    """The printed one has an item more than the Word file: both are indexed."""
    folder = tmp_path / "folder"
    folder.mkdir()
    parts = paragraphs("000")
    cut = next(at for at, part in enumerate(parts) if part.text.startswith("（4）"))
    (folder / "周报.docx").write_bytes(word(parts[:cut] + parts[cut + 1 :]))
    (folder / "周报.pdf").write_bytes(render(PRINTED))
    found = indexed(folder, tmp_path / "index")
    texts = "".join(fold(str(record["text"])) for record in found.records["周报."])
    assert fold(parts[cut].text[3:]) in texts


def limited(size: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program where no file can get longer than `size` bytes: as good as a full disk, for what
    is written fails, and what was held back fails again when the file is closed."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return subprocess.run(
        [sys.executable, "-m", "chabao", *arguments], capture_output=True, timeout=120,
        preexec_fn=limit, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.mark.parametrize("size", [0, 500, 3_000, 12_000, 40_000])
def test_a_disk_that_fills_up_is_said_and_nothing_is_harmed(
    size: int, tmp_path: Path, rendered: Callable[[str], Indexed]
) -> None:
    folder, index = tmp_path / "folder", tmp_path / "index"
    folder.mkdir()
    for name in ("000", "001"):
        (folder / f"{name}.txt").write_bytes(RENDERINGS["paragraphs in GB18030"].make(name))
    before = indexed(folder, index)
    for name in ("002", "003", "004"):
        (folder / f"{name}.txt").write_bytes(RENDERINGS["paragraphs in GB18030"].make(name))
    found = limited(size, "index", "--index", str(index), str(folder))
    assert (found.returncode, found.stdout) == (2, b"")
    (line,) = found.stderr.decode().splitlines()
    assert line.startswith(f"chabao: cannot write the index at {index}: ")
    again = limited(1 << 30, "search", "--index", str(index), "川渝通办", "--plain")
    assert again.stdout.count(b"\n") == len({
        record["id"] for records in before.records.values()
        for record in records if "川渝通办" in record["text"]
    })  # fmt: skip
    after = indexed(folder, index)
    assert every(after) == every(rendered("paragraphs in GB18030"))
