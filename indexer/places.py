"""Where indexes are kept: a name stands for a folder in this user's data, a path for itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from chabao.indexer.errors import NoIndexNamed, OddName

OWN = "index"
"""The folder of the index that is meant where none is named."""
NAMED = "indexes"
"""The folder with those that have names."""
LONGEST = 120
"""Bytes of a name in UTF-8; file systems take 255, less what is put behind."""
_NAME = re.compile(r"\w[\w.-]*(?<!\.)")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever the folder."""


def own(data: Path) -> Path:
    """The index of this user that has no name; `data` is the folder of the user's data."""
    return data / OWN


def place(written: str, data: Path) -> Path:
    """The index that was meant by what was written: a name, or the path of a folder.

    What has a separator, or is the path of a folder that is there, is a path. Raises NoIndexNamed
    where nothing was written, OddName for a word that cannot be a name.
    """
    if not written.strip():
        raise NoIndexNamed
    if is_path(written):
        return Path(written)
    return data / NAMED / name(written)


def is_path(written: str) -> bool:
    """Whether what was written is the path of a folder, and not a name."""
    # "x/" and "C:" lose something on the way to a name; ".." and "~" lead somewhere else.
    path = Path(written)
    if path.name != written or PureWindowsPath(written).drive or written in (".", "..", "~"):
        return True
    return path.is_dir()


def name(written: str) -> str:
    """A name as the folder is called, the same whichever way its characters are composed.

    Letters of any script, digits, and between them . _ -; nothing that a file system or a shell
    takes for something else. Raises OddName.
    """
    composed = unicodedata.normalize("NFC", written)
    fits = _NAME.fullmatch(composed) and not _DEVICES.fullmatch(composed)
    if not fits or len(composed.encode("utf-8", "surrogatepass")) > LONGEST:
        raise OddName(name=written)
    return composed


def named(data: Path) -> Iterator[tuple[str, Path]]:
    """The names in use and their folders, in order."""
    folder = data / NAMED
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.name.startswith("."):
                yield path.name, path
