"""The bulletins that come with the program, indexed once, and again where that came to harm."""

from __future__ import annotations

from pathlib import Path

from chabao.indexer import manifest
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.errors import DamagedIndex, MissingIndex, OldIndex


def bundled_index() -> Path:
    """Their index, built into the user's cache directory when it is first asked for."""
    import platformdirs

    from chabao import __version__

    folder = Path(__file__).resolve().parent.parent / "corpus"
    name = f"bundled-{__version__}-{FORMAT}-{manifest.VERSION}"
    index = platformdirs.user_cache_path("chabao", appauthor=False) / name
    try:
        _check(index)
    except (MissingIndex, DamagedIndex, OldIndex, FileNotFoundError) as error:
        from chabao.indexer.build import build  # a lookup reads no files

        build([folder], index, rebuild=not isinstance(error, MissingIndex))
    return index


def _check(index: Path) -> None:
    """All of it: nobody else would repair it, and it is small."""
    contents = toc.read(index)
    for entry in contents.segments:
        for file in Segment.named(index, entry).files:
            file.check_all()
    manifest.read(index, contents.commit)
