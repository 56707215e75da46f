"""Errors as they are told to readers: what happened, and what to do, but not where files lie."""

from __future__ import annotations

from pathlib import PurePath

from chabao.indexer.errors import ChabaoError
from chabao.messages import PLACES, say


def told(error: ChabaoError) -> str:
    """What happened; readers may be elsewhere, and of places are told the names only."""
    values = {
        name: PurePath(str(value)).name if name in PLACES else value
        for name, value in error.values.items()
    }
    return say(error.message, **values)


def advised(error: ChabaoError) -> str:
    """What happened, and what to do next."""
    hint = say(error.hint)
    return f"{told(error)} — {hint}" if hint else told(error)
