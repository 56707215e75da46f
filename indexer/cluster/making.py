"""Records to the lines of a bulk, their words cut: here, or by other processes.

As `codecs.cutter` says of its own, the other process is a function that happens to be elsewhere.
"""

from __future__ import annotations

import json
import queue
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.bulk import Line
from chabao.indexer.codecs import cutter
from chabao.indexer.folding import fold_text
from chabao.indexer.tokens import is_word, pieces

START = (
    "import sys; sys.path[:] = sys.argv[1:]; from chabao.indexer.cluster import making; "
    "making.cutter.serve(making.lines)"
)
Placed = tuple[Mapping[str, Any], int]
"""A record, and its place among the items of its source."""
DROP = "if (ctx._source.gone == null || ctx._source.gone < params.turn) " \
    "{ ctx._source.gone = params.turn } else { ctx.op = 'none' }"  # fmt: skip


def name(record: Mapping[str, Any], ordinal: int, turn: int) -> str:
    """A document's name: of one turn, so that what is replaced stays till the new is committed."""
    return f"{mapping.identity(record, ordinal)}-{turn}"


def lines(placed: Sequence[Placed], turn: int) -> list[Line]:
    """What puts records into an index in a turn."""
    made = []
    for record, ordinal in placed:
        cut = pieces(fold_text(record["text"]))
        words = [word for word in cut if is_word(word)]
        said = mapping.document(record, words, len(words), ordinal, turn)
        named = name(record, ordinal, turn)
        made.append((named, _line({"index": {"_id": named}}) + _line(said)))
    return made


def dropping(names: Sequence[str], turn: int) -> list[Line]:
    """What marks documents as gone with a turn, unless a later one has marked them."""
    body = _line({"script": {"source": DROP, "lang": "painless", "params": {"turn": turn}}})
    return [(each, _line({"update": {"_id": each}}) + body) for each in names]


def _line(said: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(said, separators=(",", ":")).encode("ascii") + b"\n"


class Makers:
    """Up to `size` processes, each started when there is something to do for it."""

    def __init__(self, size: int) -> None:
        self._slots: queue.SimpleQueue[subprocess.Popen[bytes] | None] = queue.SimpleQueue()
        self._started: list[subprocess.Popen[bytes]] = []
        for _ in range(size):
            self._slots.put(None)

    def lines(self, placed: Sequence[Placed], turn: int) -> list[Line]:
        """As the function of this name. Called by several threads."""
        process = self._slots.get()
        try:
            if process is None:
                process = cutter.start(START)
                if process is not None:
                    self._started.append(process)
            made = cutter.ask(process, placed, turn) if process is not None else None
        finally:
            self._slots.put(process)
        return made or lines(placed, turn)

    def close(self) -> None:
        for process in self._started:
            process.kill()
            with suppress(OSError), process:
                pass
