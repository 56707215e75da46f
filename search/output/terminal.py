"""Progress on a terminal: the one door to rich, which is loaded only when something takes long."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Step(Protocol):
    """How far something is: steps done, of how many."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


PATIENCE = 1.0
"""Seconds before anything is said."""


class ProgressBar:
    """A bar on standard error for what takes longer than a second; silent elsewhere."""

    def __init__(self, title: str, shown: bool | None = None) -> None:
        self.title = title
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.began = time.monotonic()
        self.bars: Bars | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bars:
            self.bars.stop()

    def __call__(self, at: Step) -> None:
        if not self.shown or time.monotonic() - self.began < PATIENCE:
            return
        if self.bars is None:
            self.bars = _bars()
            self.bars.start()
            self.bars.add_task(self.title, total=at.total)
        self.bars.update(self.bars.task_ids[0], completed=at.done, total=at.total)


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    # a title may hold what rich would read as markup
    title = TextColumn("{task.description}", markup=False)
    return Progress(
        title, BarColumn(), MofNCompleteColumn(), Remaining(), console=Console(stderr=True)
    )
