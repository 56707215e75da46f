"""Workers seen from outside: how much memory they have, and their end.

On Linux the kernel holds a process to its memory. Elsewhere it is asked how much there is: the one
door to psutil.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

INTERVAL = 0.05
"""Seconds between two looks."""


def memory(pid: int) -> int:
    """Bytes that a process has in memory, as far as nobody else looks after it; 0 otherwise."""
    if sys.platform == "linux":
        return 0
    import psutil

    with suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker that has not been waited for, and all that it has started."""
    if sys.platform == "win32":
        import psutil

        with suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
