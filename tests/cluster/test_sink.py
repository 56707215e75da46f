"""However an index on a cluster came to be, whoever was killed meanwhile, it is the index of the
files that are there; and whoever reads it sees whole commits."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer import sinks, stock, update
from chabao.indexer.build import build, remove
from chabao.indexer.cluster import bulk, lease, making, state, stored
from chabao.indexer.cluster.connection import connect
from chabao.indexer.cluster.errors import NotTaken
from chabao.indexer.cluster.location import Location
from chabao.indexer.copying import copy
from chabao.indexer.errors import DamagedIndex, IndexBusy, MissingIndex, OldIndex
from chabao.indexer.manifest import Manifest
from chabao.indexer.sinks import opensearch_
from chabao.indexer.sinks.opensearch_ import ClusterSink
from chabao.indexer.status import status
from chabao.tests.cluster.nodes import Cluster

CORPUS = sorted((Path(__file__).resolve().parents[2] / "corpus").glob("*.txt"))
TIMEOUT = 120


@pytest.fixture
def place(cluster: Cluster, name: str, monkeypatch: pytest.MonkeyPatch) -> Location:
    monkeypatch.setattr(opensearch_, "LINGER", 0.0)
    monkeypatch.setattr(lease, "LOOK", (0.02, 0.2))
    return Location(tuple(("127.0.0.1", node.http) for node in cluster.nodes), name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    for path in CORPUS:
        shutil.copy(path, made)
    return made


def held(place: Path | Location) -> Any:
    """Everything that an index tells: its records by source, and what it says of itself."""
    with stock.opened(place) as opened:
        known = opened.known
        parts = sorted(part.source for entry in known.files.values() for part in entry.indexed)
        records = dict(opened.records(parts))
        assert sum(map(len, records.values())) == opened.items
        return records, known.files.keys(), known.refused


def seen(place: Location) -> int:
    """Items as anybody sees them who asks for the name."""
    with closing(connect(place)) as client:
        return int(client.count(index=place.name)["count"])


def bulletin(random: Random) -> str:
    lines = random.choice(CORPUS).read_text(encoding="utf-8-sig").splitlines()
    start = random.randrange(len(lines))
    number = random.randint(1, 99)
    body = lines[start : start + random.randint(3, 25)]
    return "\n".join(["窗口工作周报", f"2023年第{number}期", "", *body, f"收尾{number}。"]) + "\n"


def change(folder: Path, random: Random) -> None:
    files = sorted(folder.rglob("*.txt"))
    target = folder / random.choice(["甲", "乙/丙"]) / f"{random.randrange(12)}.txt"
    target.parent.mkdir(parents=True, exist_ok=True)
    match random.choice(["add", "add", "change", "move", "delete", "copy"]):
        case "change" if files:
            random.choice(files).write_text(bulletin(random), encoding="utf-8")
        case "move" if files:
            random.choice(files).replace(target)
        case "delete" if files:
            random.choice(files).unlink()
        case "copy" if files and random.choice(files) != target:
            target.write_bytes(random.choice(files).read_bytes())
        case _:
            target.write_text(bulletin(random), encoding="utf-8")


def test_it_holds_what_a_local_index_holds(place: Location, folder: Path, tmp_path: Path) -> None:
    report = build([folder], place)
    assert report == build([folder], tmp_path / "here")
    assert held(place) == held(tmp_path / "here")
    assert seen(place) == report.items == 78
    said = status(place)
    # OpenSearch says what a store takes as it was some seconds ago
    assert said.fresh and said.size.items == 78 and said.size.bytes > 0
    number = sinks.stamp(place)
    assert build([folder], place).unchanged == 5
    assert sinks.stamp(place) == number


@pytest.mark.parametrize("seed", range(2))
def test_a_grown_index_is_a_fresh_one(
    place: Location, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    folder, here = tmp_path / "files", tmp_path / "here"
    folder.mkdir()
    monkeypatch.setattr(stored, "PAGE", 7)
    monkeypatch.setattr(stored, "SOURCES", 3)
    if seed:  # a commit after each file
        monkeypatch.setattr(update, "STEP", -1.0)
        monkeypatch.setattr(update, "RARELY", 0)
    for _ in range(5):
        for _ in range(random.randint(1, 4)):
            change(folder, random)
        report = build([folder], place)
        assert seen(place) == report.items
        shutil.rmtree(here, ignore_errors=True)
        build([folder], here)
        assert held(place) == held(here)
    build([folder], place, rebuild=True)
    assert held(place) == held(here)
    remove(folder, place)
    assert (seen(place), held(place)[0]) == (0, {})


KILLED = """
import os, signal, sys
from pathlib import Path
from chabao.indexer import update
from chabao.indexer.build import build
from chabao.indexer.cluster import bulk, location, state
from chabao.indexer.sinks import opensearch_

left = {left}
def countdown(real):
    def counted(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*arguments, **named)
        return done
    return counted

opensearch_.CHUNK = 1000
update.STEP, update.RARELY = -1.0, 0
bulk.Bulk.deliver = countdown(bulk.Bulk.deliver)
state.keep = countdown(state.keep)
state.replaced = countdown(state.replaced)
state.drop = countdown(state.drop)
build([Path({folder!r})], location.parse({place!r}), rebuild={rebuild})
"""


@pytest.mark.parametrize(("left", "rebuild"), [(3, False), (9, False), (14, False), (12, True)])
def test_a_killed_writer_leaves_a_whole_commit(
    place: Location, folder: Path, tmp_path: Path, left: int, rebuild: bool
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    for path in CORPUS[:2]:
        shutil.copy(path, small)
    first = build([small], place)
    for path in CORPUS[2:]:
        shutil.copy(path, small)
    changed = small / CORPUS[0].name
    changed.write_text(changed.read_text(encoding="utf-8") + "\n新的一句。\n", encoding="utf-8")
    code = KILLED.format(left=left, folder=str(small), place=str(place), rebuild=rebuild)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TIMEOUT)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    with closing(connect(place)) as client:  # as a copy that recovers does at any time
        client.indices.refresh(index=f"{place.name}~*")
    known = sinks.known(place)
    assert seen(place) == sum(entry.items for entry in known.files.values())
    assert seen(place) == first.items if rebuild else seen(place) >= first.items
    assert len(held(place)[0]) == len(known.files)
    build([small], tmp_path / "here")
    build([small], place)
    assert held(place) == held(tmp_path / "here")
    with closing(connect(place)) as client:  # nothing of the killed one is left
        left_over = set(client.indices.get(index=f"{place.name}~*"))
        said = state.committed(client, place)
        assert left_over == {said.index, state.beside(place)}
        interval = client.indices.get_settings(index=said.index)
        assert "refresh_interval" not in interval[said.index]["settings"]["index"]


def test_a_new_index_is_laid_out_as_was_said(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def layout() -> dict[str, str]:
        with closing(connect(place)) as client:
            index = state.committed(client, place).index
            said = client.indices.get_settings(index=index)[index]["settings"]["index"]
            return {name: said[f"number_of_{name}"] for name in ("shards", "replicas")}

    build([folder], place)
    assert layout() == {"shards": "3", "replicas": "1"}
    before = held(place)
    monkeypatch.setenv("CHABAO_OPENSEARCH_SHARDS", "2")
    monkeypatch.setenv("CHABAO_OPENSEARCH_REPLICAS", "0")
    build([folder], place)
    assert layout() == {"shards": "3", "replicas": "1"}
    build([folder], place, rebuild=True)
    assert layout() == {"shards": "2", "replicas": "0"}
    assert held(place) == before


def test_of_clashing_writers_each_has_its_turn(place: Location, tmp_path: Path) -> None:
    folders = []
    for number in range(8):
        folders.append(tmp_path / f"of{number}")
        folders[-1].mkdir()
        text = bulletin(Random(number)).replace("期\n", f"期\n\n只在{number}。\n", 1)
        (folders[-1] / f"{number}.txt").write_text(text, encoding="utf-8")
    waited: list[int] = []
    with ThreadPoolExecutor(8) as writers:
        done = [
            writers.submit(build, [folder], place, waiting=lambda: waited.append(1), workers=1)
            for folder in folders
        ]
        reports = [each.result(TIMEOUT) for each in done]
    assert max(report.files for report in reports) == 8
    assert waited
    assert {Path(root) for root in sinks.known(place).roots.values()} == set(folders)
    build(folders, tmp_path / "here")
    sizes = [sum(map(len, held(each)[0].values())) for each in (place, tmp_path / "here")]
    assert [seen(place)] * 2 == sizes


def test_whoever_does_not_wait_is_told(place: Location) -> None:
    said: list[int] = []
    with ClusterSink(place), pytest.raises(IndexBusy):
        ClusterSink(place, patience=0.0, waiting=lambda: said.append(1))
    with ClusterSink(place, patience=0.0):
        pass


def test_a_writer_that_slept_commits_nothing(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], place)
    monkeypatch.setattr(lease, "LEASE", 0.3)
    monkeypatch.setattr(lease, "BEAT", 1000.0)
    records = next(iter(held(place)[0].values()))
    with ClusterSink(place) as slept:
        slept.add([record | {"source": "slept.txt"} for record in records])
        build([folder], place, rebuild=True)  # takes its place
        with pytest.raises(IndexBusy):
            slept.commit(Manifest())
    assert seen(place) == 78
    assert build([folder], place).unchanged == 5
    with ClusterSink(place) as slept:
        slept.add([record | {"source": "slept.txt"} for record in records])
        (folder / CORPUS[0].name).unlink()
        left = build([folder], place).items
        slept._send(making.lines)  # as where it sleeps between a look and a call
        slept._bulk.finish()
        with pytest.raises(IndexBusy):
            slept.commit(Manifest())
    with closing(connect(place)) as client:
        client.indices.refresh(index=place.name)
    assert seen(place) == left


class Reader(threading.Thread):
    """Counts again and again what is seen."""

    def __init__(self, place: Location) -> None:
        super().__init__(daemon=True)
        self.place, self.found, self.ended = place, list[object](), threading.Event()

    def run(self) -> None:
        with closing(connect(self.place)) as client:
            while not self.ended.is_set():
                try:
                    self.found.append(client.count(index=self.place.name)["count"])
                except Exception as error:
                    self.found.append(repr(error))


@pytest.fixture
def reader(place: Location) -> Iterator[Reader]:
    made = Reader(place)
    yield made
    made.ended.set()
    if made.is_alive():
        made.join(TIMEOUT)


def test_readers_see_the_old_one_till_the_new_one_is_whole(
    place: Location, folder: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "STEP", -1.0)
    monkeypatch.setattr(update, "RARELY", 0)
    build([folder], place)
    before = seen(place)
    reader.start()
    (folder / CORPUS[4].name).unlink()
    after = build([folder], place, rebuild=True).items
    reader.ended.set()
    reader.join(TIMEOUT)
    assert set(reader.found) <= {before, after}
    assert reader.found[0] == before != after == seen(place)


def test_a_rebuild_that_fails_leaves_the_old_one(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], place)
    before = held(place)
    with monkeypatch.context() as patch:
        patch.setattr(state, "keep", refuse)
        with pytest.raises(ZeroDivisionError):
            build([folder], place, rebuild=True)
    assert (held(place), seen(place)) == (before, 78)
    build([folder], place)
    with closing(connect(place)) as client:
        assert len(client.indices.get(index=f"{place.name}~*")) == 2


def refuse(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_what_is_refused_is_named_and_nothing_is_seen(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], place)
    first, *rest = next(iter(held(place)[0].values()))
    with ClusterSink(place) as sink, pytest.raises(NotTaken) as raised:
        sink.add([first | {"line": 1 << 40, "source": "bad.txt"}, *rest])
        sink.commit(Manifest())
    assert len(raised.value.failures) == 1
    assert raised.value.failures[0].document.startswith(first["id"])
    assert "line" in raised.value.failures[0].reason
    assert seen(place) == 78


def test_what_is_lost_on_the_way_is_missed(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = bulk.Bulk._once

    def losing(self: bulk.Bulk, index: str, lines: Any) -> Any:
        return once(self, index, lines[1:])

    with monkeypatch.context() as patch:
        patch.setattr(bulk.Bulk, "_once", losing)
        with pytest.raises(DamagedIndex, match=r"7\d of 78"):
            build([folder], place)
    with pytest.raises(MissingIndex):
        sinks.known(place)
    assert build([folder], place).items == seen(place) == 78


def test_what_somebody_else_removed_is_missed(place: Location, folder: Path) -> None:
    build([folder], place)
    with closing(connect(place)) as client:
        one = {"query": {"match_all": {}}, "max_docs": 1}
        client.delete_by_query(index=place.name, body=one, params={"refresh": "true"})
    with pytest.raises(DamagedIndex, match="77 of 78"):
        build([folder], place)
    assert build([folder], place, rebuild=True).items == seen(place) == 78


def test_another_mapping_is_made_anew_only_when_told(
    place: Location, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], place)
    with monkeypatch.context() as patch:
        patch.setattr("chabao.indexer.cluster.mapping.VERSION", 99)
        with pytest.raises(OldIndex):
            build([folder], place)
        with pytest.raises(OldIndex):
            status(place)
        assert build([folder], place, rebuild=True).items == 78


def test_names_that_are_not_in_utf8_are_told_apart(place: Location, folder: Path) -> None:
    build([folder], place)
    records = next(iter(held(place)[0].values()))
    names = ["a\udce4.txt", "a\udce5.txt"]
    with ClusterSink(place) as sink:
        known = sink.known()
        for name in names:
            sink.add([record | {"source": name, "text": "半\ud83d字"} for record in records])
        sink.commit(known)
    with ClusterSink(place) as sink:
        assert sink.texts(names[0]) == ["半\ud83d字"] * len(records)
        sink.remove(names[0])
        sink.commit(known)
        assert sink.texts(names[0]) == [] != sink.texts(names[1])


def test_an_index_is_copied_there_and_back(
    place: Location, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, back = tmp_path / "here", tmp_path / "back"
    build([folder], here)
    with monkeypatch.context() as patch:  # a commit after each file, and an end after the third
        patch.setattr("chabao.indexer.copying.STEP", -1.0)
        patch.setattr("chabao.indexer.copying.FILES", 1)
        with pytest.raises(ZeroDivisionError):
            copy(here, place, progress=lambda at: at.done == 3 and 1 / 0)
    done = copy(here, place)
    assert (done.files, done.unchanged, done.items) == (3, 2, 78)
    assert held(place) == held(here)
    assert build([folder], place).unchanged == 5
    assert copy(place, back).items == 78
    assert held(back) == held(here)
    (folder / CORPUS[0].name).unlink()
    build([folder], here)
    done = copy(here, place)
    assert (done.files, done.unchanged, done.removed) == (0, 4, 1)
    assert held(place) == held(here)
    assert copy(here, place, rebuild=True).files == 4
    assert held(place) == held(here)
