"""Every step by which a process of Python changes files, seen before it is done.

A step is a write, a rename, an fsync; files that are opened to be written, truncated or removed,
and folders made or removed. What comes before a step may end the process, fail, or note it down.
"""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

WRITING = os.O_WRONLY | os.O_RDWR
BUFFER = 4096
"""Bytes that are gathered before they are written: less than usual, so that there are more steps.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One change that is about to be made: to `path`, of `data` at `at`, or to the name `to`."""

    kind: str
    path: str
    data: bytes = b""
    at: int = 0
    to: str = ""


@dataclass
class Doors:
    """The steps below a folder; `before` is told each, and may keep it from being done by raising.
    `after` is told it when it is done."""

    folder: Path
    before: Callable[[Step], None]
    after: Callable[[Step], None] = lambda step: None
    _paths: dict[int, str] = field(default_factory=dict)

    def concerns(self, path: Any) -> str:
        """The path as it is told, "" where it is none of ours."""
        if isinstance(path, int):
            return self._paths.get(path, "")
        found = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  (names are not to be resolved)
        root = str(self.folder)
        return found if found == root or found.startswith(root + os.sep) else ""

    def call(self, step: Step, real: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.before(step)
        done = real(*arguments, **named)
        self.after(step)
        return done

    @contextmanager
    def watched(self) -> Iterator[Doors]:
        """While this lasts, whatever this process does goes through here."""
        opened = _opener(self)
        patches = {
            "open": _descriptor_opener(self),
            "fsync": _of_descriptor(self, "fsync", os.fsync),
            "ftruncate": _of_descriptor(self, "truncate", os.ftruncate),
            "write": _of_descriptor(self, "write", os.write),
            "rename": _renamer(self, os.rename),
            "replace": _renamer(self, os.replace),
            "unlink": _of_path(self, "unlink", os.unlink),
            "remove": _of_path(self, "unlink", os.remove),
            "mkdir": _of_path(self, "mkdir", os.mkdir),
            "rmdir": _of_path(self, "rmdir", os.rmdir),
        }
        with (
            mock.patch.multiple(os, **patches),
            mock.patch.object(io, "open", opened),
            mock.patch.object(builtins, "open", opened),
        ):
            yield self


class _File(io.FileIO):
    """A file whose writes are steps. Whatever is gathered before them is lost with the process."""

    def __init__(self, path: str, mode: str, doors: Doors) -> None:
        self._doors, self._path = doors, path
        super().__init__(path, mode)
        doors._paths[self.fileno()] = path

    def write(self, data: Any, /) -> int:
        whole = bytes(data)
        at = self.tell()
        return int(self._doors.call(Step("write", self._path, whole, at), super().write, whole))

    def truncate(self, size: int | None = None, /) -> int:
        at = self.tell() if size is None else size
        return int(self._doors.call(Step("truncate", self._path, at=at), super().truncate, at))


def _opener(doors: Doors) -> Callable[..., Any]:
    real = io.open

    def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        path = "" if isinstance(file, int) else doors.concerns(file)
        if not path or not set(mode) & set("wxa+"):
            return real(file, mode, *arguments, **named)
        plain = mode.replace("b", "").replace("t", "")
        # "r+" makes no change by itself
        kind = "create" if plain[0] in "wx" else "touch"
        raw = doors.call(Step(kind, path), _File, path, plain, doors)
        buffered = io.BufferedRandom(raw, BUFFER) if "+" in mode else io.BufferedWriter(raw, BUFFER)
        if "b" in mode:
            return buffered
        named.pop("buffering", None)
        return io.TextIOWrapper(buffered, **named)

    return opened


def _descriptor_opener(doors: Doors) -> Callable[..., int]:
    real = os.open

    def opened(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        found = doors.concerns(path)
        if not found or not flags & (WRITING | os.O_CREAT):
            descriptor = real(path, flags, *arguments, **named)
        else:
            made = flags & os.O_CREAT and not os.path.exists(found)  # noqa: PTH110
            step = Step("create" if made else "touch", found)
            descriptor = doors.call(step, real, path, flags, *arguments, **named)
        doors._paths[descriptor] = found
        return int(descriptor)

    return opened


def _of_descriptor(doors: Doors, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def done(descriptor: Any, *arguments: Any) -> Any:
        path = doors.concerns(descriptor)
        if not path:
            return real(descriptor, *arguments)
        data = bytes(arguments[0]) if kind == "write" else b""
        at = arguments[0] if kind == "truncate" else 0
        if kind == "write":
            at = os.lseek(descriptor, 0, os.SEEK_CUR)
        return doors.call(Step(kind, path, data, at), real, descriptor, *arguments)

    return done


def _of_path(doors: Doors, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def done(path: Any, *arguments: Any, **named: Any) -> Any:
        found = doors.concerns(path)
        if not found or named.get("dir_fd") is not None:
            return real(path, *arguments, **named)
        return doors.call(Step(kind, found), real, path, *arguments, **named)

    return done


def _renamer(doors: Doors, real: Callable[..., Any]) -> Callable[..., Any]:
    def done(old: Any, new: Any, **named: Any) -> Any:
        found = doors.concerns(old)
        if not found:
            return real(old, new, **named)
        return doors.call(Step("rename", found, to=doors.concerns(new)), real, old, new, **named)

    return done
