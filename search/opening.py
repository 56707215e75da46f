"""Where an item or a passage stands on the disk, so that its file can be opened there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from chabao.search import catalogue
from chabao.search.backends.whoosh_ import Index
from chabao.search.engine import line_at
from chabao.search.errors import GoneFile

if TYPE_CHECKING:
    from chabao.indexer.manifest import Entry, Manifest
    from chabao.search.catalogue import Shown

LINED = frozenset({".txt", ".md"})
"""Suffixes of files whose lines are those of the text."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file. `line` is 1-based, None where the file has no lines of its own; `page` is
    where the item begins, None where there are none.

    `inside` is the path inside of an archive, "" where there is none; `changed` says that the file
    is no longer what was indexed, so that the passage may stand elsewhere in it.
    """

    path: Path
    line: int | None
    page: int | None
    inside: str = ""
    changed: bool = False

    def __str__(self) -> str:
        """path:line, path#page=N (as RFC 8118 has it), or archive!/path."""
        if self.inside:
            return f"{self.path}!/{self.inside}"
        if self.line:
            return f"{self.path}:{self.line}"
        return f"{self.path}#page={self.page}" if self.page else str(self.path)


def spot(index: Index, written: str) -> tuple[Shown, Spot]:
    """The item of an id or an address, and where on the disk it stands.

    Raises UnknownItem, for an address GoneItem; GoneFile where the file is no longer there.
    """
    shown = catalogue.show(index, written)
    known = index.manifest
    path, inside, entry = located(known, shown.item["source"])
    try:
        status = path.stat()
    except OSError as error:
        raise GoneFile(path=path, reason=error.strerror or str(error)) from error
    # A copied or touched file is another one only if its size or its time says so.
    changed = entry is not None and entry.stamp[:2] != (status.st_size, status.st_mtime_ns)
    lined = path.suffix.lower() in LINED
    start = shown.passage.start if shown.passage else 0
    line = line_at(shown.item, start) if lined else None
    return shown, Spot(path, line, shown.item["page"], inside, changed)


def located(known: Manifest, source: str) -> tuple[Path, str, Entry | None]:
    """The file of a source, the path inside of it ("" where it is the file itself), and what the
    index knows of the file, which may be nothing."""
    file = source
    while file:
        if entry := known.files.get(file):
            return Path(entry.path), source[len(file) + 1 :], entry
        file = file.rpartition("/")[0]
    return _beneath(known, source), "", None


def _beneath(known: Manifest, source: str) -> Path:
    """The path of a source below the folders of the index."""
    parts = PurePosixPath(source).parts
    if len(known.roots) > 1 and parts[0] in known.roots:
        root, parts = known.roots[parts[0]], parts[1:]
    else:
        root = next(iter(known.roots.values()), "")
    path = Path(root, *parts)
    # A root may be the file itself, which was named.
    return path if path.exists() or not root or not Path(root).is_file() else Path(root)
