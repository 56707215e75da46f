"""Bytes to text, whatever the encoding; what is no text is refused with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chabao.indexer import reader
from chabao.indexer.errors import UnreadableFile

CORPUS = sorted(Path(__file__).parents[3].glob("corpus/*.txt"))
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
SIZES = [16, 40, 120, 500, None]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name[:3])
def test_encodings_are_found(path: Path, size: int | None, encoding: str) -> None:
    text = path.read_text(encoding="utf-8")
    for start in range(0, len(text) - 40 if size else 1, 331):
        piece = text[start : start + size if size else None].strip()
        assert reader.decode(piece.encode(encoding)) == piece


@pytest.mark.parametrize("size", SIZES)
def test_big5_is_found(size: int | None) -> None:
    path = Path(__file__).with_name("bulletins") / "trad.txt"
    text = path.read_text(encoding="utf-8").replace("窗", "視").replace("厅", "廳")
    for start in range(0, len(text) - 40 if size else 1, 29):
        piece = text[start : start + size if size else None].strip()
        data = piece.encode("big5", "ignore")
        assert reader.decode(data) == data.decode("big5")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "there is no text in it"),
        ("\ufeff".encode(), "there is no text in it"),
        ("通办".encode() * 300 + b"\xff" + "通办".encode(), "damaged UTF-8"),
        (b"\xff\xfe\x00\xd8", "damaged: not what its byte order mark says"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not text"),
        (b"abc\0def", "not text"),
        (b"\0" * 64, "not text"),
        (b"\x01\x02\x03abc", "not text: it is full of control characters"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        reader.read(path)
    assert caught.value.values["path"] == path
    assert str(caught.value.values["reason"]).startswith(reason)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=os.strerror(2)):
        reader.read(tmp_path / "none.txt")


def test_line_ends_stay() -> None:
    assert reader.decode("川\r\n渝\r通\n办".encode()) == "川\r\n渝\r通\n办"
