"""What reading a file may take, by format, and what is said where it takes more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from chabao.indexer.reader import formats

MB = 1 << 20
FILE = 256 * MB
"""Bytes of a file beyond which it is not read."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount, and the reason for which a file is refused that needs more."""

    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """`time` is in seconds, wall and processor alike, and begins again with each document of a
    file; `memory` in bytes of a process; `output` in characters of a file's documents together.

    `pace` is for formats that are read as fast as they are long: so many bytes give a second more.
    """

    time: Limit = Limit(10, reason="took longer than 10 s")
    memory: Limit = Limit(512 * MB, reason="needed more than 512 MB")
    output: Limit = Limit(20_000_000, reason="gave more than 20 million characters")
    pace: int = 0

    def seconds(self, size: int) -> int:
        """Seconds for a file of `size` bytes."""
        return self.time.amount + (size // self.pace if self.pace else 0)


DEFAULT = Limits()
TABLE = {
    # The parser's own pace, and a tenth of it on a busy machine.
    "text": Limits(time=Limit(10, reason="took too long for its size"), pace=100_000),
    # LibreOffice takes seconds to start, and is another process with a memory of its own.
    "office": Limits(
        time=Limit(60, reason="took longer than 60 s"),
        memory=Limit(2048 * MB, reason="needed more than 2 GB"),
    ),
    # Seconds a page on a slow machine.
    "scans": Limits(
        time=Limit(300, reason="took longer than 300 s"),
        memory=Limit(2048 * MB, reason="needed more than 2 GB"),
    ),
}
"""Limits of formats that need others than the rest."""


def of(module: str) -> Limits:
    """The limits of a format."""
    return TABLE.get(module, DEFAULT)


def first(path: str) -> Limits:
    """The limits under which a file is begun: those of the format that its name says."""
    return of(formats.module_of(PurePath(path).name))
