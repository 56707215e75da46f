"""Files of an index taken for what they should be: regular ones, never a pipe or a device.

An index may come from someone else. A pipe in the place of a file would wait for ever, a device
would have no end.
"""

from __future__ import annotations

import errno
import os
import secrets
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


def size(path: Path) -> int:
    """The bytes of a regular file; 0 of anything else, and of one that is there no more."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def is_other(path: Path) -> bool:
    """Whether something stands there that is no regular file: a link to one is none."""
    try:
        return not stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def make_way(path: Path) -> None:
    """Takes a folder away that stands where a file is to be: one with something in it gets a name
    of its own beside. Raises OSError."""
    if path.is_symlink() or not path.is_dir():
        return
    try:
        path.rmdir()
    except OSError:
        path.rename(path.with_name(f"aside.{secrets.token_hex(4)}.{path.name}"))


def read(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError."""
    with open(descriptor(path), "rb") as file:
        return file.read()
