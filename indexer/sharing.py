"""Files that others have open, which Windows lets nobody replace, rename or open anew.

Others are a reader of the moment, a virus scanner, a backup: after a while they are through, so it
is asked again. Elsewhere there is no such thing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between one try and the next: a second and a half in all."""
T = TypeVar("T")


def patiently(call: Callable[[], T]) -> T:
    """What `call` gives. Raises PermissionError where it is refused to the end."""
    if sys.platform == "win32":
        for pause in PAUSES:
            try:
                return call()
            except PermissionError:
                time.sleep(pause)
    return call()


def replace(source: Path, target: Path) -> None:
    """Gives a file the name of another, which is gone then, in one step. Raises OSError."""
    patiently(lambda: source.replace(target))
