"""A writer is killed at every step of its commits and at moments taken at random.

Each time the index is looked at, and a copy of it opened for the next writing; one time in ten the
next indexing follows, after which nothing is left over. The writer is one process: who cuts words
beside it where there is much to index is left out here (`tests/faults/test_cutter.py`).
"""

from __future__ import annotations

import io
import os
import pickle
import random
import select
import shutil
import signal
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults import archive as archives
from benchmarks.faults.archive import Archive, State, Wrong
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.storage import Doors, Step
from chabao.indexer.build import build

PROMISE = (
    "A commit that was acknowledged is whole, whenever the writer is killed; the manifest is that "
    "of the commit, and what the killed writer left is gone after the next one."
)
WITHOUT = "the process that cuts words beside a writer of much"
MENDED = 0.1
"""Trials behind which the next indexing follows."""
LIFE = 60
"""Trials at random with one index, which grows and is merged meanwhile."""
Hook = Callable[[Step], None]


@dataclass
class Writer:
    """A writer that ended: whether it had said that its commit is made, what it printed of an
    error, how long it took in seconds."""

    acknowledged: bool
    said: str
    seconds: float


@dataclass
class Seen:
    """What was counted meanwhile: the steps of each commit, and where writers were killed."""

    steps: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    late: int = 0
    mended: int = 0


def run(seed: int, times: int) -> Tried:
    """Half of the trials go through commits step by step, half are killed at random."""
    chance, tried, seen = random.Random(seed), Tried(), Seen()
    number = 0
    with archives.place() as place, archives.small():
        while tried.trials < times:
            here = place / str(number)
            here.mkdir()
            left = times - tried.trials
            if number % 2 == 0:
                _step_by_step(here, chance, left, tried, seen)
            else:
                _at_random(here, chance, min(left, LIFE), tried, seen)
            shutil.rmtree(here)
            number += 1
    tried.more |= {
        "commits taken step by step": len(seen.steps),
        "steps of a commit": [min(seen.steps), max(seen.steps)],
        "killed before": dict(sorted(seen.kinds.items())),
        "commit made, not yet said": seen.late,
        "next indexings": seen.mended,
    }
    return tried


def grow(archive: Archive, chance: random.Random) -> None:
    """Makes the index of an archive in some commits."""
    for _ in range(chance.randrange(1, 7)):
        archive.change()
        build([archive.folder], archive.index)


def _step_by_step(place: Path, chance: random.Random, times: int, tried: Tried, seen: Seen) -> None:
    """Every step of one commit, each from the same beginning."""
    archive = Archive(place, chance)
    grow(archive, chance)
    before, kept = archive.state, place / "kept"
    after = archive.change()
    archive.index.rename(kept)
    kinds = steps(archive, kept)
    if not kinds or kinds != steps(archive, kept):
        tried.trial(f"{place.name}: the steps of a commit are not the same twice: {kinds}")
        return
    seen.steps.append(len(kinds))
    cases = [(at, False) for at in range(len(kinds) + 1)]
    cases += [(at, True) for at, kind in enumerate(kinds) if kind == "write"]
    for at, partly in cases[:times]:
        _restore(kept, archive.index)
        writer = written(archive, killing(at, partly))
        if writer.acknowledged != (at == len(kinds)) or writer.said:
            tried.trial(f"{place.name}, step {at}, {kinds[at:][:1]}: {writer}")
            continue
        kind = [*kinds, "end"][at]
        seen.kinds[f"half a {kind}" if partly else kind] += 1
        failure = _judged(archive, before, after, writer, seen, f"step {at}, {kind}")
        tried.trial(failure or _mended(archive, chance, seen, f"step {at}, {kind}"))


def _at_random(place: Path, chance: random.Random, times: int, tried: Tried, seen: Seen) -> None:
    """One writer after the other is killed, each with what the one before has left."""
    archive = Archive(place, chance)
    grow(archive, chance)
    before = archive.state
    seconds = 0.03
    for trial in range(times):
        if chance.random() < 0.8:
            archive.change()
        if chance.random() < 0.6:
            writer = written(archive, limit=chance.random() * seconds * 1.2)
        else:
            writer = written(archive, killing(chance.randrange(50), chance.random() < 0.5))
        if writer.said:
            tried.trial(f"{place.name}, trial {trial}: {writer}")
            return
        if writer.acknowledged:
            seconds = 0.7 * seconds + 0.3 * writer.seconds
        seen.kinds["end" if writer.acknowledged else "any moment"] += 1
        which = f"{place.name}, {trial}"
        failure = _judged(archive, before, archive.state, writer, seen, which)
        failure = failure or _mended(archive, chance, seen, which)
        tried.trial(failure)
        if failure:
            return
        before = archives.held(archive.index)


def _judged(
    archive: Archive, before: State, after: State, writer: Writer, seen: Seen, which: str
) -> str | None:
    """What is wrong with an index that a killed writer has left; None where nothing is."""
    allowed = [after] if writer.acknowledged else [before, after]
    try:
        found = archives.matched(archive.index, allowed)
        if left := archives.swept(archive.index, archive.index.with_name("copy")):
            raise Wrong(f"left over: {sorted(left)}")
    except Exception as error:
        return f"{which}: {error!r}"
    seen.late += found == after != before and not writer.acknowledged
    return None


def _mended(archive: Archive, chance: random.Random, seen: Seen, which: str) -> str | None:
    """What is wrong behind the next indexing, where it follows."""
    if chance.random() >= MENDED:
        return None
    seen.mended += 1
    try:
        archives.mend(archive, archive.index)
    except Exception as error:
        return f"{which}, next indexing: {error!r}"
    return None


def killing(at: int, partly: bool) -> Hook:
    """Ends this process before step `at`; `partly` when half of it is done, if it is a write."""
    left = at

    def before(step: Step) -> None:
        nonlocal left
        if left == 0:
            if partly and step.kind == "write":
                with io.FileIO(step.path, "r+") as file:
                    file.seek(step.at)
                    file.write(step.data[: len(step.data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    return before


def behind(name: str) -> Hook:
    """Ends this process when a file has just got a name that ends so."""
    renamed = False

    def before(step: Step) -> None:
        nonlocal renamed
        if renamed:
            os.kill(os.getpid(), signal.SIGKILL)
        renamed = step.kind == "rename" and step.to.endswith(name)

    return before


def steps(archive: Archive, kept: Path) -> list[str]:
    """What kinds of steps the next commit consists of, in order."""
    _restore(kept, archive.index)
    ours, theirs = os.pipe()
    writer = written(archive, lambda step: void(os.write(theirs, f"{step.kind}\n".encode())))
    os.close(theirs)
    with os.fdopen(ours, encoding="ascii") as said:
        found = said.read().split()
    return found if writer.acknowledged else []


def void(_: object) -> None:
    """Nothing of it."""


def _restore(kept: Path, index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(kept, index)


def written(
    archive: Archive,
    before: Hook | None = None,
    *,
    limit: float = 60,
    notes: Path | None = None,
) -> Writer:
    """Has another process bring the index up to date; kills it after `limit` seconds. What it did
    to files is kept in `notes`, a pickle a step."""
    ours, theirs = os.pipe()
    begun = time.perf_counter()
    with warnings.catch_warnings():
        # There may be threads of numpy's, none of which a writer of so little needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        _write(archive, before, notes, theirs)
    os.close(theirs)
    try:
        select.select([ours], [], [], limit)
    finally:
        ended = time.perf_counter()
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        said = pipe.read()
    return Writer(said == "made", "" if said == "made" else said, ended - begun)


def _write(archive: Archive, before: Hook | None, notes: Path | None, pipe: int) -> None:
    """What the other process does. It has no other end than this."""
    try:
        if before is None and notes is None:
            build([archive.folder], archive.index)
        else:
            note = os.open(notes or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            doors = Doors(
                archive.index.parent,
                before or (lambda step: None),
                lambda step: void(os.write(note, pickle.dumps(step))),
            )
            with doors.watched():
                build([archive.folder], archive.index)
        os.write(pipe, b"made")
    except BaseException as error:
        os.write(pipe, repr(error).encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=10_000)
