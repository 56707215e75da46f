"""A file that is there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from chabao.indexer import sharing
from chabao.search.errors import UnwritableFile


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write in the place of `path`, which is replaced when all is written.

    A link goes on pointing to where it did; a device or a pipe is written as it is. Raises
    UnwritableFile; what stood there before is then still there.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
        else:
            with _beside(path.resolve()) as file:
                yield file
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise UnwritableFile(path=path, reason=error.strerror or str(error)) from error


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    partial = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):
            shutil.copymode(target, partial)
        sharing.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
