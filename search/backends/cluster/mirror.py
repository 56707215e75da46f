"""All of an index on a cluster, kept here for what looks at the whole of it, and kept in step.

What was fetched stays in the cache folder. When it is wanted again, the cluster says of each file
with which commit it came; only files that are new or changed since are fetched.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import FileLock

from chabao.indexer import sealed
from chabao.indexer.cluster.mapping import COMMIT, RECORD, WORDS
from chabao.indexer.codecs import builder
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.codecs.segment import POSTINGS, RECORDS, Segment
from chabao.indexer.errors import DamagedIndex, OldIndex
from chabao.search.backends.cluster.gathering import Item, gathered, record_of, words_of
from chabao.search.backends.cluster.snapshot import Snapshot
from chabao.search.backends.cluster.structure import ALL
from chabao.search.backends.evaluation import encoded

RUN = 2_000_000
"""Characters of a segment as it is fetched."""
FANOUT = 16
"""So many segments are made one."""
STATE = "state.json"
Source = tuple[int, int]
"""The commit with which a file came, and how many items it has."""


@dataclass(slots=True)
class State:
    """What is kept: of which index, which files, in which segments (name, deleted)."""

    index: str
    format: int = FORMAT
    sources: dict[str, Source] = field(default_factory=dict)
    segments: list[tuple[str, list[int]]] = field(default_factory=list)
    made: int = 0


def mirrored(snapshot: Snapshot) -> tuple[Segment, ...]:
    """The segments of all items, as the snapshot has them."""
    folder = _folder(str(snapshot.location))
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        sources = _sources(snapshot)
        state = _read(folder, snapshot.identity)
        if state.sources != sources:
            state = _renewed(folder, state, snapshot, sources)
        try:
            return _opened(folder, state)
        except (DamagedIndex, OldIndex):
            state = _renewed(folder, State(snapshot.identity), snapshot, sources)
            return _opened(folder, state)


def _folder(location: str) -> Path:
    import platformdirs

    digest = hashlib.blake2b(location.encode(), digest_size=12).hexdigest()
    return platformdirs.user_cache_path("chabao", appauthor=False) / "clusters" / digest


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
        said["sources"] = {name: (int(a), int(b)) for name, (a, b) in said["sources"].items()}
        said["segments"] = [(str(name), list(gone)) for name, gone in said["segments"]]
        state = State(**said)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return State(index)
    return state if (state.index, state.format) == (index, FORMAT) else State(index)


def _opened(folder: Path, state: State) -> tuple[Segment, ...]:
    return tuple(
        Segment(folder / (name + POSTINGS), frozenset(gone)) for name, gone in state.segments
    )


def _renewed(
    folder: Path, state: State, snapshot: Snapshot, sources: Mapping[str, Source]
) -> State:
    """Fetches what is new, takes out what is gone, and writes down what there is now."""
    fresh = [name for name, found in sources.items() if state.sources.get(name) != found]
    gone = [name for name, found in state.sources.items() if sources.get(name) != found]
    if 2 * len(fresh) > len(sources):
        state, fresh, gone = State(snapshot.identity, made=state.made), list(sources), []
    hits = snapshot.files({name: sources[name][1] for name in fresh}, [RECORD, WORDS])
    state.segments = [
        (segment.path.stem, sorted(segment.deleted | _of(segment, gone)))
        for segment in _opened(folder, state)
    ]
    for run in _runs(hits):
        state.made += 1
        state.segments.append((f"{state.made:06d}", []))
        gathered(folder, state.segments[-1][0], run)
    if len(state.segments) >= FANOUT:
        state.made += 1
        name = f"{state.made:06d}"
        builder.join(folder, name, list(_opened(folder, state)))
        state.segments = [(name, [])]
    state.sources = dict(sources)
    _write(folder, state)
    return state


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


def _write(folder: Path, state: State) -> None:
    """Under its name at once, then without what it does not speak of."""
    sealed.write(folder / STATE, {name: getattr(state, name) for name in State.__slots__})
    kept = {name + suffix for name, _ in state.segments for suffix in (POSTINGS, RECORDS)}
    for path in folder.iterdir():
        if path.suffix in (POSTINGS, RECORDS) and path.name not in kept:
            with suppress(OSError):  # Windows keeps what another process reads
                path.unlink()


def forget(location: str) -> None:
    """Removes what is kept of an index."""
    shutil.rmtree(_folder(location), ignore_errors=True)
