"""Limits that the kernel keeps for this process, even where no Python runs any more."""

from __future__ import annotations

import os
import signal
import sys
import time

from chabao.indexer.workers.limits import MB, Limits

GRACE = 2
"""Seconds after which the kernel ends what nobody else has ended."""
FILE = 512 * MB
"""Bytes of a file that may be written, of those that a library keeps beside its work."""


def hold(limits: Limits, size: int) -> None:
    """Begins with a document of a file of `size` bytes. Where a platform has no such limits, only
    who waits for this process watches it."""
    if sys.platform == "win32":
        return
    import resource

    seconds = limits.seconds(size)
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    # An alarm is not inherited, so that processor time also holds what this process starts.
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 2 * (seconds + GRACE))
    _limit(resource.RLIMIT_FSIZE, FILE)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        # Libraries reserve addresses that they never use, so memory is counted as what is written.
        _limit(resource.RLIMIT_DATA, limits.memory.amount)
        _limit(resource.RLIMIT_AS, 4 * limits.memory.amount)


def release() -> None:
    """Ends the wait for a document."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(kind: int, amount: int) -> None:
    import resource

    if sys.platform != "win32":
        hard = resource.getrlimit(kind)[1]
        most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (most, hard))


def has_children() -> bool:
    """Whether something that this process started is still there."""
    if sys.platform == "win32":
        return False
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
