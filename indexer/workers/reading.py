"""A file to the records of its documents, as plain data: the same here and in another process.

What is said of a file comes in parts (`Part`), so that who waits knows that there is progress:
`{"digest"}`, `{"format"}` where one is begun, `{"document"}` for each, `{"refused", "reason"}` for
each that could not be read, and at the end `{"end"}`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chabao.indexer import fields, parser, room
from chabao.indexer.folding import fold_text
from chabao.indexer.reader import formats
from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.workers import limits

Part = dict[str, Any]
CRASHED = Unreadable(reason="the reader crashed").reason
CRASHES = {
    AttributeError: Unreadable(reason="the reader crashed (AttributeError)").reason,
    AssertionError: Unreadable(reason="the reader crashed (AssertionError)").reason,
    IndexError: Unreadable(reason="the reader crashed (IndexError)").reason,
    KeyError: Unreadable(reason="the reader crashed (KeyError)").reason,
    RecursionError: Unreadable(reason="the reader crashed (RecursionError)").reason,
    TypeError: Unreadable(reason="the reader crashed (TypeError)").reason,
    ValueError: Unreadable(reason="the reader crashed (ValueError)").reason,
    Exception: Unreadable(reason="the reader crashed (another exception)").reason,
}
"""What is said of an exception: whole messages, as the type alone cannot be translated."""
NOTHING = Unreadable(reason="there is no text in it").reason
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read: `source` is what its records call it; `digest` that of what is known of it,
    which need not be read again."""

    path: str
    source: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that was read, as a part has it. `source` is the file's, or goes on with the path
    inside of it.

    `issue` is a digest of what the issue is called, "" where nothing says; `text` is a digest of
    the folded letters and digits of all items, "" where there are none.
    """

    source: str
    issue: str
    text: str
    remarks: tuple[str, ...]
    records: list[fields.Record]


@dataclass(slots=True)
class Outcome:
    """What came of a file: documents, or that it is the same as before, and what was refused: the
    reason by the path inside the file, "" for the file itself."""

    digest: str = ""
    same: bool = False
    documents: list[Reading] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def reasons(self) -> Iterator[str]:
        """Why there is not more, that of the whole file first."""
        yield from dict(sorted(self.refused.items())).values()

    def take(self, part: Part) -> None:
        self.digest = part.get("digest", self.digest)
        self.same = part.get("same", self.same)
        if document := part.get("document"):
            remarks = tuple(document["remarks"])
            self.documents.append(Reading(**{**document, "remarks": remarks}))
        if "refused" in part:
            self.refused[part["refused"]] = part["reason"]


def outcome(parts: Iterable[Part]) -> Outcome:
    found = Outcome()
    for part in parts:
        found.take(part)
    return found


def crashed(error: Exception) -> str:
    """The reason for which a file is refused whose reader raised what it should not."""
    return next(CRASHES[kind] for kind in type(error).__mro__ if kind in CRASHES)


class Elsewhere(Exception):
    """A file that is no plain text, and so not to be read where nothing holds its reader."""


def plain(job: Job) -> Iterator[Part]:
    """The `parts` of a text. Raises Elsewhere of a file that is, by name or by bytes, no text."""
    return parts(job, only=formats.TEXT)


def parts(job: Job, only: str = "") -> Iterator[Part]:
    """What is said of a file, its end left out. MemoryError is not caught: who limits memory knows
    how much there was. Raises Elsewhere if it has another format than the `only` one."""
    try:
        data = load(job.path)
        if only and formats.module_of(os.path.basename(job.path), data) != only:  # noqa: PTH119
            raise Elsewhere
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        same = digest == job.digest
        yield {"digest": digest, "same": same, "size": len(data)}
        if not same:
            yield from _documents(data, job)
    except Unreadable as error:
        yield {"refused": "", "reason": error.reason}
    except (MemoryError, Elsewhere):
        raise
    except Exception as error:
        if room.is_scarce():
            # Nothing is wrong with the file, and it is to be tried again.
            raise MemoryError from error
        # Whatever a library makes of a file, the other files are read.
        yield {"refused": "", "reason": crashed(error)}


def load(path: str) -> bytes:
    """The bytes of a regular file. Raises Unreadable with the reason."""
    # Opening a pipe would wait for who writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(path, "rb", opener=partial(_open, flags=flags)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(reason="not a file but a device or a pipe")
            if status.st_size > limits.FILE:
                raise Unreadable(reason="larger than 256 MB")
            # Room for as much is taken beforehand.
            return file.read(status.st_size)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


def _open(path: str, _flags: int, flags: int) -> int:
    return os.open(path, flags)


def _documents(data: bytes, job: Job) -> Iterator[Part]:
    """Each document of a file as a part."""
    most = limits.first(job.path).output
    given, taken = 0, set[str]()
    for document in formats.documents(data, os.path.basename(job.path)):  # noqa: PTH119
        given += len(document.text) + len(document.name) + sum(map(len, document.remarks)) + 100
        if given > most.amount:
            raise Unreadable(most.reason)
        name = _unlike(document.name, taken)
        if SIGNS.sub("", document.text[:10_000]) or not document.name:
            yield {"document": _reading(document, job.source + (name and f"/{name}"))}
        else:
            yield {"refused": name, "reason": next(iter(document.remarks), NOTHING)}
    if not given:
        raise Unreadable(NOTHING)


def _unlike(name: str, taken: set[str]) -> str:
    """A name inside a file that no other document of it has; it leads nowhere else."""
    steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    name, number = "/".join(steps), 1
    base = name
    while name in taken:
        number += 1
        name = f"{base}~{number}"
    taken.add(name)
    return name


def _reading(document: Document, source: str) -> dict[str, Any]:
    issue = parser.parse(document.text, source, document.pages)
    found = list(fields.records(issue))
    named = issue.number or issue.date
    name = f"{issue.publisher or ''}\0{named}" if named else ""
    said = letters(record["text"] for record in found)
    return {
        "source": source, "issue": _digest(name), "text": _digest(said),
        "remarks": document.remarks, "records": found,
    }  # fmt: skip


def letters(texts: Iterable[str]) -> str:
    """Folded letters and digits alone: what two copies of a text have in common, whatever format
    they came in."""
    return SIGNS.sub("", fold_text("".join(texts)))


def _digest(text: str) -> str:
    if not text:
        return ""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
