"""Options of commands whose answer can be had as a table."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeVar

import click

from chabao.naming import FilePath
from chabao.pages import Said

Function = TypeVar("Function", bound=Callable[..., Any])
MARK = "chabao.bom"


def exports(form: str) -> Callable[[Function], Function]:
    """`--format` (the argument `form`), `-o` (`into`), and whether there is a byte order mark."""
    format_ = click.option(
        "--format", form, cls=Said, type=click.Choice(["jsonl", "csv", "tsv", "xlsx", "md"]),
        callback=_format, help="Write a table for other programs; else as the name of FILE ends.",
    )  # fmt: skip
    into = click.option(
        "-o", "--output", "into", cls=Said, type=FilePath(dir_okay=False),
        metavar="FILE", callback=_file, help="Write to a file.",
    )  # fmt: skip
    mark = click.option(
        "--bom/--no-bom", cls=Said, default=None, is_eager=True, expose_value=False, callback=_mark,
        help="Begin CSV and TSV with a byte order mark, or not; files do, for Excel.",
    )  # fmt: skip
    return lambda function: format_(into(mark(function)))


def _file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """A lone - is standard output, as it is elsewhere."""
    return None if value == Path("-") else value


def _mark(ctx: click.Context, _param: click.Parameter, value: bool | None) -> None:
    ctx.meta[MARK] = value


def _format(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """The format asked for, else what the file's name ends in, as `sheets.write` takes it.

    click reads an option that is not given after all that are, so -o is known here.
    """
    into, bom = ctx.params.get("into"), ctx.meta.get(MARK)
    if value is None and into is not None and not ctx.resilient_parsing:
        from chabao.search.output.sheets import format_of

        value = format_of(into)
    if bom is None:
        return value
    if value not in ("csv", "tsv"):
        raise click.UsageError(_("only CSV and TSV begin with a byte order mark"), ctx)
    return value + ("+bom" if bom else "-bom")
