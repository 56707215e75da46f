"""What an index on a cluster says of itself: which commit it is at, and which files are in it.

Beside the documents, which are in an index `NAME~N` that the alias NAME stands for, there is an
index `NAME~state`. It has one document that says what is committed and who is writing, replaced
only by who has read it as it is, and the manifest in pieces.

A document of the index belongs to the turn of a writer with which it came (`commit`), and perhaps
to one with which it went (`gone`). It is seen where the first is committed and the second is not.
So whole commits come to be seen at once, whatever was sent before and whoever was killed meanwhile;
the alias has that as its filter.
"""

from __future__ import annotations

import base64
import time
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from chabao.indexer import manifest as manifests
from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import asking, connect, known
from chabao.indexer.cluster.errors import Overwhelmed
from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import DamagedIndex, MissingIndex, OldIndex
from chabao.indexer.manifest import Manifest

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

BESIDE = "~"
"""Stands in no name that a user gives."""
ID = "state"
PIECE = 1 << 20
"""Bytes of a piece of the manifest, compressed."""
NEAR = {"preference": "_local"}
"""Of the node that was asked, where it has a copy: another may hang."""
ATTEMPTS = 5
PAUSE = 0.1
"""How often, and after how many seconds, the state is read again whose manifest was replaced."""


@dataclass(frozen=True, slots=True)
class State:
    """What is committed, and what is being written.

    `turn` is the number of the writing at hand or, where it is `commit`, of none; `dead` are those
    that ended without a commit. `index` has the documents, `items` of which are seen. The manifest
    has `pieces` under the number `noted`. `writer` says who writes, and nothing where nobody does.
    """

    commit: int = 0
    turn: int = 0
    dead: tuple[int, ...] = ()
    index: str = ""
    items: int = 0
    characters: int = 0
    written: str = ""
    noted: int = 0
    pieces: int = 0
    writer: Mapping[str, Any] = field(default_factory=dict)
    version: int = mapping.VERSION


@dataclass(frozen=True, slots=True)
class Held:
    """A state, and what tells whether it was replaced since: see OpenSearch on `if_seq_no`."""

    state: State
    number: int
    term: int


def beside(location: Location) -> str:
    """The index with the state and the manifest."""
    return f"{location.name}{BESIDE}state"


def visible(commit: int, dead: tuple[int, ...] = ()) -> dict[str, Any]:
    """The documents that are seen once a commit is made, as a filter."""
    ended = list(dead)
    return {
        "bool": {
            "filter": [{"range": {mapping.COMMIT: {"lte": commit}}}],
            "must_not": [
                {"terms": {mapping.COMMIT: ended}},
                {
                    "bool": {
                        "filter": [{"range": {mapping.GONE: {"lte": commit}}}],
                        "must_not": [{"terms": {mapping.GONE: ended}}],
                    }
                },
            ],
        }
    }


def held(client: OpenSearch, location: Location) -> Held | None:
    """The state as it is now; None where there is none."""
    found = client.get(index=beside(location), id=ID, params=NEAR, ignore=[404])
    if "_source" not in found:
        return None
    said = found["_source"]
    values = {each.name: said[each.name] for each in fields(State) if each.name in said}
    state = State(**values | {"dead": tuple(said["dead"])})
    return Held(state, found["_seq_no"], found["_primary_term"])


def replaced(client: OpenSearch, location: Location, before: Held | None, state: State) -> Held:
    """Puts a state in the place of one. Raises opensearchpy's ConflictError where it is not there
    any more, or there is one already where there was none."""
    unchanged: dict[str, Any] = {"op_type": "create"}
    if before is not None:
        unchanged = {"if_seq_no": before.number, "if_primary_term": before.term}
    done = client.index(index=beside(location), id=ID, body=asdict(state), params=unchanged)
    return Held(state, done["_seq_no"], done["_primary_term"])


def committed(client: OpenSearch, location: Location) -> State:
    """The state of an index that has a commit. Raises MissingIndex, OldIndex and what
    `connection.asking` raises."""
    with asking(location):
        found = held(client, location)
    if found is None or not found.state.index:
        raise MissingIndex(path=location)
    if found.state.version != mapping.VERSION:
        raise OldIndex(path=location, found=found.state.version, expected=mapping.VERSION)
    return found.state


def commit(location: Location) -> int:
    """A number that rises with every commit, and with every change of the manifest."""
    with closing(connect(location)) as client:
        known(client, location)
        return committed(client, location).noted


def manifest(location: Location) -> Manifest:
    """What an index says of itself."""
    with closing(connect(location)) as client:
        known(client, location)
        return whole(client, location)[1]


def whole(client: OpenSearch, location: Location) -> tuple[State, Manifest]:
    """The state of an index, and the manifest that belongs to it."""
    for _ in range(ATTEMPTS):
        said = committed(client, location)
        found = read(client, location, said)
        if found is not None:
            return said, found
        time.sleep(PAUSE)
    raise DamagedIndex(path=beside(location), reason="the manifest is missing")


def read(client: OpenSearch, location: Location, state: State) -> Manifest | None:
    """The manifest of a state; None where it is not there, or no longer."""
    data = b""
    for at in range(state.pieces):
        with asking(location):
            piece = f"{state.noted}-{at}"
            found = client.get(index=beside(location), id=piece, params=NEAR, ignore=[404])
        if "_source" not in found:
            return None
        data += base64.b64decode(found["_source"]["data"])
    try:
        return manifests.loaded(zlib.decompress(data)) if data else Manifest()
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(path=beside(location), reason=type(error).__name__) from error


def keep(client: OpenSearch, location: Location, number: int, known: Manifest) -> int:
    """Writes a manifest under a number; returns in how many pieces."""
    data = zlib.compress(manifests.dumped(known))
    pieces = range(0, len(data), PIECE)
    for at, start in enumerate(pieces):
        said = base64.b64encode(data[start : start + PIECE]).decode("ascii")
        with asking(location):
            client.index(index=beside(location), id=f"{number}-{at}", body={"data": said})
    return len(pieces)


def drop(client: OpenSearch, location: Location, state: State) -> None:
    """Removes the manifest of a state that was replaced."""
    for at in count():
        with asking(location):
            client.delete(index=beside(location), id=f"{state.noted}-{at}", ignore=[404])
        if at + 1 >= state.pieces:
            return


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def weighed(location: Location) -> tuple[int, State]:
    """The bytes of an index on disks, without the copies that the cluster keeps, and its state."""
    with closing(connect(location)) as client:
        known(client, location)
        said = committed(client, location)
        with asking(location):
            found = client.indices.stats(index=said.index, metric="store")
    sizes = found["_all"]["primaries"].get("store")
    if sizes is None or found["_shards"]["failed"]:
        raise Overwhelmed(path=location, reason="not every shard has answered")
    return int(sizes["size_in_bytes"]), said
