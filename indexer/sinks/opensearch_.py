"""Items into an index on a cluster: one writer at a time, each commit whole or not seen.

What is sent belongs to the turn at hand, and is seen by nobody before the state says that the turn
is committed (see `cluster.state`). Before it does, all is there: the documents are counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any

from chabao.indexer.cluster import making, mapping, state, stored, upkeep
from chabao.indexer.cluster.bulk import Bulk, Line
from chabao.indexer.cluster.connection import asking, chosen, connect, known
from chabao.indexer.cluster.errors import NotTaken
from chabao.indexer.cluster.lease import Lease
from chabao.indexer.cluster.location import Location
from chabao.indexer.codecs.cutter import cores
from chabao.indexer.errors import ChabaoError, DamagedIndex, OldIndex
from chabao.indexer.manifest import Manifest

PATIENCE = 600.0
"""Seconds that a writer waits for its turn."""
LINGER = 10.0
"""Seconds for which an index is kept that another has replaced: who began to read it may end."""
CHUNK = 200_000
"""Characters of the records whose lines are made together: some 2 MB."""


class ClusterSink:
    """Takes records, and takes them out again by source; nothing is seen before `commit`.

    Raises IndexBusy when another writer does not end in time, OldIndex where the index has another
    mapping, and what `connection.asking` raises. What the index had is kept beside, and seen, until
    a commit of the `whole` where `afresh`.
    """

    def __init__(
        self,
        location: Location,
        *,
        patience: float = PATIENCE,
        waiting: Callable[[], None] | None = None,
        afresh: bool = False,
        workers: int | None = None,
    ) -> None:
        self.location = location
        self._client = connect(location)
        self._sent: set[str] = set()
        self._chunk: list[making.Placed] = []
        self._characters = 0
        self._gone: set[str] = set()
        self._said = Manifest()
        self._made = self._quiet = False
        known(self._client, location)
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-2", "refresh_interval": "-1"}
        body = {"settings": {"index": settings}, "mappings": {"enabled": False}}
        upkeep.create(self._client, self.location, state.beside(location), body)
        self._lease = Lease(self._client, location, patience, waiting)
        self._turn, self._last = self._lease.state.turn, self._lease.state.commit
        size = workers or cores()
        self._makers, self._bulk = making.Makers(size), Bulk(self._client, location, size)
        try:
            self._begin(afresh)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def _begin(self, afresh: bool) -> None:
        """What is in the index that is written; `_base` is the last turn whose documents count."""
        said = self._lease.state
        self._base, self._dead, self._index = said.commit, said.dead, said.index
        if said.index and said.version != mapping.VERSION and not afresh:
            raise OldIndex(path=self.location, found=said.version, expected=mapping.VERSION)
        with asking(self.location):
            lost = said.index and not self._client.indices.exists(index=said.index)
        if lost and not afresh:
            raise DamagedIndex(path=self.location, reason=f"{said.index} is missing")
        if said.index and not lost:
            upkeep.point(self._client, self.location, self._lease.state)
            upkeep.sweep(self._client, self.location, said)
        if afresh or not said.index:
            self._base, self._dead = 0, ()
            self._index = f"{self.location.name}{state.BESIDE}{self._turn}"
        else:
            self._made = True
            there = self.count()
            if there != said.items:
                reason = f"{there} of {said.items} items"
                raise DamagedIndex(path=self.location, reason=reason)
        self._afresh = afresh and bool(said.index)

    def __enter__(self) -> ClusterSink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drops what was not committed: nobody sees it, and the next writer sweeps it away."""
        self._makers.close()
        self._bulk.close()
        if self._quiet:
            with suppress(ChabaoError):
                upkeep.settle(self._client, self.location, self._index)
                self._refreshing(None)
        with suppress(ChabaoError):
            self._lease.close(self._last)
        self._client.close()

    def known(self) -> Manifest:
        """What the index says of itself, as of the last commit."""
        said = self._lease.state
        if said.index:
            found = state.read(self._client, self.location, said)
            self._said = found or Manifest()
        return self._said.kept()

    def sources(self) -> set[str]:
        """The documents of which something was committed."""
        if not self._made:
            return set()
        parts = (part.source for entry in self._said.files.values() for part in entry.parts)
        # names that are written out there, as they are here
        whole = {mapping.term(source): source for source in parts}
        found = stored.sources(self._client, self.location, self._index, self._seen())
        return {whole.get(source, source) for source in found}

    def texts(self, source: str) -> list[str]:
        """The texts of what was committed of a source, in document order."""
        if not self._made:
            return []
        found = stored.records(self._client, self.location, self._index, self._seen(), [source])
        return [record["text"] for _, records in found for record in records]

    def count(self) -> int:
        """Items that were committed."""
        return stored.count(self._client, self.location, self._index, self._seen())

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Takes the records of a source, all of them, in order."""
        for placed in ((record, at) for at, record in enumerate(records)):
            self._chunk.append(placed)
            self._characters += len(placed[0]["text"])
            if self._characters >= CHUNK:
                self._send(self._makers.lines)

    def remove(self, source: str) -> None:
        """Takes out what was committed of a source."""
        self._gone.add(source)

    def commit(self, manifest: Manifest, whole: bool = True) -> int:
        """Makes what was added and removed visible at once; returns the commit's number.

        An index that is made afresh is seen when it is `whole`. Raises NotTaken where the cluster
        refuses documents: then nothing of the turn is seen.
        """
        self._lease.update()  # raises where another has taken its place
        self._open()
        if self._chunk:
            self._send(making.lines)
        marked = self._mark()
        self._bulk.finish()
        self._checked(marked)
        turn = self._turn
        if whole or not self._afresh:
            self._publish(manifest)
        else:
            self._lease.update(turn=turn + 1)
            self._base = turn
        self._turn = turn + 1
        self._sent.clear()
        self._gone.clear()
        return turn

    def note(self, manifest: Manifest) -> None:
        """Changes only what the index says of itself, if it says anything else."""
        if self._afresh or not self._made or manifest != self._said:
            self.commit(manifest)

    def _seen(self) -> dict[str, Any]:
        return state.visible(self._base, self._dead)

    def _open(self) -> None:
        """The index is there, and shows nothing while it is written."""
        self._last = self._turn
        if not self._made:
            said = chosen(self.location)
            body = mapping.body(said.shards, said.replicas)
            body["settings"]["index"]["refresh_interval"] = "-1"
            upkeep.create(self._client, self.location, self._index, body)
            self._made = self._quiet = True
        elif not self._quiet:
            self._refreshing("-1")
            self._quiet = True

    def _refreshing(self, interval: str | None) -> None:
        body = {"index": {"refresh_interval": interval}}
        with asking(self.location):
            self._client.indices.put_settings(index=self._index, body=body)

    def _send(self, make: Callable[[Sequence[making.Placed], int], list[Line]]) -> None:
        self._open()
        self._lease.check()
        chunk, turn = self._chunk, self._turn
        self._chunk, self._characters = [], 0
        self._sent.update(making.name(record, at, turn) for record, at in chunk)
        size = 10 * sum(len(record["text"]) for record, _ in chunk)
        self._bulk.send(self._index, partial(make, chunk, turn), size)

    def _mark(self) -> int:
        """Marks what is to go with this turn; returns how many documents that are."""
        marked = 0
        sources = sorted(self._gone)
        for page in stored.names(self._client, self.location, self._index, self._seen(), sources):
            self._lease.check()
            make = partial(making.dropping, page, self._turn)
            self._bulk.send(self._index, make, 300 * len(page))
            marked += len(page)
        return marked

    def _checked(self, marked: int) -> None:
        """Nothing is lost: all that was sent is there, and can be found."""
        if failures := self._bulk.failures:
            self._bulk.failures = []
            raise NotTaken(self.location, failures)
        upkeep.refresh(self._client, self.location, self._index)
        for field, sent in ((mapping.COMMIT, len(self._sent)), (mapping.GONE, marked)):
            query = {"term": {field: self._turn}}
            there = stored.count(self._client, self.location, self._index, query)
            if there != sent:
                reason = f"{there} of {sent} documents are there that were sent"
                raise DamagedIndex(path=self.location, reason=reason)

    def _publish(self, manifest: Manifest) -> None:
        """The turn is committed from now on."""
        before, turn = self._lease.state, self._turn
        items = stored.count(
            self._client, self.location, self._index, state.visible(turn, self._dead)
        )
        pieces = state.keep(self._client, self.location, turn, manifest)
        self._lease.update(
            commit=turn, turn=turn + 1, dead=self._dead, index=self._index, items=items,
            written=state.now(), noted=turn, pieces=pieces, version=mapping.VERSION,
            characters=sum(entry.characters for entry in manifest.files.values()),
        )  # fmt: skip
        self._base, self._said = turn, manifest.kept()
        self._last, self._afresh = turn, False
        upkeep.point(self._client, self.location, self._lease.state)
        state.drop(self._client, self.location, before)
        if before.index and before.index != self._index:
            time.sleep(LINGER if before.items else 0)
            upkeep.drop(self._client, self.location, [before.index])
