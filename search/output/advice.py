"""Commands that are advised, for the index that was named."""

from __future__ import annotations

from collections.abc import Callable

adapt: Callable[[str], str] = str
"""Makes the commands of a sentence those for the index that was named: the command line, which
knows how it was named, sets it."""


def advised(said: str) -> str:
    """A sentence with commands, for the index that is read."""
    return adapt(said)
