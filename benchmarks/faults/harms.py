"""What a file of an index can come to: changed in one place, cut, lost, or another in its place."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = 4096
Files = dict[str, bytes]
Harm = Callable[[random.Random, Files, str, "World"], bytes | None]


@dataclass
class World:
    """An index and what is known of it: of which folder it is, the bytes of its files, what they
    were before, those of another index, where the sections of its segments lie, and the right
    answers."""

    folder: Path
    index: Path
    files: Files
    before: Files
    other: Files
    sections: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    right: dict[str, Any] = field(default_factory=dict)


def kind(name: str) -> str:
    return name if name.startswith("manifest") else Path(name).suffix


def harmed(chance: random.Random, there: World) -> tuple[str, dict[str, bytes | None]]:
    """What is done, and the files that are other ones then: one, or two that were exchanged."""
    while True:
        name = chance.choice(list(there.files))
        how = chance.choice(list(HARMS))
        if how == "exchange":
            other = chance.choice([each for each in there.files if each != name])
            return how, {name: there.files[other], other: there.files[name]}
        found = HARMS[how](chance, there.files, name, there)
        if found != there.files[name]:
            return how, {name: found}


def _flip(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data = bytearray(files[name])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _byte(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data = bytearray(files[name])
    data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _zeros(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data, size = bytearray(files[name]), chance.choice((16, 512, PAGE))
    start = chance.randrange(0, len(data), size)
    data[start : start + size] = bytes(len(data[start : start + size]))
    return bytes(data)


def _scrambled(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data, size = bytearray(files[name]), chance.choice((2, 4, 64, 512, PAGE))
    start = chance.randrange(len(data))
    data[start : start + size] = chance.randbytes(len(data[start : start + size]))
    return bytes(data)


def _cut(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    return files[name][: chance.randrange(len(files[name]))]


def _longer(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data, size = files[name], chance.choice((1, 8, 512, PAGE))
    return data + chance.choice((bytes(size), chance.randbytes(size), data[-size:], data))


def _inserted(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data, at = files[name], chance.randrange(len(files[name]))
    return data[:at] + chance.randbytes(chance.randint(1, 8)) + data[at:]


def _taken(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    data, at = files[name], chance.randrange(len(files[name]))
    return data[:at] + data[at + chance.randint(1, 8) :]


def _moved(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    """Two stretches of a file in one another's place."""
    data, size = bytearray(files[name]), chance.choice((1, 4, 64, 512))
    one, two = (chance.randrange(max(len(data) - size, 1)) for _ in range(2))
    if abs(one - two) >= size:
        data[one : one + size], data[two : two + size] = (
            data[two : two + size], data[one : one + size],
        )  # fmt: skip
    return bytes(data)


def _copied(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    """Another file of the index under this name too."""
    return files[chance.choice(list(files))]


def _foreign(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    """The file of the same kind of another index."""
    sort = kind(name)
    return chance.choice([data for each, data in there.other.items() if kind(each) == sort])


def _older(chance: random.Random, files: Files, name: str, there: World) -> bytes:
    """The file of the same name, or kind, of an earlier commit."""
    sort = kind(name)
    earlier = [data for each, data in there.before.items() if kind(each) == sort]
    return there.before[name] if name.startswith("manifest") else chance.choice(earlier)


def _lost(chance: random.Random, files: Files, name: str, there: World) -> None:
    return None


WITHIN = ("bit", "byte", "zeros", "scrambled")
"""Harms that a stretch of a file can come to, and be as long as before."""
HARMS: dict[str, Harm] = {
    "bit": _flip, "byte": _byte, "zeros": _zeros, "scrambled": _scrambled, "cut": _cut,
    "longer": _longer, "inserted": _inserted, "taken": _taken, "moved": _moved,
    "copied": _copied, "of another index": _foreign, "of an earlier commit": _older,
    "lost": _lost, "exchange": _lost,
}  # fmt: skip
