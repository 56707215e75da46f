"""A step of a commit fails; and while that is mended, so does another.

The writer is one process: who cuts words beside it where there is much to index is left out here.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults import archive as archives
from benchmarks.faults import kill
from benchmarks.faults.archive import Archive, State
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.storage import Doors, Step
from chabao.indexer.build import build
from chabao.indexer.errors import CannotWrite

PROMISE = (
    "Whichever write, rename or fsync fails, and whichever fails while that is mended, the index "
    "opens with its last commit, and the message names the cause and the path."
)
WITHOUT = "the process that cuts words beside a writer of much"
CAUSES = (errno.ENOSPC, errno.EIO)
FULL = {"create", "write", "truncate", "mkdir", "rename", "fsync"}
"""What a full disk refuses; what frees space it does."""

HEARD = {"create", "write", "truncate", "rename", "fsync"}
"""What cannot fail and the commit be made all the same."""


@dataclass
class Fault:
    """Step `at` fails with `cause`; `stays` if so does every one behind it that needs space."""

    at: int
    cause: int
    stays: bool = False
    left: int = field(init=False)
    kind: str = ""

    def __post_init__(self) -> None:
        self.left = self.at

    def __call__(self, step: Step) -> None:
        self.left -= 1
        if self.left == -1 or (self.left < 0 and self.stays and step.kind in FULL):
            self.kind = self.kind or step.kind
            raise OSError(self.cause, os.strerror(self.cause), step.path)


def run(seed: int, times: int) -> Tried:
    """Commits of an archive one after the other; of each every step fails, in every way."""
    chance, tried, kinds = random.Random(seed), Tried(), Counter[str]()
    counts: list[int] = []
    with archives.place() as place, archives.small():
        number = 0
        while tried.trials < times:
            here = place / str(number)
            here.mkdir()
            counts.append(Commit(here, chance).fail(times, tried, kinds))
            shutil.rmtree(here)
            number += 1
    tried.more |= {
        "commits taken step by step": number,
        "steps of a commit": [min(counts), max(counts)],
        "failed at": dict(sorted(kinds.items())),
    }
    return tried


class Commit:
    """The next commit of an archive, again and again from the same beginning."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self._place, self._chance = place, chance
        self._archive = Archive(place, chance)
        if chance.random() < 0.8:
            kill.grow(self._archive, chance)
        self._before: State = self._archive.state
        self._after = self._archive.change()
        self._kept = place / "kept"
        if self._archive.index.exists():
            self._archive.index.rename(self._kept)

    def fail(self, times: int, tried: Tried, kinds: Counter[str]) -> int:
        """Has each step fail, and with each another while that is mended; how many steps there
        are."""
        counted: list[Step] = []
        self._restore()
        self._build(counted.append)
        for at in range(len(counted) + 1):
            cause = self._chance.choice(CAUSES)
            for stays in (False, True):
                if tried.trials == times:
                    return len(counted)
                second = Fault(self._chance.randrange(len(counted)), self._chance.choice(CAUSES))
                first = Fault(at, cause, stays)
                failure = self._judged(first, second)
                kinds[first.kind or "none"] += 1
                kinds[f"{second.kind or 'none'} again"] += 1
                where = f"commit {self._place.name}, {first}, {second}"
                tried.trial(f"{where}: {failure}" if failure else None)
        return len(counted)

    def _restore(self) -> None:
        shutil.rmtree(self._archive.index, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self._archive.index)

    def _build(self, before: Callable[[Step], None]) -> CannotWrite | None:
        """What is said where a step fails; what is no CannotWrite is not ours."""
        try:
            with Doors(self._place, before).watched():
                build([self._archive.folder], self._archive.index)
        except CannotWrite as error:
            return error
        return None

    def _judged(self, first: Fault, second: Fault) -> str | None:
        self._restore()
        try:
            for fault in (first, second):
                said = self._build(fault)
                if wrong := self._told(said, fault):
                    return wrong
                self._whole(made=said is None)
                if fault is first and said and not fault.stays and (left := self._left()):
                    return f"left over at once: {left}"
            archives.mend(self._archive, self._archive.index)
        except Exception as error:
            return repr(error)
        return None

    def _told(self, said: CannotWrite | None, fault: Fault) -> str | None:
        """What is wrong with a message. What only tidies up, or makes a folder that is there, may
        fail unheard."""
        if said is None:
            return f"unheard: {fault}" if fault.kind in HEARD else None
        line = said.message.format(**said.values)
        if os.strerror(fault.cause) not in line or str(self._archive.index) not in line:
            return f"said only {line}"
        return None

    def _whole(self, *, made: bool) -> None:
        """Raises Wrong where the index is not whole that there is now."""
        allowed = [self._after] if made else [self._before, self._after]
        if {} not in allowed or self._is_made():
            archives.matched(self._archive.index, allowed)

    def _is_made(self) -> bool:
        return any(self._archive.index.glob("*.toc"))

    def _left(self) -> set[str]:
        """What takes room though it is of no commit."""
        return archives.orphans(self._archive.index) if self._before else set()


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=5_000)
