"""An index copied into another, in a folder or on a cluster, without a file being read again.

What the other has already is left there, so that a copy that was interrupted goes on, and one that
was made before is brought up to date.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chabao.indexer import sinks
from chabao.indexer import stock as stocks
from chabao.indexer.errors import ChabaoError, DamagedIndex, SameIndex
from chabao.indexer.manifest import Entry, Manifest

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place
    from chabao.indexer.sinks import Sink
    from chabao.indexer.stock import Stock

STEP = 15.0
"""Seconds after which what was copied is committed."""
FILES = 500
"""Files that are read together."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy is, in files."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: files that were copied, that were there already, and that were taken out;
    and the items that both indexes have now, counted in each."""

    files: int
    unchanged: int
    removed: int
    items: int


def copy(
    origin: Place,
    target: Place,
    *,
    rebuild: bool = False,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Copied:
    """Makes the target hold what the origin does, and say of itself what it says; with `rebuild`
    all of it anew.

    Raises SameIndex, MissingIndex, OldIndex, DamagedIndex where the origin does not hold what it
    says or the target not the same in the end, IndexBusy, CannotWrite, and what stands in the way
    to a cluster.
    """
    if _is_same(origin, target):
        raise SameIndex(path=origin)
    with stocks.opened(origin) as stock:
        if stock.items != sum(entry.items for entry in stock.known.files.values()):
            raise DamagedIndex(path=origin, reason="it no longer tells what it was made of")
        with _sink(target, waiting, rebuild, workers) as sink:
            known = sink.known()
            steps = not (rebuild and known.files)  # who reads it meanwhile would see a part of it
            known = Manifest() if rebuild else known
            transfer = Transfer(stock, sink, known, progress, steps)
            transfer.run()
            there = sink.count()
    if there != stock.items:
        raise DamagedIndex(path=target, reason=f"{there} of {stock.items} items")
    removed = known.files.keys() - stock.known.files.keys()
    return Copied(transfer.done, transfer.unchanged, len(removed), there)


def _sink(
    target: Place, waiting: Callable[[], None] | None, rebuild: bool, workers: int | None
) -> Sink:
    """The sink of the target; what is wrong with it is said of it, and not of the origin."""
    try:
        return sinks.opened(target, waiting=waiting, afresh=rebuild, workers=workers)
    except ChabaoError as error:
        error.index = str(target)
        raise


def _is_same(one: Place, other: Place) -> bool:
    if isinstance(one, Path) and isinstance(other, Path):
        return one.resolve() == other.resolve()
    return one == other


class Transfer:
    """Takes a sink from what it `known`ly has to what is in stock; `run` it once. In `steps`, what
    was copied is committed as it goes."""

    def __init__(
        self, stock: Stock, sink: Sink, known: Manifest,
        progress: Callable[[Progress], None] | None, steps: bool = True,
    ) -> None:  # fmt: skip
        self._stock, self._sink, self._known, self._progress = stock, sink, known, progress
        self._steps = steps
        wanted = stock.known.files
        self._kept = {source: each for source, each in wanted.items()
                      if known.files.get(source) == each}  # fmt: skip
        self.unchanged, self.done = len(self._kept), 0
        self._dirty = False

    def run(self) -> None:
        """Copies what is not there yet; commits as it goes, and at the end."""
        wanted = self._stock.known
        kept = {part.source for entry in self._kept.values() for part in entry.indexed}
        self._old = self._sink.sources() - kept
        missing = sorted(wanted.files.keys() - self._kept.keys())
        due = time.monotonic() + STEP
        for start in range(0, len(missing), FILES):
            if self._steps and time.monotonic() > due:
                self._commit(replace(wanted, files=self._kept, refused={}, stamps={}), False)
                due = time.monotonic() + STEP
            self._take({source: wanted.files[source] for source in missing[start : start + FILES]})
            self.done = min(start + FILES, len(missing))
            if self._progress:
                self._progress(Progress(self.done, len(missing)))
        for source in sorted(self._old):
            self._remove(source)
        self._commit(wanted, True)

    def _take(self, files: Mapping[str, Entry]) -> None:
        parts = {part.source: part for entry in files.values() for part in entry.indexed}
        before = (
            self._known.files[source].parts for source in files if source in self._known.files
        )
        for source in self._old & {*parts, *(part.source for each in before for part in each)}:
            self._remove(source)
            self._old.discard(source)
        counts = dict.fromkeys(parts, 0)
        for source, records in self._stock.records(sorted(parts)):
            self._sink.add(records)
            counts[source] = len(records)
        for source, part in parts.items():
            if counts[source] != part.items:
                reason = f"{counts[source]} of {part.items} items"
                raise DamagedIndex(path=source, reason=reason)
        self._kept.update(files)
        self._dirty = True

    def _remove(self, source: str) -> None:
        self._sink.remove(source)
        self._dirty = True

    def _commit(self, said: Manifest, whole: bool) -> None:
        if self._dirty:
            self._sink.commit(said, whole)
        else:
            self._sink.note(said)
        self._dirty = False
