"""Where items go: what every sink does, and which one an index has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place
    from chabao.indexer.manifest import Manifest

__all__ = ["Sink", "known", "opened", "stamp"]


class Sink(Protocol):
    """The one writer of an index, from `with` to its end; what was not committed is dropped there.

    Readers see what was committed last, whole, with the manifest that belongs to it.
    """

    def __enter__(self) -> Sink: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def known(self) -> Manifest:
        """What the index says of itself, as of the last commit; empty where it is new."""

    def sources(self) -> set[str]:
        """The documents of which something was committed."""

    def count(self) -> int:
        """How many items were committed."""

    def texts(self, source: str) -> list[str]:
        """The texts of what was committed of a document, in order."""

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Takes the records of a document, all of them, in order."""

    def remove(self, source: str) -> None:
        """Takes out what was committed of a document."""

    def commit(self, manifest: Manifest, whole: bool = True) -> int:
        """Makes what was added and removed visible at once; returns the commit's number.

        Where it is not the `whole`, more is to come: what is made afresh may wait until then.
        """

    def note(self, manifest: Manifest) -> None:
        """Changes only what the index says of itself, if it says anything else."""


def opened(
    index: Place,
    *,
    waiting: Callable[[], None] | None = None,
    afresh: bool = False,
    workers: int | None = None,
) -> Sink:
    """The sink of an index, which is made where there is none yet.

    What it had is left out of the next commit where `afresh`. Raises IndexBusy, CannotWrite, and
    of a cluster what `connection.asking` raises.
    """
    if isinstance(index, Path):
        from chabao.indexer.sinks.whoosh_ import WhooshSink

        return WhooshSink(index, waiting=waiting, afresh=afresh)
    from chabao.indexer.sinks.opensearch_ import ClusterSink

    return ClusterSink(index, waiting=waiting, afresh=afresh, workers=workers)


def known(index: Place) -> Manifest:
    """What an index says of itself. Raises MissingIndex, DamagedIndex, OldIndex, RestlessIndex."""
    if isinstance(index, Path):
        from chabao.indexer import manifest
        from chabao.indexer.codecs import toc

        return toc.beside(index, lambda contents: manifest.read(index, contents.commit))
    from chabao.indexer.cluster import state

    return state.manifest(index)


def stamp(index: Place) -> int:
    """A number that another commit changes. Raises MissingIndex, DamagedIndex, OSError."""
    if isinstance(index, Path):
        from chabao.indexer import manifest
        from chabao.indexer.codecs import toc

        toc.generation(index)
        path = index / manifest.NAME
        return path.stat().st_mtime_ns if path.exists() else 0
    from chabao.indexer.cluster import state

    return state.commit(index)
