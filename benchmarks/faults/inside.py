"""The program run in this process, as it would run in one of its own; nothing of it stays."""

from __future__ import annotations

import gettext
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from chabao import cli
from chabao.search.output import terminal


@dataclass(frozen=True)
class Ran:
    """What one call of the program gave."""

    code: int
    out: bytes
    err: bytes


class Stream(io.TextIOWrapper):
    """A standard stream that is kept in memory, and may say that it is a terminal."""

    def __init__(self, terminal: bool, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", newline="", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def bytes(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()  # type: ignore[attr-defined, no-any-return]


def run(
    words: Sequence[str], on_terminal: bool = False, stdin: bytes = b"", **variables: str
) -> Ran:
    """Runs `chabao WORDS`; keywords are variables of the environment."""
    out, err = Stream(on_terminal), Stream(on_terminal)
    with (
        restored(),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.object(sys, "stdin", Stream(False, stdin)),
        # a bar has codes of its own for the line that it writes again and again
        mock.patch.object(terminal, "PATIENCE", 1e9),
        mock.patch.dict(os.environ, {"PAGER": "", "CHABAO_LANG": "en", **variables}),
    ):
        try:
            cli.main.main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Ran(code, out.bytes(), err.bytes())


@contextmanager
def restored() -> Iterator[None]:
    """The language of messages, the environment and the known commands as they were."""
    domain, commands = gettext.textdomain(), dict(cli.main.commands)
    environ: Mapping[str, str] = dict(os.environ)
    try:
        yield
    finally:
        gettext.textdomain(domain)
        cli.main.commands.clear()
        cli.main.commands.update(commands)
        os.environ.clear()
        os.environ.update(environ)
