"""The table of contents is data: what Whoosh wrote is read, and nothing in it is run."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path
from random import Random
from typing import Any

import pytest
from whoosh.fields import STORED, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.schema import schema
from chabao.indexer.codecs.whoosh_ import BulletinSegment
from chabao.indexer.errors import DamagedIndex, MissingIndex

RAN: list[str] = []


def run(what: str) -> str:
    RAN.append(what)
    return what


class Bomb:
    """Runs when it is read by a trusting reader."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.reduced = (function, arguments)

    def __reduce__(self) -> Any:
        return self.reduced


def write(folder: Path, segments: Any, generation: int = 3) -> Path:
    TOC(Schema(record=STORED()), segments, generation).write(FileStorage(str(folder)), toc.NAME)
    return folder / f"_{toc.NAME}_{generation}.toc"


def segment(size: int, *deleted: int) -> BulletinSegment:
    made = BulletinSegment(toc.NAME)
    made.size, made.deleted = size, set(deleted)
    return made


def test_what_whoosh_writes_is_read(tmp_path: Path) -> None:
    written = [segment(7), segment(9, 0, 5)]
    write(tmp_path, written)
    found = toc.read(tmp_path)
    assert found.generation == toc.generation(tmp_path) == 3
    assert [entry.name for entry in found.segments] == [each.segment_id() for each in written]
    assert [entry.size for entry in found.segments] == [7, 9]
    assert [entry.deleted for entry in found.segments] == [frozenset(), frozenset({0, 5})]


def test_the_newest_of_several_is_read_and_other_files_are_not(tmp_path: Path) -> None:
    write(tmp_path, [], 9)
    write(tmp_path, [segment(1)], 10)
    for name in ("_MAIN_11.toc.12345.6", "_OTHER_12.toc", "x_MAIN_13.toc", "_MAIN_.toc"):
        (tmp_path / name).write_bytes(b"")
    assert toc.read(tmp_path).generation == 10


@pytest.mark.parametrize("name", ["nothing", "file", "empty"])
def test_no_index_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingIndex):
        toc.read(tmp_path / name)


def test_truncation_at_every_length_is_damage(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7), segment(9, 0, 5)])
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(DamagedIndex):
            toc.read(tmp_path)


def test_a_changed_byte_is_never_another_error(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7), segment(9, 0, 5)])
    data = path.read_bytes()
    random, refused = Random(4), 0
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ random.randint(1, 255)]) + data[at + 1 :])
        try:
            toc.read(tmp_path)
        except DamagedIndex:
            refused += 1
    assert refused > 100


PAYLOADS = {
    "a function of ours": Bomb(run, "bang"),
    "eval": Bomb(eval, "1 + 1"),
    "in a list": [Bomb(run, "bang")],
    "in a set": {"size": 1, "deleted": {(Bomb(run, "bang"),)}},
    "a class of whoosh": schema(),
    "no list": 5,
    "nothing": None,
    "strings": ["a", "b"],
    "dictionaries": [{"size": 1}],
    "set itself": [set],
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_crafted_pickle_is_damage_and_runs_nothing(
    tmp_path: Path, payload: Any, protocol: int
) -> None:
    path = write(tmp_path, [])
    data = path.read_bytes()
    at = data.rindex(struct.pack("!ii", 3, 0)) + 8
    assert pickle.loads(data[at:]) == []
    path.write_bytes(data[:at] + pickle.dumps(payload, protocol=protocol))
    RAN.clear()
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)
    assert RAN == []


@pytest.mark.parametrize(
    "state",
    [{"indexname": "MAIN", "segid": "../../etc/x"}, {"indexname": "/tmp/MAIN", "segid": "a1"},
     {"indexname": "MAIN", "segid": "a1", "size": "many"}, {"deleted": {"x"}}, {"deleted": 7},
     {"size": -1}, {"size": None}, {"deleted": {-1}}, {"deleted": {9}},
     {"segid": "A"}, {"segid": ""}],
    ids=str,
)  # fmt: skip
def test_a_segment_in_an_impossible_state_is_damage(tmp_path: Path, state: dict[str, Any]) -> None:
    made = segment(7, 1)
    made.__dict__.update(state)
    write(tmp_path, [made])
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)


def test_the_schema_in_the_table_is_not_read(tmp_path: Path, monkeypatch: Any) -> None:
    real = pickle.dumps
    monkeypatch.setattr("whoosh.index.pickle.dumps", lambda value, *rest: real(Bomb(run, "bang")))
    write(tmp_path, [segment(1)])
    RAN.clear()
    assert [entry.size for entry in toc.read(tmp_path).segments] == [1]
    assert RAN == []
