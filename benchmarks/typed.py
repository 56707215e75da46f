"""How long the page takes to answer what is typed, letter by letter, in one centre's archive.

The archive is that of `indexing`: 460 issues. A program of its own serves it; what is asked is the
part of the page that scripts ask for, over one connection, in each view and order. The floor is
100 ms for 95 of 100 answers of each view; the processor's own time is told beside it, as others may
use the machine.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import click

from benchmarks.indexing import index, make
from benchmarks.load import served

FLOOR = 100.0
"""Milliseconds."""
TYPED = (
    "川渝通办", "窗口工作", "工作", "办理 OR 受理", '"一网通办"', "省?通办", "政务服务 部门:商务厅",
    "建设 -文旅厅", "通办 NEAR/20 窗口", "数值:28件", "发展 日期:2003..2005", "全省", "，",
)  # fmt: skip
ORDERS = {
    "hits": [{}, {"sort": "date"}],
    "lines": [{"order": order} for order in ("date", "left", "right", "department")],
    "trend": [{"by": by} for by in ("month", "quarter", "year", "issue")],
}


def addresses() -> Iterator[tuple[str, str]]:
    """Each view with what is asked in it, as the page asks for it while someone types."""
    for view, orders in ORDERS.items():
        for query, order in product(TYPED, orders):
            for length in range(1, len(query) + 1):
                asked = {"q": query[:length], "view": view} | order
                yield view, "/?" + urlencode(asked)


async def ask(port: int, pid: int, times: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of the answers in each view, and what of them the server was running."""
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    reader, writer = await asyncio.open_connection("localhost", port)
    for at in range(times + 1):
        for view, address in addresses():
            begun, ran = time.perf_counter(), running(pid)
            lines = f"GET {address} HTTP/1.1", f"Host: localhost:{port}", "HX-Request: true", "", ""
            writer.write("\r\n".join(lines).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            await reader.readexactly(int(head.split("content-length: ")[1].split("\r")[0]))
            assert head.split(" ")[1] == "200", address
            if at:  # the first time round is for what is made once
                taken = (time.perf_counter() - begun) * 1000
                found[view].append((taken, running(pid) - ran))
    writer.close()
    return found


def running(pid: int) -> float:
    """Milliseconds that the threads of a process have run."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text(encoding="ascii").split()[0]) for each in threads) / 1e6


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


@click.command(help=__doc__)
@click.option("--times", default=3, show_default=True, help="How often each address is asked.")
def main(times: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder, into = Path(made, "issues"), Path(made, "index")
        folder.mkdir()
        make(folder)
        index(folder, into)
        with served(into) as (process, port):
            found = asyncio.run(ask(port, process.pid, times))
    slow = False
    for view, answers in found.items():
        columns = map(list, zip(*answers, strict=True))
        for name, times_ in zip(("taken", "running"), columns, strict=True):
            middle, most, longest = (share(times_, part) for part in (0.5, 0.95, 1.0))
            print(f"{view:6} {len(times_):5} answers, {name:8} p50 {middle:4.0f} ms, "
                  f"p95 {most:4.0f} ms, longest {longest:4.0f} ms")  # fmt: skip
            slow |= most > FLOOR
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(slow)


if __name__ == "__main__":
    main()
