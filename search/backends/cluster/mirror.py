"""All of an index on a cluster, kept here for what looks at the whole of it, and kept in step.

What was fetched stays in the cache folder. When it is wanted again, the cluster says of each file
with which commit it came; only files that are new or changed since are fetched. All that is kept is
checked when it is opened, and fetched again where it came to harm, so that no answer ever fails for
it. No file is written twice: another process may be reading it.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from chabao.indexer import sealed
from chabao.indexer.cluster.errors import NoCopy
from chabao.indexer.cluster.mapping import COMMIT, RECORD, WORDS
from chabao.indexer.codecs import builder
from chabao.indexer.codecs.container import FORMAT, Seal
from chabao.indexer.codecs.segment import Segment, seals
from chabao.indexer.codecs.toc import NAME, SEGMENT, SUFFIXES, Entry
from chabao.indexer.errors import DamagedIndex, IndexBusy, OldIndex
from chabao.search.backends.cluster.gathering import Item, gathered, record_of, words_of
from chabao.search.backends.cluster.snapshot import Snapshot
from chabao.search.backends.cluster.structure import ALL
from chabao.search.backends.evaluation import encoded

RUN = 2_000_000
"""Characters of a segment as it is fetched."""
FANOUT = 16
"""So many segments are made one."""
PATIENCE = 600.0
"""Seconds to wait while another process keeps it in step."""
STATE = "state.json"
SCARCE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Where a file cannot be opened for these, it did not come to harm."""
Source = tuple[int, int]
"""The commit with which a file came, and how many items it has."""


@dataclass(frozen=True, slots=True)
class State:
    """What is kept: of which index, which files, in which segments."""

    index: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    segments: tuple[Entry, ...] = ()


def mirrored(snapshot: Snapshot) -> tuple[Segment, ...]:
    """The segments of all items, as the snapshot has them. Raises NoCopy, IndexBusy,
    and what it raises."""
    folder = folder_of(str(snapshot.location))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=PATIENCE):
            return _current(folder, snapshot)
    except Timeout as error:  # it may be asleep
        raise IndexBusy(path=folder, seconds=round(PATIENCE)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoCopy(path=snapshot.location, folder=folder, reason=reason) from error
    except DamagedIndex as error:  # what was written just now, or too little memory
        path = folder / str(error.values["path"])
        raise NoCopy(path=snapshot.location, folder=path, reason=error.values["reason"]) from error


def folder_of(location: str) -> Path:
    """Where an index is kept."""
    import platformdirs

    digest = hashlib.blake2b(location.encode(), digest_size=12).hexdigest()
    return platformdirs.user_cache_path("chabao", appauthor=False) / "clusters" / digest


def _current(folder: Path, snapshot: Snapshot) -> tuple[Segment, ...]:
    sources = _sources(snapshot)
    identity = snapshot.identity
    state = _read(folder, identity)
    try:
        segments = _opened(folder, state)
    except (DamagedIndex, OldIndex) as error:
        if getattr(error.__cause__, "errno", None) in SCARCE:
            raise
        state, segments = State(identity), ()
    if state.sources == sources:
        return segments
    return _opened(folder, _renewed(folder, state, segments, snapshot, sources))


def _sources(snapshot: Snapshot) -> dict[str, Source]:
    source = [{"source": {"terms": {"field": "source"}}}]
    newest = {"newest": {"max": {"field": COMMIT}}}
    return {
        each["key"]["source"]: (int(each["newest"]["value"]), each["doc_count"])
        for each in snapshot.buckets(ALL, source, newest)
    }


def _read(folder: Path, index: str) -> State:
    """What is there; nothing, where it is of another index or cannot be read."""
    try:
        said = sealed.read(folder / STATE)
        sources = {name: (int(a), int(b)) for name, (a, b) in said["sources"].items()}
        segments = tuple(_entry(*each) for each in said["segments"])
        if (said["index"], said["format"]) == (index, FORMAT):
            return State(index, sources, segments)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return State(index)


def _entry(name: str, size: int, deleted: list[int], seals: Mapping[str, Any]) -> Entry:
    if not SEGMENT.fullmatch(name):
        raise ValueError(name)
    return Entry(name, size, frozenset(deleted), {each: Seal(*seals[each]) for each in SUFFIXES})


def _opened(folder: Path, state: State) -> tuple[Segment, ...]:
    """The segments, all of each checked. Raises DamagedIndex, OldIndex."""
    segments = tuple(Segment.named(folder, entry) for entry in state.segments)
    for file in chain.from_iterable(segment.files for segment in segments):
        file.check_all()
    return segments


def _renewed(
    folder: Path, state: State, segments: Iterable[Segment], snapshot: Snapshot,
    sources: Mapping[str, Source],
) -> State:  # fmt: skip
    """Fetches what is new, takes out what is gone, and writes down what there is now."""
    fresh = [name for name, found in sources.items() if state.sources.get(name) != found]
    gone = [name for name, found in state.sources.items() if sources.get(name) != found]
    if 2 * len(fresh) > len(sources):
        state, segments, fresh, gone = State(state.index), (), list(sources), []
    _tidy(folder, state)
    try:
        entries = [
            replace(entry, deleted=segment.deleted | _of(segment, gone))
            for entry, segment in zip(state.segments, segments, strict=True)
        ]
        hits = snapshot.files({name: sources[name][1] for name in fresh}, [RECORD, WORDS])
        entries += (_fetched(folder, run) for run in _runs(hits))
        if len(entries) >= FANOUT:
            entries = [_joined(folder, entries)]
        state = _written(folder, State(state.index, sources, tuple(entries)))
    finally:
        _tidy(folder, state)
    return state


def _fetched(folder: Path, items: Iterable[Item]) -> Entry:
    from chabao.indexer.codecs.durable import settle

    name = _name()
    size = gathered(folder, name, items).size
    for suffix in SUFFIXES:
        settle(folder / (name + suffix))
    return Entry(name, size, frozenset(), seals(folder, name))


def _joined(folder: Path, entries: Iterable[Entry]) -> Entry:
    name = _name()
    size = builder.join(folder, name, [Segment.named(folder, entry) for entry in entries])
    return Entry(name, size, frozenset(), seals(folder, name))


def _name() -> str:
    """One that was never given: what another process reads must not be written to."""
    return f"{NAME}_{secrets.token_hex(8)}"


def _of(segment: Segment, sources: Iterable[str]) -> set[int]:
    """The documents that are of one of the files."""
    postings = (segment.terms("source").get(encoded(source)) for source in sources)
    return set(chain.from_iterable(posting.unpack() for posting in postings if posting))


def _runs(hits: Iterable[Mapping[str, Any]]) -> Iterator[list[Item]]:
    run: list[Item] = []
    size = 0
    for hit in hits:
        record = record_of(hit)
        run.append((record, words_of(hit)))
        size += len(record["text"])
        if size >= RUN:
            yield run
            run, size = [], 0
    if run:
        yield run


def _written(folder: Path, state: State) -> State:
    """The state, under its name once all that it speaks of is on the disk."""
    from chabao.indexer.codecs.durable import settle_folder

    settle_folder(folder)
    said = {
        "index": state.index,
        "format": FORMAT,
        "sources": state.sources,
        "segments": [
            [each.name, each.size, sorted(each.deleted), dict(each.seals)]
            for each in state.segments
        ],
    }
    sealed.write(folder / STATE, said)
    return state


def _tidy(folder: Path, state: State) -> None:
    """Removes segments of which a state does not speak."""
    kept = {entry.name + suffix for entry in state.segments for suffix in SUFFIXES}
    for path in folder.iterdir():
        if path.suffix in SUFFIXES and path.name not in kept:
            with suppress(OSError):  # Windows keeps what another process reads
                path.unlink()
