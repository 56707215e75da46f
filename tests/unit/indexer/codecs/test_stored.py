"""Records come back as they were given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.codecs.container import Reader, Writer
from chabao.indexer.codecs.stored import Records, RecordWriter
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import ORDER

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(st.fixed_dictionaries({name: JSON for name in ORDER}), max_size=6)


def write(path: Path, records: list[dict[str, Any]]) -> Records:
    writer = RecordWriter(Writer(path.open("wb")))
    for record in records:
        writer.add(record)
    writer.close()
    return Records(Reader(path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stored")


@given(records=RECORDS)
def test_any_record_survives(folder: Path, records: list[dict[str, Any]]) -> None:
    found = write(folder / "any", records)
    for at in reversed(range(len(records))):
        assert found[at] == records[at]
        assert list(found[at]) == list(ORDER)


def record(number: int, size: int) -> dict[str, Any]:
    text = "".join(chr(0x4E00 + (number * 7 + at * at) % 5000) for at in range(size))
    return {**dict.fromkeys(ORDER), "text": text, "title": f"周报{number // 3}"}


@pytest.mark.parametrize("size", [0, 10, 500, 40_000])
def test_many_records_in_many_blocks_survive_in_any_order(tmp_path: Path, size: int) -> None:
    records = [record(number, size) for number in range(90 if size < 1000 else 5)]
    found = write(tmp_path / "many", records)
    for at in sorted(range(len(records)), key=lambda at: at * 7919 % 101):
        assert found[at] == records[at]


def test_damage_is_said_when_the_record_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    write(path, [record(number, 500) for number in range(200)])
    start, end = Reader(path).span("records")
    data = bytearray(path.read_bytes())
    data[(start + end) // 2] ^= 1
    path.write_bytes(data)
    found, refused = Records(Reader(path)), 0
    for number in range(200):
        try:
            assert found[number] == record(number, 500)
        except DamagedIndex:
            refused += 1
    assert 0 < refused < 200
