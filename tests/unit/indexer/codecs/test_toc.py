"""The table of contents is data: what Whoosh wrote is read, and nothing in it is run."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from random import Random
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import FORMAT, MAGIC, Seal
from chabao.indexer.codecs.durable import DurableStorage
from chabao.indexer.codecs.schema import schema
from chabao.indexer.codecs.whoosh_ import BulletinSegment, _write_toc
from chabao.indexer.errors import DamagedIndex, MissingIndex, OldIndex

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
    _write_toc(DurableStorage(str(folder)), segments, generation, "abc")
    return folder / f"_{toc.NAME}_{generation}.toc"


def sealed(said: Any, whoosh: bytes = b"") -> bytes:
    """A table with a right checksum, whatever it says."""
    data = whoosh + (said if isinstance(said, bytes) else json.dumps(said).encode())
    return data + toc.TRAILER.pack(len(whoosh), toc._check(data, len(whoosh)), FORMAT, MAGIC)


def segment(size: int, *deleted: int) -> BulletinSegment:
    made = BulletinSegment(toc.NAME)
    made.size, made.deleted = size, set(deleted)
    made.seals = {".chp": Seal(size, 7), ".chr": Seal(9, 1 << 31)}
    return made


def places(data: bytes) -> list[int]:
    """Every byte of the head and of what is read, and some of what Whoosh has pickled."""
    (whoosh, *_) = toc.TRAILER.unpack(data[-toc.TRAILER.size :])
    return [*range(40), *Random(3).sample(range(40, whoosh), 200), *range(whoosh, len(data))]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = [segment(7), segment(9, 0, 5)]
    write(tmp_path, written)
    found = toc.read(tmp_path)
    assert found.generation == toc.generation(tmp_path) == 3
    assert found.commit == toc.commit(tmp_path) == (3, "abc")
    assert [entry.name for entry in found.segments] == [each.segment_id() for each in written]
    assert [entry.size for entry in found.segments] == [7, 9]
    assert [entry.deleted for entry in found.segments] == [frozenset(), frozenset({0, 5})]
    assert [entry.seals for entry in found.segments] == [each.seals for each in written]
    assert [BulletinSegment.named(entry).entry() for entry in found.segments] == [*found.segments]


def test_whoosh_reads_it_too(tmp_path: Path) -> None:
    written = [segment(7), segment(9, 0, 5)]
    write(tmp_path, written)
    found = TOC.read(FileStorage(str(tmp_path)), toc.NAME)
    assert found.generation == 3
    assert [each.__dict__ for each in found.segments] == [each.__dict__ for each in written]


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


def test_truncation_at_every_length_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7), segment(9, 0, 5)])
    data = path.read_bytes()
    for size in places(data):
        path.write_bytes(data[:size])
        with pytest.raises((DamagedIndex, OldIndex)):
            toc.read(tmp_path)


def test_every_changed_byte_is_damage(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7), segment(9, 0, 5)])
    data, random = path.read_bytes(), Random(4)
    for at in places(data):
        path.write_bytes(data[:at] + bytes([data[at] ^ random.randint(1, 255)]) + data[at + 1 :])
        with pytest.raises((DamagedIndex, OldIndex)):
            toc.read(tmp_path)


def test_a_longer_one_and_one_of_another_commit_are_damage(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7)])
    data = path.read_bytes()
    path.write_bytes(data + b"\0")
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)
    path.unlink()
    (tmp_path / f"_{toc.NAME}_4.toc").write_bytes(data)
    with pytest.raises(DamagedIndex) as raised:
        toc.read(tmp_path)
    assert raised.value.values["path"] == f"_{toc.NAME}_4.toc"


def test_a_lost_table_is_damage_where_files_of_an_index_are_left(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(MissingIndex):
        toc.read(tmp_path)
    (tmp_path / "MAIN_0123456789abcdef.chp").write_bytes(b"")
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="no links, no pipes")
def test_what_is_no_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / f"_{toc.NAME}_3.toc"
    for make in (path.mkdir, lambda: path.symlink_to("nothing"), lambda: os.mkfifo(path),
                 lambda: path.symlink_to("/dev/zero")):  # fmt: skip
        make()
        with pytest.raises(DamagedIndex):
            toc.read(tmp_path)
        path.rmdir() if path.is_dir() else path.unlink()


def test_other_formats_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, [segment(7)])
    data = path.read_bytes()
    whoosh, check, number, magic = toc.TRAILER.unpack(data[-toc.TRAILER.size :])
    later = toc.TRAILER.pack(whoosh, check, number + 1, magic)
    # The first format was Whoosh's table and no more.
    for old, found in ((data[:whoosh], 1), (data[: -toc.TRAILER.size] + later, FORMAT + 1)):
        path.write_bytes(old)
        with pytest.raises(OldIndex) as raised:
            toc.read(tmp_path)
        assert raised.value.values["found"] == found


PAYLOADS = {
    "a function of ours": Bomb(run, "bang"),
    "eval": Bomb(eval, "1 + 1"),
    "in a list": [Bomb(run, "bang")],
    "in a set": {"size": 1, "deleted": {(Bomb(run, "bang"),)}},
    "a class of whoosh": schema(),
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_crafted_pickle_is_never_read(tmp_path: Path, payload: Any, protocol: int) -> None:
    path = write(tmp_path, [segment(7)])
    data = path.read_bytes()
    (whoosh, *_) = toc.TRAILER.unpack(data[-toc.TRAILER.size :])
    said = data[whoosh : -toc.TRAILER.size]
    RAN.clear()
    pickled = pickle.dumps(payload, protocol=protocol)
    path.write_bytes(sealed(said, pickled))
    assert [entry.size for entry in toc.read(tmp_path).segments] == [7]
    path.write_bytes(sealed(pickled))
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)
    assert RAN == []


GOOD = ["MAIN_a1", 7, [1], {".chp": [1, 2], ".chr": [3, 4]}]


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = write(tmp_path, [])
    path.write_bytes(sealed({"generation": 3, "index": "", "segments": [GOOD]}))
    (found,) = toc.read(tmp_path).segments
    assert found == toc.Entry("MAIN_a1", 7, frozenset({1}), {".chp": (1, 2), ".chr": (3, 4)})


@pytest.mark.parametrize(
    "said",
    [{"generation": 4, "index": "", "segments": [GOOD]},
     {"generation": 3, "index": "", "segments": [GOOD, GOOD]},
     {"generation": 3, "index": 5, "segments": [GOOD]}, {"generation": 3, "segments": [GOOD]},
     {"index": "", "segments": []}, {"generation": 3, "index": ""}, [], 5, None, "x", b"", b"\xff",
     b"[" * 100_000, {"generation": 3, "index": "", "segments": 5},
     {"generation": 3, "index": "", "segments": [[]]},
     *({"generation": 3, "index": "", "segments": [[*GOOD[:at], value, *GOOD[at + 1 :]]]}
       for at, value in [
         (0, "../../etc/x"), (0, "/tmp/MAIN_a1"), (0, "MAIN_"), (0, "MAIN_A"), (0, 5), (0, None),
         (0, "MAIN_" + "a" * 300), (1, "many"), (1, -1), (1, None), (1, 1.5), (1, True),
         (2, [-1]), (2, [7]), (2, ["x"]), (2, 7), (2, None), (2, [True]),
         (3, []), (3, None), (3, {".chp": [1]}), (3, {".chp": [1, 2, 3]}), (3, {".chp": 5}),
         (3, {".chp": [1, 2]}), (3, {".chp": [1, 2], ".chr": ["1", None]}),
     ])],
    ids=lambda said: str(said)[:60],
)  # fmt: skip
def test_an_impossible_table_is_damage(tmp_path: Path, said: Any) -> None:
    """Even one whose checksum is right."""
    path = write(tmp_path, [])
    path.write_bytes(sealed(said))
    with pytest.raises(DamagedIndex):
        toc.read(tmp_path)
