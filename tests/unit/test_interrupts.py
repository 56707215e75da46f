"""Ctrl-C: raised once at least, whatever swallows it; a parent's wish to ignore it is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from chabao.interrupts import Interrupts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="raises signals")


def press() -> None:
    signal.raise_signal(signal.SIGINT)


class Dropping:
    """Python drops what is raised in `__del__`."""

    def __del__(self) -> None:
        press()


def test_it_is_raised_at_once() -> None:
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    with pytest.raises(KeyboardInterrupt), Interrupts():
        press()
        pytest.fail("went on")
    assert signal.getsignal(signal.SIGINT) is before
    assert sys.unraisablehook is hook


def test_what_python_drops_is_raised_again(capfd: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Interrupts():
        Dropping()
        while time.monotonic() < begun + 10:
            time.sleep(0.01)
    assert time.monotonic() < begun + 5
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("error", [ImportError, SystemExit, None])
def test_what_a_library_makes_of_it_counts_for_nothing(error: type[BaseException] | None) -> None:
    with pytest.raises(KeyboardInterrupt), Interrupts():
        try:
            press()
        except KeyboardInterrupt:
            if error:
                raise error from None


def test_other_errors_are_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), Interrupts():
        raise ZeroDivisionError
    dropped = []

    class Faulty:
        def __del__(self) -> None:
            raise ZeroDivisionError

    before, sys.unraisablehook = sys.unraisablehook, lambda what: dropped.append(what.exc_type)
    try:
        with Interrupts():
            Faulty()
    finally:
        sys.unraisablehook = before
    assert dropped == [ZeroDivisionError]


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_what_others_chose_stays(handler: signal.Handlers | Callable[..., None]) -> None:
    before = signal.signal(signal.SIGINT, handler)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is handler
            press()
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_only_the_main_thread_is_interrupted() -> None:
    done = []

    def work() -> None:
        with Interrupts():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize("handler", [signal.SIG_DFL, signal.SIG_IGN])
def test_until_all_is_loaded_it_ends_the_program_unless_a_parent_ignores_it(
    handler: signal.Handlers,
) -> None:
    code = (
        "import signal; from chabao import cli, entry\n"
        "cli.main = lambda: print(signal.getsignal(signal.SIGINT).name)\n"
        "entry.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, handler),
    )  # fmt: skip
    assert ran.stdout.strip() == handler.name, ran.stderr
