"""Files, pipes and standard input read to their end, as far as that is not too far.

Whoever names /dev/zero, or the wrong file, is told so before memory ends.
"""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000
INPUT = Path("-")
"""Standard input."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most bytes that are read, and what is said where there are more."""

    most: int
    reason: str


QUERY = Bound(MB, reason="it is longer than 1 MB")
SYNONYMS = QUERY
TERMS = Bound(10 * MB, reason="it is longer than 10 MB")
FILE = Bound(100 * MB, reason="it is longer than 100 MB")


def read(path: Path, bound: Bound) -> bytes:
    """The bytes of a file or a pipe; - is standard input. Raises OSError, also for what is longer
    than the bound."""
    if path == INPUT:
        data = sys.stdin.buffer.read(bound.most + 1)
    else:
        with path.open("rb") as file:
            data = file.read(bound.most + 1)
    if len(data) > bound.most:
        raise OSError(errno.EFBIG, bound.reason, str(path))
    return data
