"""What a commit leaves on the disk, whatever happens to the machine afterwards.

Whoosh never waits for the disk. The order is: the files of a segment (by whoever wrote them), the
folder, the table of contents under a name of its own, its true name, the folder again.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from whoosh.filedb.filestore import FileStorage, RamStorage

from chabao.indexer import sharing


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's storage, in which a renamed file is on the disk under either name."""

    def temp_storage(self, name: str | None = None) -> RamStorage:
        """Whoosh would empty a folder of a name that can be foretold, wherever a link leads."""
        return RamStorage()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        settle(folder / oldname)
        settle_folder(folder)
        sharing.patiently(lambda: FileStorage.rename_file(self, oldname, newname, safe))
        settle_folder(folder)


def settle(path: Path) -> None:
    """Waits until a file's bytes are on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Waits until a folder's names are on the disk; Windows has no such thing."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle_above(folder: Path) -> None:
    """Waits until a folder is on the disk, and those that it is in, whoever made them."""
    place = folder.resolve()
    for above in place.parents:
        # Who may not read a folder cannot wait for it, and some file systems know no waiting.
        with suppress(PermissionError if above == place.parent else OSError):
            settle_folder(above)
