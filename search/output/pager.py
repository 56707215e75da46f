"""Long output, a screen at a time."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from chabao.indexer.installed import which
from chabao.search.output.screen import Screen


def pager(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command that shows long output; empty where there is none."""
    if sys.platform != "win32" and environ.get("TERM", "") in ("", "dumb"):
        return []
    named = environ.get("PAGER")
    if named is not None:
        return [] if named.strip() == "cat" else _words(named)
    # Windows' more knows neither UTF-8 nor colour
    return ["less"] if sys.platform != "win32" and which("less") else []


def _words(named: str) -> list[str]:
    """A command line as words; none where a quotation in it has no end."""
    try:
        return shlex.split(named)
    except ValueError:
        return []


def write(text: str, screen: Screen) -> None:
    """`text` to standard output, through the pager where it is longer than the screen."""
    command = pager() if screen.height and text.count("\n") >= screen.height else []
    if not (command and _paged(text, command)):
        sys.stdout.write(text)
        sys.stdout.flush()


def write_page(lines: Iterable[str], screen: Screen) -> None:
    """Lines to standard output: through the pager, or, where no screen is, as they come."""
    ended = (f"{line}\n" for line in lines)
    if screen.height:
        write("".join(ended), screen)
    else:
        sys.stdout.writelines(ended)
        sys.stdout.flush()


def _paged(text: str, command: list[str]) -> bool:
    import subprocess

    program = which(command[0])
    if program is None:
        return False
    # -R lets colours through and nothing else; bytes that are no letters must not show as <E5>
    settings = {"LESS": "FRX", "LESSCHARSET": "utf-8"} | os.environ
    try:
        with (
            _interrupts_left_to_it(),
            subprocess.Popen(  # nosec B603 # no shell; what the user named in PAGER
                [program, *command[1:]], stdin=subprocess.PIPE, env=settings
            ) as process,
        ):
            process.communicate(text.encode("utf-8", "replace"))
    except OSError:
        return False
    return True


@contextmanager
def _interrupts_left_to_it() -> Iterator[None]:
    """Ctrl-C means something to a pager, which goes on; whoever left it would leave it the keys
    that are meant for the shell."""
    import signal
    import threading

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    # unlike one that is ignored, one that is handled is as usual in a process that is started
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
