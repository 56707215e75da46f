"""Our errors, one tree. Each says what happened, where, and what to do next.

ChabaoError
├── UnreadableFile      a bulletin file that cannot be read; the rest is indexed
├── MissingIndex        no index where one was named
├── DamagedIndex        a file of the index is not what was written
├── OldIndex            the index has another format number than this program's
├── IndexBusy           another writer held the index for too long
├── CannotWrite         the index directory cannot be written
├── UnknownItem         no item has that id
└── MissingLibrary      a library that only some tasks need is not installed
"""

from __future__ import annotations


class ChabaoError(Exception):
    """What went wrong, where it did, and what to do next.

    `message` and `hint` are format strings, translated where they are shown; `values` fills them.
    """

    message = "something went wrong"
    hint = ""

    def __init__(self, **values: object) -> None:
        super().__init__(self.message.format(**values))
        self.values = values


class UnreadableFile(ChabaoError):
    """A bulletin file that cannot be read; the rest is indexed."""

    message = "cannot read {path}: {reason}"


class MissingIndex(ChabaoError):
    """No index where one was named."""

    message = "no index at {path}"
    hint = "make one with: chabao index FOLDER"


class DamagedIndex(ChabaoError):
    """A file of the index is not what was written."""

    message = "the index is damaged: {path} ({reason})"
    hint = "build it again with: chabao index --rebuild FOLDER"


class OldIndex(ChabaoError):
    """The index has another format number than this program's."""

    message = "the index at {path} has format {found}, this program reads {expected}"
    hint = "build it again with: chabao index --rebuild FOLDER"


class IndexBusy(ChabaoError):
    """Another writer held the index for too long."""

    message = "another program has been writing {path} for {seconds} s"
    hint = "wait for it to end, then run the command again"


class CannotWrite(ChabaoError):
    """The index directory cannot be written."""

    message = "cannot write the index at {path}: {reason}"
    hint = "choose another place with --index DIR"


class UnknownItem(ChabaoError):
    """No item has that id."""

    message = "no item has the id {id}"
    hint = "chabao search prints the id of each item; chabao fields lists the issues"


class MissingLibrary(ChabaoError):
    """A library that only some tasks need is not installed. `install` is what pip is to be told."""

    message = "this needs {name}, which is not installed; pip install {install}"
