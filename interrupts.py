"""Ctrl-C while a command runs: it ends the command wherever that stands, whatever comes between."""

from __future__ import annotations

import _signal as signal  # `signal` itself takes half a millisecond to load
import _thread
import sys
import time
from types import FrameType, TracebackType
from typing import Any

AGAIN = 0.02
"""Seconds after which it is tried again where Python dropped it."""
OURS = (signal.SIG_DFL, signal.default_int_handler)
"""What may be replaced. What a parent told to be ignored stays so, as under nohup."""


class Interrupts:
    """Raises KeyboardInterrupt in its body, at its end at the latest, where Ctrl-C was pressed.

    Python drops what is raised in destructors and in callbacks of its import system, and libraries
    may turn it into another error.
    """

    pressed = False

    def __enter__(self) -> Interrupts:
        self.hook, sys.unraisablehook = sys.unraisablehook, self._dropped
        self.before = signal.getsignal(signal.SIGINT)
        self._handle(self._press)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._handle(self.before)
        sys.unraisablehook = self.hook
        if self.pressed and not isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt from None

    def _handle(self, handler: Any) -> None:
        if self.before in OURS:
            try:
                signal.signal(signal.SIGINT, handler)
            except ValueError:  # only the main thread is interrupted
                return

    def _press(self, _number: int, _frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt

    def _dropped(self, what: Any) -> None:
        if what.exc_type is KeyboardInterrupt and self.pressed:
            _thread.start_new_thread(self._again, ())
        else:
            self.hook(what)

    def _again(self) -> None:
        time.sleep(AGAIN)
        _thread.interrupt_main()
