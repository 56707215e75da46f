"""An index brought in step with the files that were found: read, kept, or known as copies.

Whatever the order in which files came and went, the index is that of the files that are there: a
document is indexed if it is a copy of no better one that is, else it is a copy.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chabao.indexer import duplicates, workers
from chabao.indexer.discovery import Found
from chabao.indexer.duplicates import Register, Standing
from chabao.indexer.manifest import Entry, Manifest, Part
from chabao.indexer.reader import formats
from chabao.indexer.workers import Job, Outcome, Reading, reading

if TYPE_CHECKING:
    from chabao.indexer.sinks import Sink

STEP = 15.0
"""Seconds after which what was read is committed: so much is lost where a machine stops. Commits
are rarer where they take long."""
RARELY = 10
"""A commit takes at most one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing is: files done, files in all, and the one at hand. Only files that are
    read count; `total` grows where copies must be read again."""

    done: int
    total: int
    source: str


class Update:
    """Takes an index from what it `known`ly has to the files that were `found`; `run` it once.

    Without `steps` what is read is committed in the end only; but for copies in better formats,
    which put out what was committed of the others.
    """

    def __init__(
        self, sink: Sink, known: Manifest, found: Iterable[Found], refused: dict[str, str],
        progress: Callable[[Progress], None] | None, processes: int | None = None,
        steps: bool = True,
    ) -> None:  # fmt: skip
        self._sink, self._known, self._progress = sink, known, progress
        self._processes, self._steps = processes, steps
        self._files = {file.source: file for file in found}
        self._ranks = {source: formats.rank(file.path.name) for source, file in self._files.items()}
        self.fresh = Manifest(known.roots, refused=dict(refused), readers=formats.readers())
        self._register = Register()
        self._committed: dict[str, set[str]] = defaultdict(set)
        self._texts: dict[str, str] = {}
        self._again: set[str] = set()
        self._dirty = False
        self._due = time.monotonic() + STEP
        self.removed: set[str] = set()

    def run(self) -> None:
        """Reads what is new; commits as it goes, and at the end."""
        self._own()
        jobs = self._plan()
        done = 0
        while jobs:
            total = done + len(jobs)
            for source, outcome in self._outcomes(jobs):
                self._tell(done, total, source)
                self._take(self._files[source], outcome)
                done += 1
                if self._steps and time.monotonic() > self._due:
                    self._commit(whole=False)
            # What a better copy has put out may be uncommitted only within a round.
            jobs = [self._job(source, "") for source in self._sorted(self._again)]
            self._again.clear()
            if jobs:
                self._commit(whole=False)
        self._tell(done, done, "")
        self.removed |= self._known.files.keys() - self.fresh.files.keys()
        self._commit()

    def _own(self) -> None:
        """Whose the documents in the index are; those of no file go. Not only what the manifest
        knows: it may be lost, or of a commit before the last."""
        parts = {part.source for entry in self._known.files.values() for part in entry.parts}
        for source in self._sink.sources():
            owner = source
            while owner and owner not in self._files:
                owner = owner.rpartition("/")[0]
            self._committed[owner].add(source)
        for source in self._committed.pop("", ()):
            self._remove(source)
            self.removed |= {source} - parts

    def _plan(self) -> list[tuple[Job, int]]:
        """Keeps what has not changed; what is left is to be read."""
        kept = {source for source, file in self._files.items() if self._is_unchanged(source, file)}
        while astray := self._astray(kept):
            kept -= astray
        for source in kept:
            self._keep(source, self._known.files[source])
        jobs = []
        for source in self._sorted(self._files.keys() - kept):
            file, entry = self._files[source], self._known.files.get(source)
            path = str(file.path)
            if self._is_hopeless(path, file.stamp):
                self.fresh.refused[path] = self._known.refused[path]
                self.fresh.stamps[path] = file.stamp
                self._forget(source)
            else:
                jobs.append(
                    self._job(source, entry.digest if entry and self._may_stay(entry) else "")
                )
        return jobs

    def _may_stay(self, entry: Entry) -> bool:
        """Whether a file whose state has changed need not be read if it says the same. What a copy
        is a copy of may have changed as well."""
        return self._can_read_no_more(entry) and len(entry.indexed) == len(entry.parts)

    def _is_unchanged(self, source: str, file: Found) -> bool:
        entry = self._known.files.get(source)
        if entry is None or (entry.path, entry.stamp) != (str(file.path), file.stamp):
            return False
        return self._can_read_no_more(entry)

    def _can_read_no_more(self, entry: Entry) -> bool:
        """Whether what was refused of a file would be again."""
        return not entry.refused or self._known.readers == self.fresh.readers

    def _is_hopeless(self, path: str, stamp: tuple[int, ...]) -> bool:
        known = self._known
        return known.stamps.get(path) == stamp and known.readers == self.fresh.readers

    def _astray(self, kept: set[str]) -> set[str]:
        """Files with copies of what is not kept."""
        files = {source: self._known.files[source] for source in kept}
        there = {part.source for entry in files.values() for part in entry.indexed}
        return {
            source
            for source, entry in files.items()
            if any(part.copy_of and part.copy_of not in there for part in entry.parts)
        }

    def _sorted(self, sources: Iterable[str]) -> list[str]:
        """The best copies first, so that later ones seldom put earlier ones out."""
        return sorted(sources, key=lambda source: (self._ranks[source], source))

    def _job(self, source: str, digest: str) -> tuple[Job, int]:
        file = self._files[source]
        return Job(str(file.path), source, digest), file.stamp[0]

    def _outcomes(self, jobs: list[tuple[Job, int]]) -> Iterator[tuple[str, Outcome]]:
        with workers.read(jobs, self._processes) as outcomes:
            for (job, _), outcome in zip(jobs, outcomes, strict=True):
                yield job.source, outcome

    def _tell(self, done: int, total: int, source: str) -> None:
        if self._progress:
            self._progress(Progress(done, total, source))

    def _take(self, file: Found, outcome: Outcome) -> None:
        """Replaces what the index has of a file by what was read of it."""
        path = str(file.path)
        if outcome.same:
            entry = self._known.files[file.source]
            if self._is_settled(entry):
                self._keep(file.source, replace(entry, path=path, stamp=file.stamp))
            else:
                self._again.add(file.source)
            return
        self._forget(file.source)
        if not outcome.documents:
            self.fresh.refused[path] = outcome.refused.get("") or next(
                iter(outcome.refused.values())
            )
            # A disk that gave nothing may give it the next time.
            if outcome.digest:
                self.fresh.stamps[path] = file.stamp
            return
        parts = tuple(self._place(file, at, each) for at, each in enumerate(outcome.documents))
        entry = Entry(path, file.stamp, outcome.digest, parts, outcome.refused)
        self.fresh.files[file.source] = entry

    def _is_settled(self, entry: Entry) -> bool:
        """Whether a file that says the same as before also stands to others as before."""
        return not any(map(self._register.rivals, entry.parts))

    def _keep(self, source: str, entry: Entry) -> None:
        self.fresh.files[source] = entry
        for at, part in enumerate(entry.parts):
            if part.copy_of:
                self._register.copied(part.copy_of, source)
            else:
                self._register.stand(Standing(source, (self._ranks[source], source, at), part))

    def _fall(self, source: str) -> None:
        """A document is no longer indexed: its copies are looked at again."""
        for file in self._register.fall(source):
            if entry := self.fresh.files.pop(file, None):
                self._again.add(file)
                for part in entry.indexed:
                    if part.source in self._register:
                        self._fall(part.source)

    def _forget(self, source: str) -> None:
        """Takes out what was committed of a file."""
        for each in self._committed.pop(source, ()):
            self._remove(each)

    def _remove(self, source: str) -> None:
        self._sink.remove(source)
        self._dirty = True

    def _place(self, file: Found, at: int, read: Reading) -> Part:
        """A document that was read, indexed or known as a copy."""
        key = (self._ranks[file.source], file.source, at)
        characters = sum(len(record["text"]) for record in read.records)
        part = Part(
            read.source, read.issue, read.text, len(read.records), characters, "", read.remarks
        )
        rivals = self._register.rivals(part)
        said = reading.letters(record["text"] for record in read.records)
        for rival in rivals:
            if rival.key < key and duplicates.is_copy(part, said, rival.part, self._said(rival)):
                self._register.copied(rival.part.source, file.source)
                return replace(part, copy_of=rival.part.source)
        self._sink.add(read.records)
        self._dirty = True
        self._committed[file.source].add(part.source)
        self._texts[part.source] = said
        self._register.stand(Standing(file.source, key, part))
        for rival in rivals:
            # One that was put out may have taken others with it.
            if rival.part.source not in self._register:
                continue
            if rival.key > key and duplicates.is_copy(rival.part, self._said(rival), part, said):
                self._put_out(rival, part)
        return part

    def _said(self, standing: Standing) -> str:
        source = standing.part.source
        if source not in self._texts:
            return reading.letters(self._sink.texts(source))
        return self._texts[source]

    def _put_out(self, rival: Standing, better: Part) -> None:
        """A better copy has come."""
        source = rival.part.source
        self._fall(source)
        entry = self.fresh.files.get(rival.file)
        if entry is None:
            return
        self._committed[rival.file].discard(source)
        self._remove(source)
        parts = tuple(
            replace(part, copy_of=better.source) if part.source == source else part
            for part in entry.parts
        )
        self.fresh.files[rival.file] = replace(entry, parts=parts)
        self._register.copied(better.source, rival.file)

    def _commit(self, whole: bool = True) -> None:
        began = time.monotonic()
        if self._dirty:
            self._sink.commit(self.fresh, whole)
        elif whole:
            self._sink.note(self.fresh)
        self._dirty = False
        self._texts.clear()
        now = time.monotonic()
        self._due = now + max(STEP, RARELY * (now - began))
