"""`chabao saved`: the searches that have a name."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.naming import Word
from chabao.pages import Page, Said


@click.command("saved", cls=Page)
@click.option("--remove", cls=Said, metavar="NAME", multiple=True, type=Word(),
              help="Take this search out, and forget what it has seen.")  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.color
@options.common
def command(remove: tuple[str, ...], as_json: bool, color: str, index: Path | None) -> int:
    """List saved searches, how much each has found, and when it was last looked at.

    The exit code is 1 if there are none.
    """
    from chabao.search.output import news, show

    shelf = options.shelf(index)
    if not remove:
        return news.listed(shelf.chosen(()), as_json, color)
    options.one_form("remove", "json" if as_json else None)
    with shelf.held(show.waiting_for_looks):
        shelf.put((), without=[each.saved.name for each in shelf.chosen(remove)])
    return news.removed(remove)
