"""The copy of an index on a cluster: whatever becomes of its files, it is right or made again."""

from __future__ import annotations

import errno
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import damage
from benchmarks.faults.answers import plain
from benchmarks.faults.damage import World
from chabao.indexer import sealed
from chabao.indexer.bundled import bundled_index
from chabao.indexer.cluster.errors import NoCopy
from chabao.indexer.cluster.location import Location
from chabao.indexer.cluster.mapping import RECORD, WORDS
from chabao.indexer.codecs import container, durable, toc
from chabao.indexer.codecs.container import Reader, Writer
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.errors import IndexBusy
from chabao.indexer.fields import Record
from chabao.search import engine
from chabao.search.backends.cluster import mirror
from chabao.search.backends.cluster.index import ClusterIndex
from chabao.search.backends.cluster.view import View
from chabao.search.backends.whoosh_ import Index
from chabao.search.ranking import Statistics

SEED = random.SystemRandom().randrange(1 << 32)
PLACE = Location((("127.0.0.1", 9200),), "x")
ITEMS = 5
"""Items of a file."""
Cluster = dict[str, tuple[int, list[Record]]]
"""What is there: files by name, each with its commit and its items."""


class Snapshot:
    """Answers what a mirror asks of a cluster, from memory."""

    def __init__(self, there: Cluster, identity: str = "one") -> None:
        self.location, self.identity, self.there = PLACE, identity, there
        self.moment = 0
        self.fetched: list[str] = []

    def buckets(self, query: Any, sources: Any, inner: Any) -> Iterator[Any]:
        for name, (commit, records) in self.there.items():
            yield {"key": {"source": name}, "newest": {"value": float(commit)},
                   "doc_count": len(records)}  # fmt: skip

    def files(self, counts: Mapping[str, int], source: Any) -> Iterator[Any]:
        for name in sorted(counts):
            self.fetched.append(name)
            for record in self.there[name][1]:
                words = "\n".join(record["text"][at : at + 2] for at in range(0, 8, 2))
                yield {"_source": {RECORD: dict(record), WORDS: words}}

    def close(self) -> None:
        pass


class Copy(Index):
    """Segments that are asked as an index is."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.path, self.generation, self.segments = Path(), 0, tuple(segments)
        self._kernels, self._statistics = {}, None


def asked(segments: Sequence[Segment]) -> list[Any]:
    """What has to be right: every item, and what is found among them; in any order of segments."""
    index = Copy(segments)
    items = sorted(
        json.dumps(record, ensure_ascii=False, sort_keys=True) for record in index.records()
    )
    counts = sorted(index.counted("source").items())
    found = engine.search(index, "服务", limit=None, sort=engine.Sort.DATE, snippets=1)
    hits = sorted((hit.item["source"], hit.item["line"], hit.mentions) for hit in found.hits)
    return [items, counts, plain(index.statistics), found.total, found.mentions, hits]


@pytest.fixture(scope="module")
def there() -> Cluster:
    with engine.open_index(bundled_index()) as index:
        return {found[0]["source"]: (1, found[:ITEMS]) for found in index.files()}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory, where there is one: what is settled is not waited for there."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as found:
        yield Path(found)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Several segments of several blocks, in a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    monkeypatch.setattr(mirror, "RUN", 1_000)
    monkeypatch.setattr(container, "BLOCK_BITS", 8)
    monkeypatch.setattr(container, "BLOCK", 256)


def folder() -> Path:
    return mirror.folder_of(str(PLACE))


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder().iterdir() if path.name != "lock"}


def changed(there: Cluster, name: str, text: str = "新增服务。") -> Cluster:
    commit, records = there[name]
    new = [record | {"text": record["text"] + text} for record in records]
    return there | {name: (commit + 1, new)}


def right(there: Cluster, place: Path) -> list[Any]:
    """What is asked of a copy that is made in another place and never harmed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "unharmed"))
        return asked(mirror.mirrored(Snapshot(there, "unharmed")))


def test_nobody_waits_for_ever(there: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps it in step may have been put to sleep meanwhile."""
    folder().mkdir(parents=True)
    monkeypatch.setattr(mirror, "PATIENCE", 0.1)
    with FileLock(folder() / "lock"), pytest.raises(IndexBusy):
        mirror.mirrored(Snapshot(there))
    assert mirror.mirrored(Snapshot(there))


def test_what_was_fetched_is_not_fetched_again(there: Cluster, place: Path) -> None:
    first = mirror.mirrored(Snapshot(there))
    assert len(first) > 3
    assert asked(first) == right(there, place)
    again = Snapshot(there)
    assert asked(mirror.mirrored(again)) == right(there, place)
    assert not again.fetched
    name = min(there)
    newer = Snapshot(changed(there, name))
    assert asked(mirror.mirrored(newer)) == right(newer.there, place)
    assert newer.fetched == [name]
    fewer = Snapshot({each: found for each, found in there.items() if each != name})
    assert asked(mirror.mirrored(fewer)) == right(fewer.there, place)
    assert not fewer.fetched
    empty = Snapshot({})
    assert asked(mirror.mirrored(empty))[0] == []


def test_many_segments_are_made_one(
    there: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "FANOUT", 3)
    name = min(there)
    assert len(mirror.mirrored(Snapshot(there))) == 1
    for _ in range(3):
        there = changed(there, name)
        segments = mirror.mirrored(Snapshot(there))
    assert asked(segments) == right(there, place)
    assert len(files()) == 2 * len(segments) + 1


@pytest.mark.parametrize("suffixes", [(".chr",), (".chp",), (".chr", ".chp")])
def test_exchanged_files_are_told_apart(
    there: Cluster, place: Path, suffixes: tuple[str, ...]
) -> None:
    one, two = (segment.path for segment in mirror.mirrored(Snapshot(there))[:2])
    for suffix in suffixes:
        kept = one.with_suffix(suffix).read_bytes()
        two.with_suffix(suffix).replace(one.with_suffix(suffix))
        two.with_suffix(suffix).write_bytes(kept)
    assert asked(mirror.mirrored(Snapshot(there))) == right(there, place)


@pytest.mark.parametrize("change", [False, True], ids=["as it was", "with a changed file"])
def test_damage_deep_in_a_file_is_mended(there: Cluster, place: Path, change: bool) -> None:
    path = mirror.mirrored(Snapshot(there))[0].path
    reader = Reader(path)
    at = sum(reader.span("source terms")) // 2
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.unlink()
    path.write_bytes(data)
    there = changed(there, min(there)) if change else there
    assert asked(mirror.mirrored(Snapshot(there))) == right(there, place)
    again = Snapshot(there)
    mirror.mirrored(again)
    assert not again.fetched


def test_a_question_to_an_index_mends_it(
    there: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chabao.search.backends.cluster.index.Snapshot", lambda _: Snapshot(there))
    with engine.open_index(PLACE) as index:
        assert isinstance(index, ClusterIndex)
        path = index.segments[-1].path.with_suffix(".chr")
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:300] + b"\0" + data[301:])
    with engine.open_index(PLACE) as index:
        assert asked(index.segments) == right(there, place)


ANEW: dict[str, Callable[[], Any]] = {
    "rebuilt": lambda: "two",
    "no state": lambda: (folder() / mirror.STATE).unlink(),
    "damaged state": lambda: (folder() / mirror.STATE).write_bytes(b"{}"),
    "state of another form": lambda: sealed.write(folder() / mirror.STATE, {"made": 1}),
}


@pytest.mark.parametrize("why", ANEW)
def test_what_is_open_keeps_answering(there: Cluster, place: Path, why: str) -> None:
    """Files that another process may have mapped are never written to."""
    first = mirror.mirrored(Snapshot(there))
    links = place / "links"
    links.mkdir()
    for name, data in files().items():
        os.link(folder() / name, links / name)
        assert data
    before = {path.name: path.read_bytes() for path in links.iterdir()}
    identity = ANEW[why]() or "one"
    other = {name: (1, records[:2]) for name, (_, records) in there.items()}
    second = mirror.mirrored(Snapshot(other, identity))
    assert not {each.path for each in first} & {each.path for each in second}
    segments = {name for name in before if name != mirror.STATE}
    assert {name: (links / name).read_bytes() for name in segments} == {
        name: before[name] for name in segments
    }
    assert asked(first) == right(there, place)
    assert asked(second) == right(other, place)
    assert {path.stem for path in folder().glob("*.ch?")} == {each.path.stem for each in second}


def test_files_are_never_written_over(there: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * size)
    with pytest.raises(NoCopy):
        mirror.mirrored(Snapshot(there))


def test_all_is_on_the_disk_before_it_is_spoken_of(
    there: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    settle, settle_folder, write = durable.settle, durable.settle_folder, sealed.write

    def settled(path: Path) -> None:
        done.append(path.name)
        settle(path)

    def settled_folder(path: Path) -> None:
        done.append("folder")
        settle_folder(path)

    def written(path: Path, said: Any) -> None:
        done.append(path.name)
        write(path, said)

    monkeypatch.setattr(durable, "settle", settled)
    monkeypatch.setattr(durable, "settle_folder", settled_folder)
    monkeypatch.setattr(sealed, "write", written)
    segments = mirror.mirrored(Snapshot(there))
    names = {each.path.with_suffix(suffix).name for each in segments for suffix in toc.SUFFIXES}
    assert done[-2:] == ["folder", mirror.STATE]
    assert sorted(done[:-2]) == sorted(names)


@pytest.mark.parametrize("writes", [0, 1, 5, 20, 60])
def test_a_full_disk_is_said_and_leaves_nothing(
    there: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    mirror.mirrored(Snapshot(there))
    before = files()
    newer = changed(changed(there, min(there)), max(there))
    put, left = Writer._put, [writes]

    def full(self: Writer, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_put", full)
        with pytest.raises(NoCopy, match="No space left") as found:
            mirror.mirrored(Snapshot(newer))
    assert str(folder()) in str(found.value)
    assert files() == before
    assert asked(mirror.mirrored(Snapshot(newer))) == right(newer, place)


def test_a_full_disk_for_what_was_found_is_said(
    there: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What writes to a full disk does not say where it was; the program says so of an error."""

    def full(self: Writer, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Writer, "_put", full)
    hits = Snapshot(there).files({min(there): ITEMS}, [RECORD])
    with pytest.raises(OSError, match="No space left") as found:
        View(PLACE, hits, Statistics(1, {}), {})
    assert Path(found.value.filename).parent == Path(tempfile.gettempdir())


def test_a_folder_that_cannot_be_written_is_said(there: Cluster, place: Path) -> None:
    (place / "cache").write_text("no folder")
    with pytest.raises(NoCopy, match="cannot keep a copy of opensearch://") as found:
        mirror.mirrored(Snapshot(there))
    assert "repair" not in found.value.hint


def test_a_disk_that_gives_back_something_else_is_said(
    there: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched once: it is not asked for again and again."""
    settle = durable.settle

    def spoilt(path: Path) -> None:
        settle(path)
        data = bytearray(path.read_bytes())
        data[100] ^= 1
        path.write_bytes(data)

    monkeypatch.setattr(durable, "settle", spoilt)
    snapshot = Snapshot(there)
    with pytest.raises(NoCopy):
        mirror.mirrored(snapshot)
    assert Counter(snapshot.fetched) == dict.fromkeys(there, 1)


def trial(chance: random.Random, world: World, there: Cluster, wanted: list[Any]) -> str:
    """What went wrong after one harm, or nothing."""
    how, harmed = damage.harmed(chance, world)
    damage.lay(world, harmed)
    said = f"{how} {sorted(harmed)}"
    if asked(mirror.mirrored(Snapshot(there))) != wanted:
        return f"{said}: answered wrongly"
    again = Snapshot(there)
    if asked(mirror.mirrored(again)) != wanted or again.fetched:
        return f"{said}: not mended"
    state = sealed.read(folder() / mirror.STATE)
    if len(files()) != 2 * len(state["segments"]) + 1:
        return f"{said}: files that nothing speaks of"
    return ""


def trials(seed: int, times: int, there: Cluster, place: Path) -> list[str]:
    """An index with an earlier state and another beside it is harmed so often; what went wrong."""
    chance = random.Random(seed)
    mirror.mirrored(Snapshot({name: (1, records[:3]) for name, (_, records) in there.items()}))
    other = files()
    damage.restore(World(folder(), folder(), {}, {}, {}))
    mirror.mirrored(Snapshot(there))
    before = files()
    there = changed(there, min(there))
    wanted = asked(mirror.mirrored(Snapshot(there)))
    assert wanted == right(there, place)
    world = World(folder(), folder(), files(), before, other)
    assert any(gone for _name, _size, gone, _seals in
               sealed.read(folder() / mirror.STATE)["segments"])  # fmt: skip
    failures = []
    for number in range(times):
        try:
            wrong = trial(chance, world, there, wanted)
        except Exception as error:
            wrong = repr(error)
        failures += [f"seed {seed}, trial {number}: {wrong}"] if wrong else []
        damage.restore(world)
    return failures


def test_whatever_becomes_of_its_files_it_is_mended(there: Cluster, place: Path) -> None:
    print("seed", SEED)
    assert trials(SEED, 200, there, place) == []


def unchecked(reader: Reader, first: int, last: int) -> None:
    reader.checked[first:last] = b"\1" * (last - first)


def unnamed(cls: type[Segment], at: Path, entry: toc.Entry) -> Segment:
    return Segment(at / (entry.name + toc.POSTINGS), entry.deleted)


@pytest.mark.parametrize(
    ("what", "name", "faulty"),
    [(Reader, "check", unchecked), (Segment, "named", classmethod(unnamed))],
    ids=["blocks", "seals"],
)
def test_the_trial_finds_what_does_not_check(
    there: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch,
    what: type, name: str, faulty: Any,
) -> None:  # fmt: skip
    """The program made faulty by hand: it fails then."""
    monkeypatch.setattr(what, name, faulty)
    assert trials(5, 40, there, place)
