"""What a watch does, a line on standard error each time."""

from __future__ import annotations

import sys
import time
from gettext import gettext as _
from typing import TYPE_CHECKING

from chabao.indexer.errors import ChabaoError
from chabao.search.output.terminal import ProgressBar
from chabao.search.output.text import clean

if TYPE_CHECKING:
    from chabao.indexer.build import Note, Report


class Narrator:
    """Says what it is told."""

    def building(self) -> ProgressBar:
        return ProgressBar(_("indexing"))

    def updated(self, done: Report, seconds: float) -> None:
        said = _("{read} read, {removed} removed, {refused} refused: {items} items; {seconds} s")
        read = done.files - done.unchanged
        _print(said.format(
            read=read, removed=done.removed, refused=len(done.refused), items=done.items,
            seconds=f"{seconds:.1f}",
        ))  # fmt: skip

    def failed(self, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError) and error.filename:
            reason = f"{error.filename}: {error.strerror}"
        if isinstance(error, ChabaoError):
            inner = _(str(error.values.get("reason") or "-"))
            reason = _(error.message).format(**error.values | {"reason": inner})
        _print(_("{reason}; trying again").format(reason=reason))

    def noticed(self, note: Note) -> None:
        _print(_(note.message).format(path=note.path))

    def waiting(self) -> None:
        _print(_("another program is writing the index; waiting for it"))


def _print(said: str) -> None:
    print(clean(f"chabao: {time.strftime('%H:%M:%S')} {said}"), file=sys.stderr, flush=True)
