"""Files of checked sections: damage is refused, or never answered from."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from random import Random

import pytest

from chabao.indexer.codecs.container import BLOCK, FORMAT, HEADER, MAGIC, TRAILER, Reader, Writer
from chabao.indexer.errors import DamagedIndex, OldIndex

WORDS = bytes(Random(1).randbytes(3 * BLOCK + 100))
NUMBERS = struct.pack("<500I", *range(1000, 1500))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "sealed"
    writer = Writer(found.open("wb"))
    writer.section("numbers", NUMBERS)
    writer.begin("words")
    for at in range(0, len(WORDS), 777):
        writer.write(WORDS[at : at + 777])
    writer.section("none", b"")
    writer.close({"documents": 7, "name": "川"})
    return found


def answers(path: Path) -> tuple[object, ...]:
    reader = Reader(path)
    numbers = reader.numbers("numbers", "I")
    return (
        reader.meta, reader.names(), [numbers[at] for at in range(len(numbers))],
        bytes(reader.section("words")), bytes(reader.section("none")),
    )  # fmt: skip


def test_what_is_written_is_read(path: Path) -> None:
    reader = Reader(path)
    assert reader.meta == {"documents": 7, "name": "川"}
    assert reader.names() == ["numbers", "words", "none"]
    assert "words" in reader and "word" not in reader
    assert bytes(reader.section("words")) == WORDS
    assert list(reader.numbers("numbers", "I").whole()) == list(range(1000, 1500))
    assert list(reader.numbers("numbers", "I").part(2, 4)) == [1002, 1003]
    assert reader.numbers("numbers", "I")[499] == 1499
    reader.check_all()


def test_numbers_are_aligned(path: Path) -> None:
    reader = Reader(path)
    assert all(reader.span(name)[0] % 8 == 0 for name in reader.names())


def test_opening_touches_no_block(path: Path) -> None:
    reader = Reader(path)
    assert sum(reader.checked) == 0
    _ = reader.numbers("numbers", "I")[0]
    assert sum(reader.checked) == 1
    reader.section("words")
    assert sum(reader.checked) == len(reader.checked) == 4


def test_what_was_forgotten_is_read_again(path: Path) -> None:
    reader = Reader(path)
    view = reader.section("words")
    reader.forget()
    assert bytes(view) == bytes(reader.section("words")) == WORDS


def places(data: bytes) -> list[int]:
    """Every byte of both ends, and some of what lies between."""
    edge = 120
    middle = Random(2).sample(range(edge, len(data) - edge), 60)
    return [*range(edge), *sorted(middle), *range(len(data) - edge, len(data))]


def test_a_byte_that_changed_is_never_answered_from(path: Path) -> None:
    good, data = answers(path), path.read_bytes()
    for at in places(data):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        with pytest.raises((DamagedIndex, OldIndex)):
            Reader(path).check_all()
        with pytest.raises((DamagedIndex, OldIndex)):
            assert answers(path) == good or pytest.fail(f"byte {at} changed an answer")
            raise DamagedIndex(path=path, reason="in bytes that nothing asks for")


@pytest.mark.parametrize("keep", [*range(0, 80), 0.1, 0.5, 0.9, -1, -2, -47, -48, -49, -200])
def test_a_truncated_file_is_refused_at_once(path: Path, keep: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data)) if isinstance(keep, float) else keep])
    with pytest.raises(DamagedIndex):
        Reader(path)


def test_a_longer_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DamagedIndex):
        Reader(path)


def test_another_file_is_not_taken_for_the_one_of_the_seal(path: Path) -> None:
    seal = Reader(path).seal
    assert seal.size == path.stat().st_size
    Reader(path, seal)
    for other in (seal._replace(size=seal.size + 1), seal._replace(check=seal.check ^ 1)):
        with pytest.raises(DamagedIndex):
            Reader(path, other)


@pytest.mark.skipif(os.name == "nt", reason="no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DamagedIndex):
        Reader(tmp_path / "pipe")


def test_a_missing_file_and_a_folder_are_damage(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(DamagedIndex):
            Reader(path)


def test_another_format_number_is_an_old_index(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(HEADER.pack(MAGIC, FORMAT + 1) + data[HEADER.size :])
    with pytest.raises(OldIndex) as raised:
        Reader(path)
    assert raised.value.values["found"] == FORMAT + 1
    assert raised.value.values["expected"] == FORMAT


@pytest.mark.parametrize(
    "directory",
    [b"[]", b"{}", b'{"meta": {}, "sections": 3}', b'{"meta": 1, "sections": {"words": 3}}',
     b'{"meta": {}, "sections": {"words": [0, 999999999]}}', b"\xff", b'{"meta": {}, "sections":'],
)  # fmt: skip
def test_a_directory_that_says_nonsense_is_damage(path: Path, directory: bytes) -> None:
    """Even one whose checksum is right."""
    body = b"\0" * 8
    table = struct.pack("<I", zlib.crc32(HEADER.pack(MAGIC, FORMAT) + body))
    tail = (8 + len(body), 8 + len(body) + len(table), 8 + len(body) + len(directory))
    check = zlib.crc32(directory, zlib.crc32(table, zlib.crc32(struct.pack("<QQQ", *tail))))
    trailer = TRAILER.pack(*tail, check, BLOCK, MAGIC)
    path.write_bytes(HEADER.pack(MAGIC, FORMAT) + body + table + directory + trailer)
    with pytest.raises(DamagedIndex):
        bytes(Reader(path).section("words"))
