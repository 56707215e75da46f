"""What an index holds, in a folder or on a cluster: read whole, one document after another."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chabao.indexer import manifest
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.soundness import UNSOUND, blame
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import Record, document_order
from chabao.indexer.manifest import Manifest

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Location, Place

ATTEMPTS = 50
PAUSE = 0.01
"""How often, and after how many seconds, an index that is being replaced is opened again."""


class Stock(Protocol):
    """One commit of an index. `items` are those that it has, `known` is what it says of itself."""

    @property
    def known(self) -> Manifest: ...
    @property
    def items(self) -> int: ...

    def records(self, sources: Sequence[str]) -> Iterator[tuple[str, list[Record]]]:
        """The records of documents, in order, each with its source; in any order of the sources,
        and without those that have none."""


def opened(index: Place) -> AbstractContextManager[Stock]:
    """The stock of an index. Raises MissingIndex, OldIndex, DamagedIndex, and of a cluster what
    `connection.asking` raises."""
    return _of_folder(index) if isinstance(index, Path) else _of_cluster(index)


class FolderStock:
    """The stock of an index in a folder; writers do not change it."""

    def __init__(self, folder: Path) -> None:
        for attempt in range(ATTEMPTS):
            number = toc.generation(folder)
            try:
                contents = toc.read(folder)
                self.segments = [Segment.named(folder, each) for each in contents.segments]
                self.known = manifest.read(folder, contents.commit)
            except (FileNotFoundError, DamagedIndex):
                if toc.generation(folder) == number or attempt == ATTEMPTS - 1:
                    raise
            else:
                if toc.generation(folder) == contents.generation:
                    break
            time.sleep(PAUSE)
        self.items = sum(each.size - len(each.deleted) for each in self.segments)

    def records(self, sources: Sequence[str]) -> Iterator[tuple[str, list[Record]]]:
        for source in sources:
            term = source.encode("utf-8", "surrogatepass")
            found: list[Record] = []
            for segment in self.segments:
                posting = segment.terms("source").get(term)
                documents = posting.unpack() if posting else ()
                found += (segment.record(at) for at in documents if at not in segment.deleted)
            if found:
                yield source, sorted(found, key=document_order)


@contextmanager
def _of_folder(folder: Path) -> Iterator[Stock]:
    stock = FolderStock(folder)
    try:
        yield stock
    except UNSOUND as error:
        blame(error, stock.segments)
        raise


@contextmanager
def _of_cluster(location: Location) -> Iterator[Stock]:
    from chabao.indexer.cluster import state, stored
    from chabao.indexer.cluster.connection import connect, known

    class ClusterStock:
        """The stock of an index on a cluster, as it was when it was opened."""

        def __init__(self) -> None:
            known(client, location)
            self.said, self.known = state.whole(client, location)
            self.seen = state.visible(self.said.commit, self.said.dead)
            self.items = self.said.items

        def records(self, sources: Sequence[str]) -> Iterator[tuple[str, list[Record]]]:
            return stored.records(client, location, self.said.index, self.seen, sources)

    with closing(connect(location)) as client:
        yield ClusterStock()
