"""The machine in words that tell how fast it is and not whose it is; memory and bytes in use."""

from __future__ import annotations

import os
import platform
import threading
from pathlib import Path
from typing import Any

PROC = Path("/proc")


def describe() -> dict[str, Any]:
    """Cores, processor, memory in GB, Python, system, and the load when asked."""
    return {
        "cores": os.cpu_count(),
        "processor": field(PROC / "cpuinfo", "model name") or platform.processor(),
        "memory_gb": round(int((field(PROC / "meminfo", "MemTotal") or "0").split()[0]) / 1e6, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load": round(os.getloadavg()[0], 2),
    }


def field(file: Path, name: str) -> str:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return ""
    return next((line.split(":")[1].strip() for line in lines if line.startswith(name)), "")


def size(folder: Path) -> float:
    """MB that the files of a folder take on disk; holes in them do not count."""
    files = [file.stat() for file in folder.rglob("*") if file.is_file()]
    return sum(min(file.st_size, file.st_blocks * 512) for file in files) / 1e6


class Watch(threading.Thread):
    """The most memory that the processes of a session had together, in MB, looked at often."""

    def __init__(self, session: int, pause: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.session, self.pause, self.peak, self.ended = session, pause, 0.0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self.pause):
            self.peak = max(self.peak, self.resident())

    def resident(self) -> float:
        pages = 0
        for process in PROC.glob("[0-9]*"):
            try:
                rest = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(rest[3]) == self.session:
                pages += int(rest[21])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> float:
        self.ended.set()
        self.join()
        return self.peak
