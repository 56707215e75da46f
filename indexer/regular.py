"""Files of an index opened as what they should be: regular ones, never a pipe or a device.

An index may come from someone else. A pipe in the place of a file would wait for ever, a device
would have no end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from chabao.indexer import sharing

FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def descriptor(path: Path) -> int:
    """Opens a file to be read; the caller closes it. Raises OSError where it is no regular file."""
    opened = sharing.patiently(lambda: os.open(path, FLAGS))
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "not a file", str(path))
    return opened


def read(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError."""
    with open(descriptor(path), "rb") as file:
        return file.read()
