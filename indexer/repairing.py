"""A damaged index built again of the folders that it was made of, as far as it tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from chabao.indexer import manifest
from chabao.indexer.build import Progress, Report, build
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import Reader
from chabao.indexer.codecs.segment import POSTINGS, Terms
from chabao.indexer.codecs.soundness import UNSOUND
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
        roots = manifest.recalled(index, -1).roots
        # Nobody can tell whether they are the folders of this index, but its files.
        roots = roots if _has_files(index, roots) else {}
    if not roots:
        raise LostFolders(path=index)
    return [Path(root) for root in roots.values()]


def _has_files(index: Path, roots: dict[str, str]) -> bool:
    """Whether any folder is away, or has a file of which a segment that can be read says that it
    was indexed; or none says anything."""
    if not all(Path(root).exists() for root in roots.values()):
        return True
    sources = list(_sources(index))
    parts = [PurePosixPath(source).parts for source in sources]
    if len(roots) > 1:
        parts = [each[1:] for each in parts if each[0] in roots]
    heads = {each[0] for each in parts if each}
    there = (Path(root) for root in roots.values())
    return not sources or any(
        folder.is_file() or any((folder / head).exists() for head in heads) for folder in there
    )


def _sources(index: Path) -> Iterator[str]:
    for path in sorted(index.glob(f"{toc.NAME}_*{POSTINGS}")):
        with suppress(DamagedIndex, OldIndex, *UNSOUND):
            for source in Terms(Reader(path), "source").all():
                yield source.decode("utf-8", "surrogatepass")
