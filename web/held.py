"""The index that is served: opened once, and again when a writer has replaced it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.soundness import UNSOUND
from chabao.indexer.errors import ChabaoError
from chabao.search import catalogue
from chabao.search.backends.foremost import arrangement
from chabao.search.catalogue import Fields
from chabao.search.engine import Index, open_index
from chabao.web.contents import contents
from chabao.web.keeping import kept

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Location, Place

Commit = tuple[int, int]
"""Its number, and when it was written, in nanoseconds: an index made anew begins to count anew."""
NONE: Commit = (0, 0)
PAUSE = 1.0
"""Seconds in which a cluster is not asked again whether there is a newer commit."""


class Held:
    """An open index. A request takes it once and keeps it: an index does not change under it, even
    where a writer has removed its files meanwhile.

    Raises MissingIndex, DamagedIndex, OldIndex when it is made, and never later: what cannot be
    opened again is answered from as it was.
    """

    def __init__(self, path: Place) -> None:
        self.path = path
        self._opening = Lock()
        self._asked = monotonic()
        self._commit = _commit(path)
        self._index = open_index(path)
        try:
            self._prepare(self._index)
        except UNSOUND as error:
            with self._index:
                raise error

    def index(self) -> Index:
        """The newest commit; never one that is older than what was answered from before. While one
        thread opens it, the others answer from the one before."""
        newest = self._newest()
        if self._is_newer(newest) and self._opening.acquire(blocking=False):
            try:
                if self._is_newer(newest):
                    self._open(newest)
            finally:
                self._opening.release()
        return self._index

    def _newest(self) -> Commit:
        """The newest commit, which a cluster is asked for now and then only."""
        now = monotonic()
        if isinstance(self.path, Path):
            return _commit(self.path)
        if now < self._asked + PAUSE:
            return self._commit
        self._asked = now
        return _commit(self.path)

    def fields(self, index: Index) -> Fields:
        """What an index holds, read once for each commit."""
        return _fields(index)

    @property
    def written(self) -> datetime:
        """When the commit that is answered from was written."""
        return datetime.fromtimestamp(self._commit[1] / 1e9, UTC)

    def _is_newer(self, commit: Commit) -> bool:
        number, written = commit
        return number > self._commit[0] or written > self._commit[1]

    def _open(self, commit: Commit) -> None:
        try:
            opened = open_index(self.path)
            self._prepare(opened)
        except (ChabaoError, OSError, *UNSOUND):
            return
        self._index, self._commit = opened, commit

    def _prepare(self, index: Index) -> None:
        """What the first questions would wait for; once numpy is there, long lists are quick."""
        if not index.remote:
            arrangement(index)
        self.fields(index)
        contents(index)


_fields = kept(catalogue.fields)


def _commit(path: Place) -> Commit:
    """The newest commit that can be seen; none where there is none, or where it goes just now."""
    try:
        if not isinstance(path, Path):
            return _there(path)
        number = toc.generation(path)
        return number, (path / f"_{toc.NAME}_{number}.toc").stat().st_mtime_ns
    except (ChabaoError, OSError):
        return NONE


def _there(location: Location) -> Commit:
    from contextlib import closing

    from chabao.indexer.cluster import state
    from chabao.indexer.cluster.connection import connect

    with closing(connect(location)) as client:
        said = state.committed(client, location)
    return said.commit, int(datetime.fromisoformat(said.written).timestamp() * 1e9)
