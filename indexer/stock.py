"""What an index holds, in a folder or on a cluster: read whole, one document after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chabao.indexer import manifest
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.codecs.soundness import UNSOUND, blame
from chabao.indexer.fields import Record, document_order
from chabao.indexer.manifest import Manifest

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Location, Place


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
        self.segments, self.known = toc.beside(folder, partial(_read, folder))
        self.items = sum(each.size - len(each.deleted) for each in self.segments)

    def records(self, sources: Sequence[str]) -> Iterator[tuple[str, list[Record]]]:
        for source in sources:
            term = source.encode("utf-8", "surrogatepass")
            found: list[Record] = []
            for segment in self.segments:
                found += map(segment.record, segment.holding("source", term))
            if found:
                yield source, sorted(found, key=document_order)


def _read(folder: Path, contents: toc.Contents) -> tuple[list[Segment], Manifest]:
    segments = [Segment.named(folder, each) for each in contents.segments]
    return segments, manifest.read(folder, contents.commit)


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
