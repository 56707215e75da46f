"""Records to the lines of a bulk, their words cut: here, or by other processes.

As `codecs.cutter` says of its own, the other process is a function that happens to be elsewhere.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import subprocess
import sys
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
    "making.serve()"
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
            made = _ask(process, placed, turn) if process is not None else None
        finally:
            self._slots.put(process)
        return lines(placed, turn) if made is None else made

    def close(self) -> None:
        for process in self._started:
            process.kill()
            with suppress(OSError), process:
                pass


def _ask(process: subprocess.Popen[bytes], *asked: Any) -> list[Line] | None:
    """What a process has made; None where it has ended."""
    assert process.stdin and process.stdout
    try:
        pickle.dump(asked, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        made: list[Line] = pickle.load(process.stdout)  # nosec B301 # a pipe to a process of ours
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
    return made


def serve() -> None:
    """What the process does until its input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not come between the answers.
    os.dup2(2, 1)
    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)  # nosec B301 # a pipe from who started us
        except EOFError:
            return
        pickle.dump(lines(*asked), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
