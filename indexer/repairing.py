"""A damaged index built again of the folders that it was made of, as far as it tells them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chabao.indexer import manifest, tracing
from chabao.indexer.build import Progress, Report, build
from chabao.indexer.codecs import toc
from chabao.indexer.errors import AwayFolder, DamagedIndex, LostFolders, OldIndex
from chabao.indexer.inspection import inspect


def repair(
    index: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Report | None:
    """Builds an index again where it is damaged or of an older format; None where it is sound.

    Until the new one is whole, the old one stays as it is. Raises MissingIndex, LostFolders,
    AwayFolder, IndexBusy, CannotWrite.
    """
    try:
        if inspect(index).sound:
            return None
    except OldIndex:
        pass
    folders = _folders(index)
    for folder in folders:
        if not folder.exists():
            raise AwayFolder(path=index, folder=folder)
    return build(folders, index, rebuild=True, progress=progress, waiting=waiting)


def _folders(index: Path) -> list[Path]:
    try:
        roots = manifest.recalled(index, toc.commit(index)).roots
    except (DamagedIndex, OldIndex):
        roots = tracing.own(index, manifest.recalled(index, -1).roots)
    if not roots:
        raise LostFolders(path=index)
    return [Path(root) for root in roots.values()]
