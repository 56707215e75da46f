"""Programs that are installed: none that only lies in the folder one is in.

Windows looks there before anywhere else, and whoever shares a folder of bulletins may have put a
program of that name into it.
"""

from __future__ import annotations

import os
import shutil


def which(name: str) -> str | None:
    """The path of a program, as `shutil.which` gives it. One that is named with its folder is the
    one that is meant, wherever that is."""
    found = shutil.which(name)
    return found if found and (os.path.dirname(name) or os.path.isabs(found)) else None  # noqa: PTH117,PTH120
