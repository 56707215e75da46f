"""What commands read beside an index: files, pipes and standard input."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chabao.messages import say

if TYPE_CHECKING:
    from chabao.indexer.bounded import Bound


def text_query(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> str:
    """The words as one query; a lone - is standard input's."""
    if tuple(words) != ("-",):
        return " ".join(words)
    from chabao.indexer.bounded import QUERY

    data = contents(Path("-"), QUERY, ctx, param)
    return data.decode("utf-8-sig", "replace").strip("\r\n")


def contents(path: Path, bound: Bound, ctx: click.Context, param: click.Parameter) -> bytes:
    """The bytes of a file; - is standard input. Raises BadParameter."""
    from chabao.indexer import bounded

    try:
        return bounded.read(path, bound)
    except OSError as error:
        reason = error.strerror or str(error)
        said = say("cannot read {path}: {reason}", path=path, reason=reason)
        raise click.BadParameter(said, ctx, param) from error


def not_over(read: Path | None, into: Path | None) -> None:
    """What is read is kept. Raises UsageError where the answer would be written in its place."""
    if read and into and read.is_file() and into.is_file() and into.samefile(read):
        said = _("{path} is what is read, and would be written over")
        raise click.UsageError(said.format(path=into))
