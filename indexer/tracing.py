"""Whether folders are those of an index whose table of contents is lost: by the files in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import Reader
from chabao.indexer.codecs.segment import POSTINGS, Terms
from chabao.indexer.codecs.soundness import UNSOUND
from chabao.indexer.errors import DamagedIndex, OldIndex


def own(index: Path, roots: dict[str, str]) -> dict[str, str]:
    """The folders, or none where they are those of another index, as its files may tell that were
    put in the place of this one's."""
    return roots if _has_files(index, roots) else {}


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
