"""Whether there is memory left. Libraries say it in many ways, or end the process."""

from __future__ import annotations

import sys

from chabao.indexer.errors import OutOfMemory

LIBRARIES = 190 << 20
"""Bytes of addresses that numpy and the segmenter take when they are loaded."""
CORE = 48 << 20
"""What OpenBLAS, which comes with numpy, takes beside for each further core."""
MOST = 64
"""Cores that OpenBLAS uses."""
LITTLE = 16 << 20
"""Bytes without which hardly anything can be done."""


def demand(cores: int) -> None:
    """Raises OutOfMemory where numpy and the segmenter would find too little; they end the process.
    Nothing is taken for longer than this lasts."""
    if sys.platform == "win32" or "numpy" in sys.modules:
        return
    import mmap

    wanted = LIBRARIES + (min(cores, MOST) - 1) * CORE
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
    try:
        mmap.mmap(-1, wanted, flags=flags).close()
    except OSError as error:
        raise OutOfMemory from error


def is_scarce() -> bool:
    """Whether there is hardly any: an error that comes then, whatever it says, is one of memory."""
    try:
        bytearray(LITTLE)
    except MemoryError:
        return True
    return False
