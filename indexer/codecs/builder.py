"""Records to a segment: two files, written as the records come.

Postings are gathered in arrays and inverted a run at a time; more than one run is spilled and
merged at the end. Records go to their file at once, so memory is bounded by one run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chabao.indexer.codecs import stored
from chabao.indexer.codecs.container import Writer
from chabao.indexer.codecs.runs import Run
from chabao.indexer.codecs.segment import POSTINGS, RECORDS, Segment

RUN = 3_000_000
"""Characters that are inverted at a time: some 100 MB of arrays."""


class Builder:
    """Writes one segment: `add` each record, then `close`.

    `folder / name` with the two suffixes are the files; runs are spilled beside them.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._records = stored.RecordWriter(Writer((folder / (name + RECORDS)).open("wb")))
        self._run = Run()
        self._spilled: list[Path] = []
        self.size = 0
        self.characters = 0

    def add(self, record: Mapping[str, Any]) -> None:
        self._records.add(record)
        self._run.add(record)
        self.size += 1
        self.characters += len(record["text"])
        if self._run.characters >= RUN:
            self._spill()

    def _spill(self) -> None:
        path = self._folder / f"{self._name}.run{len(self._spilled)}"
        _write(path, self._run.write)
        self._spilled.append(path)
        self._run = Run()

    def close(self) -> None:
        self._records.close()
        path = self._folder / (self._name + POSTINGS)
        if not self._spilled:
            _write(path, self._run.write)
        else:
            if self._run.texts:
                self._spill()
            merge(path, [Segment(run) for run in self._spilled])
            for run in self._spilled:
                run.unlink()
        _settle(self._folder, self._name)

    def cancel(self) -> None:
        """Leaves nothing behind."""
        self._records.cancel()
        for path in self._folder.glob(self._name + ".*"):
            path.unlink()


def join(folder: Path, name: str, segments: list[Segment]) -> int:
    """Writes one segment of several, without what was deleted; returns its number of items."""
    records = stored.RecordWriter(Writer((folder / (name + RECORDS)).open("wb")))
    count = 0
    for segment in segments:
        for document in segment.live():
            records.add(segment.record(document))
            count += 1
    records.close()
    merge(folder / (name + POSTINGS), segments)
    _settle(folder, name)
    return count


def merge(path: Path, segments: list[Segment]) -> None:
    from chabao.indexer.codecs import merging

    _write(path, lambda writer: merging.merge(writer, segments))


def _write(path: Path, fill: Callable[[Writer], dict[str, int]]) -> None:
    writer = Writer(path.open("wb"))
    writer.close(fill(writer))


def _settle(folder: Path, name: str) -> None:
    from chabao.indexer.codecs.durable import settle

    for suffix in (POSTINGS, RECORDS):
        settle(folder / (name + suffix))
