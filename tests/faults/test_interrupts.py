"""Ctrl-C at random moments; more of them: python -m benchmarks.faults.interrupts"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import interrupts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends signals")


def test_ten_moments() -> None:
    tried = interrupts.run(9, 10)
    assert tried.trials == 10
    assert tried.failures == []


def test_what_is_lost_would_be_seen(tmp_path: Path) -> None:
    place = interrupts.prepared(tmp_path)
    words = ("search", "政务", "-o", "kept.xlsx")
    for name in ("kept.xlsx", "kept.csv"):
        (tmp_path / name).write_bytes(interrupts.KEPT)
    assert interrupts.lost(place, words, 130) is None
    (tmp_path / "kept.xlsx").write_bytes(b"PK half of it")
    assert interrupts.lost(place, words, 130) == "kept.xlsx is spoilt"
    (tmp_path / "kept.xlsx").write_bytes(interrupts.KEPT)
    (tmp_path / ".kept.csv.1.partial").touch()
    assert interrupts.lost(place, words, 130) == ".kept.csv.1.partial is left"
    next((tmp_path / "texts").glob("*.txt")).unlink()
    interrupts.build([tmp_path / "texts"], tmp_path / "index")
    assert interrupts.lost(place, words, 130) == "items are missing"


OURS = f'  File "{interrupts.ROOT}/.dev/chabao/%s", line 3, in <module>\n'
TRACE = "Traceback (most recent call last):\n%sKeyboardInterrupt\n"
PATHS = "Error processing line 1 of /site-packages/x.pth:\n"
DROPPED = "Exception ignored in: <function _get_module_lock.<locals>.cb at 0x7f>\n"


@pytest.mark.parametrize(
    ("code", "err", "alive", "good"),
    [
        (130, "", True, True),
        (-2, "", True, True),
        (130, "\nchabao: interrupted at 1 of 5 files\n", True, True),
        (0, "chabao: 4 items\n", False, True),
        (0, "", True, False),
        (1, "chabao: 0 items\n", True, False),
        (2, "chabao: something in chabao itself went wrong\n", True, False),
        (130, "chabao: interrupted\nchabao: interrupted\n", True, False),
        (130, TRACE % "", True, False),
        (0, TRACE % "", False, False),
        (-2, TRACE % '  File "<frozen runpy>", line 198\n', True, True),
        (-2, TRACE % OURS % "entry.py", True, True),
        (-2, TRACE % OURS % "cli.py", True, False),
        (-2, TRACE % OURS % "search/__init__.py", True, False),
        (1, "Fatal Python error: init_import_site: Failed\n" + TRACE % "", True, True),
        (0, PATHS + "  Traceback (most recent call last):\n", True, True),
        (0, PATHS + OURS % "cli.py", True, False),
        (-2, DROPPED + TRACE % "", True, False),
        (0, DROPPED + TRACE % "", True, False),
    ],
)
def test_what_is_said_of_it_is_judged(code: int, err: str, alive: bool, good: bool) -> None:
    said = err.encode()
    pythons = interrupts.is_pythons(code, said)
    assert good == (pythons or interrupts.misdone(code, said, alive) is None)


@pytest.mark.parametrize(
    ("does", "code", "alive"),
    [
        ("say(); time.sleep(60)", -signal.SIGINT, True),
        (
            "signal.signal(2, signal.SIG_IGN); on = {signal.SIGCONT}; "
            "signal.pthread_sigmask(signal.SIG_BLOCK, on); say(); signal.sigtimedwait(on, 60)",
            0,
            True,
        ),
        ("say(); os._exit(0)", 0, False),
    ],
)
def test_it_is_known_whether_the_signal_came_in_time(does: str, code: int, alive: bool) -> None:
    start = "import os, signal, sys, time; say = lambda: os.write(1, b'.')\n"
    with subprocess.Popen(
        [sys.executable, "-c", start + does], start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout
        process.stdout.read(1 if alive else -1)
        assert interrupts.strike(process) == alive
        process.communicate(timeout=120)
    assert process.returncode == code
