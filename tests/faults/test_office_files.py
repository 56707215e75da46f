"""No file can crash, hang or fill the machine: bombs and damaged files are refused, or read.

`CHABAO_MUTATIONS=1000` mutates that many files a format instead of the few of a quick run.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from chabao.indexer import reader
from chabao.indexer.reader.document import Unreadable
from chabao.tests.faults import office_bombs
from chabao.tests.faults.office_bombs import BOMBS, MEMORY, SECONDS

CORPUS = sorted(Path(__file__).parents[2].glob("corpus/*.txt"))
TEXT = CORPUS[0].read_text(encoding="utf-8")
MUTATIONS = int(os.environ.get("CHABAO_MUTATIONS", "60"))
SLOW = "CHABAO_MUTATIONS" in os.environ
QUICK = (
    "zip of noughts", "zip overlapping", "zip that lies", "docx of laughs", "docx nested",
    "docx of numbers", "xlsx, far apart", "ods, repeated", "html nested", "mht nested",
    "xls of garbage",
)  # fmt: skip
"""Bombs of every run; making and reading all of them takes a few minutes."""
READ = frozenset({"", "read"})

posix = pytest.mark.skipif(sys.platform != "linux", reason="limits are set as Linux sets them")


@posix
@pytest.mark.parametrize("bomb", BOMBS if SLOW else QUICK)
def test_bombs_end_within_limits(bomb: str, tmp_path: Path) -> None:
    name, make = BOMBS[bomb]
    path = tmp_path / "bomb"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, office_bombs.__file__, str(path), name],
        capture_output=True, text=True, timeout=6 * SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(("refused: ", "read: ")), done.stdout


def test_there_are_forty_bombs() -> None:
    assert len(BOMBS) >= 40 and set(QUICK) <= set(BOMBS)
    assert MEMORY == 512 << 20 and SECONDS == 10


def word_file() -> bytes:
    document = docx.Document()
    for line in TEXT.splitlines()[:80]:
        document.add_paragraph(line, style="List Number" if line.startswith("（") else None)
    document.add_table(2, 2).cell(0, 0).text = "部门"
    return saved(document.save)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for at, line in enumerate(TEXT.splitlines()[:80]):
        book.worksheets[0].append([line, at / 7, None, at])
    return saved(book.save)


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def open_document() -> bytes:
    rows = "".join(
        f"<table-row><table-cell><p>{line}</p></table-cell></table-row>"
        for line in TEXT.split()[:80]
    )
    return office_bombs.ods(rows)


def page() -> bytes:
    body = "".join(f"<p class='a'>{line}</p><table><tr><td>1" for line in TEXT.splitlines()[:60])
    return f"<html><meta charset=gbk><body>{body}".encode("gbk", "ignore")


def web_archive() -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    return head + b"Content-Type: text/html; charset=gbk\r\n\r\n" + page() + b"\r\n--b--\r\n"


def archive() -> bytes:
    return office_bombs.zipped({"周报.txt": TEXT[:3000], "a.docx": word_file(), "b.html": page()})


def old_workbook() -> bytes:
    return Path(__file__).with_name("old.xls").read_bytes()


MADE = {
    "a.docx": word_file, "a.xlsx": workbook, "a.ods": open_document, "a.html": page,
    "a.mht": web_archive, "a.zip": archive,
}  # fmt: skip


def mutated(good: bytes, chance: random.Random) -> bytes:
    """A file with some of what happens to files: bytes changed, cut off, left out, doubled."""
    data = bytearray(good)
    for _ in range(chance.choice([1, 1, 2, 8, 60])):
        at = chance.randrange(len(data))
        kind = chance.randrange(5)
        if kind < 2:
            data[at] = chance.randrange(256)
        elif kind == 2:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 3:
            data[at : at + chance.randrange(1, 40)] = chance.randbytes(chance.randrange(40))
        else:
            data[at:at] = data[at : at + chance.randrange(1, 400)]
    return bytes(data[: chance.randrange(1, len(data))]) if chance.random() < 0.1 else bytes(data)


def parts_mutated(good: bytes, chance: random.Random) -> bytes:
    """A zip of which what is packed was changed before it was packed: checksums do not tell."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(good)) as files:
        parts: dict[str, bytes | str] = {name: files.read(name) for name in files.namelist()}
    name = chance.choice([name for name, part in parts.items() if part])
    part = parts[name]
    assert isinstance(part, bytes)
    return office_bombs.zipped(parts | {name: mutated(part, chance)})


@pytest.mark.parametrize("name", MADE)
def test_mutated_files_are_read_or_refused(name: str) -> None:
    good = MADE[name]()
    assert any(document.text for document in reader.documents(good, name))
    outcomes = set()
    for seed in range(MUTATIONS):
        chance = random.Random(f"{name} {seed}")
        packed = good.startswith(b"PK") and seed % 2
        data = parts_mutated(good, chance) if packed else mutated(good, chance)
        try:
            outcomes |= {type(document.text) for document in reader.documents(data, name)}
        except Unreadable as error:
            assert error.reason
            outcomes.add(Unreadable)
        except Exception as error:
            pytest.fail(f"{name}, seed {seed}: {error!r}")
    assert str in outcomes
