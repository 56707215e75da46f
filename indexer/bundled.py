"""The bulletins that come with the program, indexed once."""

from __future__ import annotations

from pathlib import Path

from chabao.indexer import manifest
from chabao.indexer.codecs import toc
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.errors import MissingIndex


def bundled_index() -> Path:
    """Their index, built into the user's cache directory when it is first asked for."""
    import platformdirs

    from chabao import __version__

    folder = Path(__file__).resolve().parent.parent / "corpus"
    name = f"bundled-{__version__}-{FORMAT}-{manifest.VERSION}"
    index = platformdirs.user_cache_path("chabao", appauthor=False) / name
    try:
        toc.generation(index)
    except MissingIndex:
        from chabao.indexer.build import build  # a lookup reads no files

        build([folder], index)
    return index
