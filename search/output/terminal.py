"""Progress on a terminal: the one door to rich, which is loaded only when something takes long."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

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


class Terminated(KeyboardInterrupt):
    """The program was told to end: like Ctrl-C, it leaves what it does in order."""


class ProgressBar:
    """A bar on standard error for what takes longer than a second; silent elsewhere.

    Where it is interrupted, by Ctrl-C or SIGTERM, it says how far it was, and `going_on`: how to
    go on from there.
    """

    def __init__(self, title: str, shown: bool | None = None, going_on: str = "") -> None:
        self.title, self.going_on = title, going_on
        self.at: Step | None = None
        self.before: Any = None
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.began = time.monotonic()
        self.bars: Bars | None = None

    def __enter__(self) -> ProgressBar:
        if self.going_on and threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGTERM, _terminate)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bars:
            self.bars.stop()
        if self.before is not None:
            signal.signal(signal.SIGTERM, self.before)
        if self.going_on and isinstance(error, KeyboardInterrupt):
            done, total = (self.at.done, self.at.total) if self.at else (0, 0)
            print(self.going_on.format(done=done, total=total), file=sys.stderr)
        if isinstance(error, Terminated):
            # Whoever sent the signal is told that it was what ended the program.
            sys.stderr.flush()
            signal.raise_signal(signal.SIGTERM)

    def __call__(self, at: Step) -> None:
        self.at = at
        if not self.shown or time.monotonic() - self.began < PATIENCE:
            return
        if self.bars is None:
            self.bars = _bars()
            self.bars.start()
            self.bars.add_task(self.title, total=at.total)
        self.bars.update(self.bars.task_ids[0], completed=at.done, total=at.total)


def _terminate(_number: int, _frame: object) -> None:
    raise Terminated


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
    )
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps a second, of late."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:.{0 if speed >= 10 else 1}f}/s" if speed else "")

    # a title may hold what rich would read as markup
    title = TextColumn("{task.description}", markup=False)
    return Progress(
        title, BarColumn(), MofNCompleteColumn(), Rate(), Remaining(), console=Console(stderr=True)
    )
