"""The power fails at any moment: what was not waited for is lost, cut short, garbled, out of order.

What a writer does to files is noted down. At a moment taken at random a disk is made up of it that
holds what was waited for by fsync, and of the rest as much, and in as bad a state, as may be: a
file's bytes are safe when the file was settled, its name when its folder was. The writer is one
process: who cuts words beside it where there is much to index is left out here.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from benchmarks.faults import archive as archives
from benchmarks.faults import kill
from benchmarks.faults.archive import Archive, State, Wrong
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.storage import Step

PROMISE = (
    "A commit that was acknowledged is whole when the power fails: whatever was not on the disk "
    "yet is lost, cut short, garbled or out of order."
)
WITHOUT = "the process that cuts words beside a writer of much"
CRASHES = 60
"""Crashes that one series of commits is tried with."""
SECTOR = 512
ACKNOWLEDGED = "acknowledged"


@dataclass(eq=False)
class File:
    """A file, whatever its names: the bytes that are safe, and what was done since."""

    safe: bytes = b""
    pending: list[tuple[str, int, bytes]] = field(default_factory=list)

    def whole(self) -> bytes:
        """The bytes as they are seen while there is power."""
        return self._made(self.pending)

    def settle(self) -> None:
        self.safe, self.pending = self.whole(), []

    def _made(self, changes: list[tuple[str, int, bytes]]) -> bytes:
        data = bytearray(self.safe)
        for kind, at, written in changes:
            if kind == "truncate":
                data[at:] = bytes(max(0, at - len(data)))
            else:
                data += bytes(max(0, at - len(data)))
                data[at : at + len(written)] = written
        return bytes(data)

    def left(self, chance: random.Random) -> bytes:
        """What may be found of it afterwards."""
        match chance.randrange(5):
            case 0:
                return self.safe
            case 1:
                return self.whole()
            case 2:
                return self._made([each for each in self.pending if chance.random() < 0.5])
            case 3:
                data = self._garbled(chance)
                shortest = len(self.safe) if all(k != "truncate" for k, *_ in self.pending) else 0
                return data[: chance.randrange(shortest, len(data) + 1)] if self.pending else data
            case _:
                return self._garbled(chance)

    def _garbled(self, chance: random.Random) -> bytes:
        """Of its full size, but what was not safe is noughts here and anything there."""
        data = bytearray(self.whole())
        for kind, at, written in self.pending:
            for start in range(at, at + len(written), SECTOR) if kind == "write" else ():
                end = min(start + SECTOR, at + len(written))
                if chance.random() < 0.4:
                    junk = bytes(end - start), chance.randbytes(end - start)
                    data[start:end] = chance.choice(junk)
        return bytes(data)


Names = dict[str, File | None]
"""What stands at each path: a file, or None for a folder."""


@dataclass
class Disk:
    """What is on a disk, and which changes of its names are not safe yet, by folder."""

    names: Names = field(default_factory=dict)
    safe: Names = field(default_factory=dict)
    pending: dict[str, list[Step]] = field(default_factory=dict)
    moved: dict[int, File | None] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    """Kinds of waiting that this disk does not do, though it says so."""

    @classmethod
    def of(cls, folder: Path, ignored: frozenset[str] = frozenset()) -> Disk:
        """A folder and its index as they are, all of it safe."""
        found: Names = {str(folder): None}
        for path in sorted((folder / "index").rglob("*")):
            found[str(path)] = None if path.is_dir() else File(path.read_bytes())
        if (folder / "index").exists():
            found[str(folder / "index")] = None
        return cls(dict(found), found, ignored=ignored)

    def do(self, step: Step) -> None:
        match step.kind:
            case "create":
                file = self.names.get(step.path)
                if file is None:
                    self._rename(step, File())
                else:
                    file.pending.append(("truncate", 0, b""))
            case "mkdir":
                self._rename(step, None)
            case "write" | "truncate":
                file = self.names[step.path]
                assert file is not None
                file.pending.append((step.kind, step.at, step.data))
            case "fsync":
                self._settle(step.path)
            case "rename":
                self._rename(step, self.names[step.path])
            case "unlink" | "rmdir":
                self._rename(step, None)

    def _rename(self, step: Step, what: File | None) -> None:
        self.moved[id(step)] = what
        _apply(self.names, step, what)
        self.pending.setdefault(os.path.dirname(step.path), []).append(step)  # noqa: PTH120

    def _settle(self, path: str) -> None:
        file = self.names[path]
        if file is not None:
            if "file" not in self.ignored:
                file.settle()
        elif "folder" not in self.ignored:
            for step in self.pending.pop(path, []):
                _apply(self.safe, step, self.moved[id(step)])

    def left(self, chance: random.Random) -> dict[str, bytes | None]:
        """What may be found when the power is back: the files' bytes by path, None for folders."""
        names, how = dict(self.safe), chance.randrange(4)
        for steps in self.pending.values():
            kept = chance.randrange(len(steps) + 1)
            for number, step in enumerate(steps):
                some = chance.random() < (0.5, 0.9, 0.1, 0)[how] if how < 3 else number < kept
                if some:
                    _apply(names, step, self.moved[id(step)])
        there = {path: file for path, file in names.items() if _is_reached(names, path)}
        return {
            path: file.left(chance) if file is not None else None for path, file in there.items()
        }

    def seen(self) -> dict[str, bytes | None]:
        """What is there while there is power."""
        return {
            path: file.whole() if file is not None else None for path, file in self.names.items()
        }


def _apply(names: Names, step: Step, what: File | None) -> None:
    match step.kind:
        case "create" | "mkdir":
            names[step.path] = what
        case "rename":
            if names.get(step.path, names) is what:
                del names[step.path]
            names[step.to] = what
        case _:
            names.pop(step.path, None)


def _is_reached(names: Names, path: str) -> bool:
    """Whether all folders above a name are there, as far as this disk knows of any."""
    roots = min(map(len, names))
    above = os.path.dirname(path)  # noqa: PTH120
    return len(path) == roots or (above in names and _is_reached(names, above))


def run(seed: int, times: int, ignored: frozenset[str] = frozenset()) -> Tried:
    """Half of the series go on with an index that has lived, or that a killed writer has left."""
    chance, tried, seen = random.Random(seed), Tried(), Counter[str]()
    number = 0
    with archives.place() as place, archives.small():
        while tried.trials < times:
            here = place / str(number)
            here.mkdir()
            series = Series(here, chance, ignored, seen)
            series.crash(min(CRASHES, times - tried.trials), tried)
            shutil.rmtree(here)
            number += 1
    tried.more |= {"series of commits": number, **dict(sorted(seen.items()))}
    return tried


class Series:
    """Commits are made and noted down, then the power fails at moments of all that time."""

    def __init__(
        self, place: Path, chance: random.Random, ignored: frozenset[str], seen: Counter[str]
    ) -> None:
        self._place, self._chance, self._seen = place, chance, seen
        (place / "disk").mkdir()
        self._archive = archive = Archive(place / "disk", chance)
        if chance.random() < 0.5:
            kill.grow(archive, chance)
            if chance.random() < 0.5:
                self._written({"begun after a killed writer": 1})
        self._allowed = [archives.held(archive.index) if archive.index.exists() else {}]
        self._disk = Disk.of(archive.index.parent, ignored)
        self._notes: list[Step | State | str] = []
        for _ in range(chance.randrange(1, 5)):
            killed = chance.random() < 0.4
            self._notes += self._written({"writers killed before": 1} if killed else None)

    def _written(self, killed: dict[str, int] | None = None) -> list[Step | State | str]:
        """One writer at work; what it meant to commit, what it did, whether it acknowledged."""
        hook = self._hook() if killed else None
        self._seen.update(killed or {})
        notes = self._place / "notes"
        state = self._archive.change()
        writer = kill.written(self._archive, hook, notes=notes)
        if writer.said:
            raise Wrong(writer.said)
        with notes.open("rb") as file:
            found = list(_loaded(file))
        return [state, *found, *[ACKNOWLEDGED] * writer.acknowledged]

    def _hook(self) -> kill.Hook:
        """Where a writer is killed: anywhere, or where its commit has a name that is not safe."""
        if self._chance.random() < 0.5:
            return kill.behind(".toc")
        return kill.killing(self._chance.randrange(60), partly=False)

    def crash(self, times: int, tried: Tried) -> None:
        moments = sorted(self._chance.choices(range(len(self._notes) + 1), k=times))
        done = 0
        for number, moment in enumerate(moments):
            self._pass(done, moment)
            done = moment
            crashed = self._place / str(number)
            self._write(crashed)
            failure = self._judged(crashed / "index")
            where = f"series {self._place.name}, after {moment} of {len(self._notes)} steps"
            tried.trial(f"{where}: {failure}" if failure else None)
            shutil.rmtree(crashed)
        self._pass(done, len(self._notes))
        if self._disk.seen() != Disk.of(self._archive.index.parent).seen():
            tried.failures.append(f"series {self._place.name}: a write went around the doors")

    def _pass(self, done: int, moment: int) -> None:
        """Time goes on to a moment."""
        for note in self._notes[done:moment]:
            if isinstance(note, Step):
                self._seen[note.kind] += 1
                self._disk.do(note)
            elif isinstance(note, dict):
                self._allowed.append(note)
            else:
                self._allowed = self._allowed[-1:]

    def _write(self, into: Path) -> None:
        """A disk on which what is left is all there is."""
        into.mkdir()
        root = str(self._archive.index.parent)
        for path, data in sorted(self._disk.left(self._chance).items()):
            place = Path(str(into) + path.removeprefix(root))
            if data is None:
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(data)

    def _judged(self, index: Path) -> str | None:
        """What is wrong with an index after the power has failed, or with the one made of it."""
        try:
            if {} not in self._allowed or any(index.glob("*.toc")):
                archives.matched(index, self._allowed)
            archives.mend(self._archive, index)
        except Exception as error:
            return repr(error)
        return None


def _loaded(file: BinaryIO) -> Iterator[Step]:
    while True:
        try:
            yield pickle.load(file)
        except EOFError:
            return


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=5_000)
