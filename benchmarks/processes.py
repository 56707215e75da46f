"""Whole processes timed beside one another: cold commands and their floors."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence

ROUNDS = 15


def once(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Milliseconds from start to end; the exit code may be 1, as grep's is."""
    start = time.perf_counter()
    null = subprocess.DEVNULL
    done = subprocess.run(command, stdin=null, stdout=null, stderr=subprocess.PIPE, env=env)
    taken = (time.perf_counter() - start) * 1000
    if done.returncode > 1:
        raise RuntimeError(f"{command}: {done.stderr.decode()[-500:]}")
    return taken


def environment() -> dict[str, str]:
    """As an installed program has it: compiled modules are kept, whoever said that they should
    not be; the first, untimed process writes them."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def interleaved(
    commands: Mapping[str, Sequence[str]], rounds: int = ROUNDS
) -> dict[str, dict[str, float]]:
    """Least and median milliseconds of each command, one of each in turn, page cache warm."""
    env = environment()
    for command in commands.values():
        once(command, env)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(once(command, env))
    return {
        name: {"min": min(values), "median": statistics.median(values)}
        for name, values in taken.items()
    }
