"""Records to a segment: two files, written as the records come.

What is indexed is inverted a run at a time; more than one run is spilled and merged at the end, and
another process cuts their words. Records go to their file at once, so memory is bounded by a few
runs. The files are the same however many runs and processes made them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.indexer import room
from chabao.indexer.codecs import stored
from chabao.indexer.codecs.container import Writer
from chabao.indexer.codecs.cutter import cores
from chabao.indexer.codecs.runs import Run
from chabao.indexer.codecs.segment import POSTINGS, RECORDS, Segment

if TYPE_CHECKING:
    from chabao.indexer.codecs.cutter import Cutter
    from chabao.indexer.codecs.runs import Words

RUN = 1_000_000
"""Characters that are inverted at a time: some 40 MB of arrays."""
EARLY = 4
"""The process that cuts starts when this part of a run is there: it takes a while to be ready."""
AHEAD = 2
"""Runs whose words are being cut while others are gathered."""


class Builder:
    """Writes one segment: `add` each record, then `close`.

    `folder / name` with the two suffixes are the files; runs are spilled beside them. Raises
    OutOfMemory.
    """

    def __init__(self, folder: Path, name: str) -> None:
        room.demand(cores())
        self._folder, self._name = folder, name
        self._records = stored.RecordWriter(Writer((folder / (name + RECORDS)).open("wb")))
        self._run = Run()
        self._cutter: Cutter | None = None
        self._cutting: deque[tuple[Run, Callable[[], Words]]] = deque()
        self._spilled: list[Path] = []
        self.size = 0
        self.characters = 0

    def add(self, record: Mapping[str, Any]) -> None:
        self._records.add(record)
        self._run.add(record)
        self.size += 1
        self.characters += len(record["text"])
        if self._cutter is None and self._run.characters >= RUN // EARLY:
            from chabao.indexer.codecs.cutter import Cutter

            self._cutter = Cutter()
        if self._cutter is not None and self._run.characters >= RUN:
            self._cut(self._cutter)

    def _cut(self, cutter: Cutter) -> None:
        self._cutting.append((self._run, cutter.cut(self._run.texts)))
        self._run = Run()
        if len(self._cutting) > AHEAD:
            self._spill()

    def _spill(self) -> None:
        """Writes the first of the runs that are being cut."""
        run, words = self._cutting.popleft()
        path = self._folder / f"{self._name}.run{len(self._spilled)}"
        self._spilled.append(path)
        _write(path, lambda writer: run.write(writer, words, spilled=True))

    def close(self) -> None:
        path = self._folder / (self._name + POSTINGS)
        if self._cutter is not None and self._run.texts:
            self._cut(self._cutter)
        self._records.close()
        if self._spilled or len(self._cutting) > 1:
            while self._cutting:
                self._spill()
            self._end()
            merge(path, [Segment(run) for run in self._spilled])
            for spilled in self._spilled:
                spilled.unlink()
        else:
            run, words = self._cutting.pop() if self._cutting else (self._run, self._run.words)
            _write(path, lambda writer: run.write(writer, words))
            self._end()
        _settle(self._folder, self._name)

    def _end(self) -> None:
        if self._cutter is not None:
            self._cutter.close()

    def cancel(self) -> None:
        """Leaves nothing behind."""
        self._end()
        self._records.cancel()
        for path in self._folder.glob(self._name + ".*"):
            path.unlink()


def join(folder: Path, name: str, segments: list[Segment]) -> int:
    """Writes one segment of several, without what was deleted; returns its number of items."""
    room.demand(cores())
    records = stored.RecordWriter(Writer((folder / (name + RECORDS)).open("wb")))
    count = 0
    try:
        for segment in segments:
            for document in segment.live():
                records.add(segment.record(document))
                count += 1
        records.close()
    except BaseException:
        records.cancel()
        raise
    merge(folder / (name + POSTINGS), segments)
    _settle(folder, name)
    return count


def merge(path: Path, segments: list[Segment]) -> None:
    from chabao.indexer.codecs import merging

    _write(path, lambda writer: merging.merge(writer, segments))


def _write(path: Path, fill: Callable[[Writer], dict[str, int]]) -> None:
    writer = Writer(path.open("wb"))
    try:
        writer.close(fill(writer))
    except BaseException:
        writer.cancel()
        raise


def _settle(folder: Path, name: str) -> None:
    from chabao.indexer.codecs.durable import settle

    for suffix in (POSTINGS, RECORDS):
        settle(folder / (name + suffix))
