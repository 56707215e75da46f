"""Writes to an index while it is read: a process of its own for `load`.

Before each commit it says how many items will then say `MARK`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.engines.chabao_ import record
from benchmarks.load import CHABAO, COMMITS, MARK, bulletin
from benchmarks.texts import Doc
from chabao.indexer.sinks.whoosh_ import WhooshSink

ADDED = 200
"""Items of a commit that adds."""
LAST = 20.0
"""Seconds before the end in which nothing is begun."""


def docs(first: int, count: int) -> list[Doc]:
    days = ("2025-01-06", "2025-01-10")
    return [
        Doc(
            first + at,
            "2025-01-13",
            days,
            "省林草局",
            "（一）其他",
            f"{MARK}第{first + at}项工作。",
        )
        for at in range(count)
    ]


def add(index: Path, round_: int) -> None:
    """More items, in a segment of their own."""
    print(round_ * ADDED, flush=True)
    with WhooshSink(index) as sink:
        source = f"added-{round_}.txt"
        items = docs(10_000_000 + round_ * ADDED, ADDED)
        sink.add({**record(doc), "source": source} for doc in items)
        sink.commit()


def rebuild(index: Path, files: Path, round_: int) -> None:
    """All of it anew, with one file more."""
    print(round_, flush=True)
    name = files / f"added-{round_}.txt"
    name.write_text(bulletin(5000 + round_, "2025-01-13", docs(round_, 1)), encoding="utf-8")
    subprocess.run([*CHABAO, "index", "--rebuild", "--index", str(index), str(files)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def main(index: Path, seconds: float, files: Path | None) -> None:
    end = time.monotonic() + seconds - LAST
    round_ = 0
    while time.monotonic() < end:
        round_ += 1
        if files:
            rebuild(index, files, round_)
        else:
            add(index, round_)
        time.sleep(COMMITS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
