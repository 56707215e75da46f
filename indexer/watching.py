"""An index kept in step with its folders: the one door to watchfiles.

The system only tells that something happened, and where it cannot, the clock does. What happened is
found by looking at the stamps of all files, and brought into the index by `build`. So nothing stays
missed that the system has missed, or that came while the index was being written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chabao.indexer import discovery, sinks
from chabao.indexer.build import Note, Progress, Report, build, demand_readable
from chabao.indexer.errors import ChabaoError, MissingFolder, MissingIndex

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place

QUIET = 0.5
"""Seconds without a change before what changed is read: editors write a file in several steps."""
LONGEST = 5.0
"""Seconds after which it is read even so."""
TICK = 1.0
"""Seconds between two looks at the folders themselves, which may go and come back."""
ROUND = 60.0
"""Seconds after which the files are looked at although nothing was told."""
UNTOLD = 10.0
"""The same where the system cannot tell."""
PATIENCE = 60.0
"""Seconds, at most, before what failed is tried again."""
Look = tuple[object, ...]
"""All that can be seen of the files without reading them."""


class Listener(Protocol):
    """Is told what a watch does. Nothing that it is told ends the watch."""

    def building(self) -> AbstractContextManager[Callable[[Progress], None]]:
        """The index is about to be brought up to date."""

    def updated(self, done: Report, seconds: float) -> None:
        """It was, and something in it is new."""

    def failed(self, error: Exception) -> None:
        """It could not be, and will be tried again. Said once for each reason."""

    def noticed(self, note: Note) -> None:
        """Something about a folder that may surprise. Said once."""

    def waiting(self) -> None:
        """Another program writes the index, and its turn comes first."""


@dataclass(slots=True)
class Watch:
    """Keeps an index fresh.

    `folders` are added to those that the index has. With `poll` the files are looked at every so
    many seconds, and the system is not asked to tell. Of a folder that is not there, as a network
    drive at times, the index keeps what it has.
    """

    folders: Sequence[Path]
    index: Place
    listener: Listener
    poll: float | None = None
    _seen: Look | None = None
    _last: Report | None = None
    _due: float = 0.0
    _pause: float = TICK
    _failing: str = ""
    _said: set[Note] = field(default_factory=set)
    _absent: tuple[str, ...] = ()
    _away: set[str] = field(default_factory=set)
    _devices: dict[str, int] = field(default_factory=dict)
    _roots: tuple[object, dict[str, str]] = (None, {})

    def run(self) -> None:
        """Ends only by an exception, as KeyboardInterrupt is.

        Raises MissingFolder, NoFolder, or MissingIndex where no folder is named and none is known.
        """
        self._check()
        self._step()
        while True:
            doors = self._doors()
            with closing(self._alarms(doors)) as alarms:
                for at, told in enumerate(alarms):
                    # What came before the system was asked to tell is seen by the first step.
                    if at == 0 or told or time.monotonic() >= self._due:
                        self._step()
                    if self._doors() != doors or not told.isdisjoint(doors):
                        break

    def _check(self) -> None:
        if not self.folders:
            sinks.stamp(self.index)
        known = self._known().values()
        for folder in self.folders:
            if not folder.exists() and str(folder.resolve()) not in known:
                raise MissingFolder(path=folder)
        demand_readable(self.folders)

    def _alarms(self, doors: Mapping[str, object]) -> Generator[set[str], None, None]:
        """The paths of which something is told, at every tick, often none; ends where the system
        tells no more."""
        folders = [path for path, seen in doors.items() if seen and Path(path).is_dir()]
        if self.poll or not folders:
            yield from _ticks()
        import watchfiles

        try:
            for changes in watchfiles.watch(
                *folders, watch_filter=None, debounce=int(1000 * LONGEST), step=int(1000 * QUIET),
                rust_timeout=int(1000 * TICK), yield_on_timeout=True, ignore_permission_denied=True,
            ):  # fmt: skip
                yield {path for _, path in changes}
        except FileNotFoundError:  # gone since; the clock sees it come back
            time.sleep(TICK)
        except (OSError, RuntimeError) as error:
            said = Note(
                str(error),
                message="the system tells of no changes ({path}); looking every 10 s instead",
            )
            self._notice(said)
            self.poll = UNTOLD

    def _step(self) -> None:
        """Brings the index up to date if its files look otherwise than when it was last."""
        began = time.monotonic()
        self._due = began + (self.poll or ROUND)
        try:
            look = self._settled() if self.poll else self._look()
            if look == self._seen:
                return
            with self.listener.building() as progress:
                done = build(
                    self._wanted(), self.index, progress=progress, waiting=self.listener.waiting,
                    absent=self._absent,
                )  # fmt: skip
        except Exception as error:  # whatever it is, the next change may mend it
            self._fail(error)
            return
        # Not what it looks like now: what has changed meanwhile is for the next step.
        self._seen, self._failing, self._pause = look, "", TICK
        self._tell(done, time.monotonic() - began)

    def _wanted(self) -> list[Path]:
        """The folders to add: all that were known, where the index was deleted meanwhile."""
        known = [] if self._is_made() else map(Path, self._roots[1].values())
        return list(dict.fromkeys([*known, *self.folders]))

    def _is_made(self) -> bool:
        try:
            return sinks.stamp(self.index) >= 0
        except (OSError, MissingIndex):
            return False

    def _fail(self, error: Exception) -> None:
        self._seen = None
        self._due = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, PATIENCE)
        if str(error) != self._failing:
            self._failing = str(error)
            self.listener.failed(error)

    def _tell(self, done: Report, seconds: float) -> None:
        for note in done.notes:
            if note.path not in self._absent:
                self._notice(note)
        absent = set(self._absent)
        for root in sorted(absent - self._away):
            note = Note(root, message="{path} is not there; the index keeps what it has of it")
            self.listener.noticed(note)
        for root in sorted(self._away - absent):
            self.listener.noticed(Note(root, message="{path} is there again"))
        self._away = absent
        if self._last is None or not _is_same(self._last, done):
            self.listener.updated(done, seconds)
        self._last = done

    def _notice(self, note: Note) -> None:
        if note not in self._said:
            self._said.add(note)
            self.listener.noticed(note)

    def _look(self) -> Look:
        from chabao.indexer.reader import SUFFIXES

        roots = self._known()
        for folder in self.folders:
            path = folder.resolve()
            roots[discovery.label(roots, path)] = str(path)
        self._absent = tuple(root for root in roots.values() if not self._is_there(root))
        found = discovery.files(roots, SUFFIXES)
        files = tuple((str(file.path), file.stamp) for file in found.files)
        return self._is_made(), tuple(roots.items()), self._absent, files, tuple(found.refused)

    def _settled(self) -> Look:
        """What the files look like once they are quiet: between two polls nobody tells."""
        look, until = self._look(), time.monotonic() + LONGEST
        while look != self._seen and time.monotonic() < until:
            time.sleep(QUIET)
            look, before = self._look(), look
            if look == before:
                break
        return look

    def _is_there(self, root: str) -> bool:
        """Whether a folder can be looked into. One that is empty, and on another device than it
        was when it had files, is the place where a drive was mounted."""
        try:
            device = Path(root).stat().st_dev
            empty = Path(root).is_dir() and not any(Path(root).iterdir())
        except OSError:
            return False
        if empty:
            return self._devices.get(root, device) == device
        self._devices[root] = device
        return True

    def _doors(self) -> dict[str, object]:
        """Which folders stand there, by what tells one from another that has its name; of a file
        that was named itself also its state, as nobody tells of that."""
        doors: dict[str, object] = {}
        for root in self._known().values():
            try:
                status = Path(root).stat()
            except OSError:
                doors[root] = None
                continue
            file = () if Path(root).is_dir() else (status.st_size, status.st_mtime_ns)
            doors[root] = (status.st_dev, status.st_ino, *file)
        return doors

    def _known(self) -> dict[str, str]:
        """The folders of the index by name, read again only when the index has changed; those of
        the last time where it cannot be read."""
        with suppress(OSError, ChabaoError):
            stamp = sinks.stamp(self.index)
            if stamp != self._roots[0]:
                self._roots = (stamp, sinks.known(self.index).roots)
        return dict(self._roots[1])


def _ticks() -> Generator[set[str], None, None]:
    for _ in repeat(None):
        time.sleep(TICK)
        yield set()


def _is_same(before: Report, now: Report) -> bool:
    """Whether nothing came of an update."""
    same = (now.unchanged, now.removed) == (now.files, 0)
    return same and (before.files, before.refused) == (now.files, now.refused)
