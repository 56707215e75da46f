"""Adds items to an index, commit by commit, while it is read: a process of its own for `load`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.engines.chabao_ import record
from benchmarks.load import COMMITS, MARK
from benchmarks.texts import Doc
from chabao.indexer.sinks.whoosh_ import WhooshSink

ADDED = 200
"""Items of a commit."""


def main(index: Path, seconds: float) -> None:
    end = time.monotonic() + seconds - 2 * COMMITS
    number = 10_000_000
    while time.monotonic() < end:
        with WhooshSink(index) as sink:
            days = ("2025-01-06", "2025-01-10")
            docs = [
                Doc(
                    number + at,
                    "2025-01-13",
                    days,
                    "省林草局",
                    "（一）其他",
                    f"{MARK}第{at}项工作。",
                )
                for at in range(ADDED)
            ]
            sink.add({**record(doc), "source": f"added-{number}.txt"} for doc in docs)
            sink.commit()
        number += ADDED
        time.sleep(COMMITS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
