"""The index that is served: opened once, and again when a writer has replaced it."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from chabao.indexer.codecs import toc
from chabao.search.engine import Index, open_index


class Held:
    """An open index. A request takes it once and keeps it: an index does not change under it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._index = open_index(path)

    def index(self) -> Index:
        """The newest commit; never one that is older than what was answered from before."""
        if toc.generation(self.path) > self._index.generation:
            with self._lock:
                if toc.generation(self.path) > self._index.generation:
                    self._index = open_index(self.path)
        return self._index
