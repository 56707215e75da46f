"""`chabao open`: the source of an item, at the line or the page."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.naming import Word
from chabao.pages import Page, Said


@click.command("open", cls=Page)
@click.argument("item", metavar="ID|ADDRESS", type=Word())
@click.option("--print", "only_print", cls=Said, is_flag=True,
              help="Only print the place: path:line, or path#page=N.")  # fmt: skip
@options.common
def command(item: str, only_print: bool, index: Path | None) -> int:
    """Open the file of an item at its line, or of a passage by its address; PDFs at the page.

    Texts open in CHABAO_EDITOR, VISUAL or EDITOR, PDFs in CHABAO_VIEWER or a viewer that is
    installed, all else with what the desktop has for it. What lies in an archive is named, not
    unpacked.
    """
    from chabao.search.opening import spot
    from chabao.search.output.opening import opened

    with options.reading(index) as reading:
        found = spot(reading, item)
    return opened(*found, only_print)
