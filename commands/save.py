"""`chabao save`: a search with a name, to be told what is new to it."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.inputs import text_query
from chabao.pages import Page, Said


def named(ctx: click.Context, param: click.Parameter, name: str) -> str:
    """A name is any text that is not blank."""
    if not name.strip():
        raise click.BadParameter(_("a name cannot be blank"), ctx, param)
    return name


@click.command("save", cls=Page)
@click.argument("name", metavar="NAME", callback=named)
@click.argument("query", metavar="[QUERY]...", nargs=-1, callback=text_query)
@click.option("-F", "--literal", cls=Said, is_flag=True,
              help="Take the query as one string; no operators.")  # fmt: skip
@options.numbers
@options.filters
@click.option("--force", cls=Said, is_flag=True,
              help="Replace the search that has this name, and begin anew.")  # fmt: skip
@options.color
@options.common
def command(
    name: str, query: str, force: bool, color: str, index: Path | None, **asked: Any
) -> int:
    """Save a search under a name; chabao new then tells what is new to it.

    What is mentioned already is not new. Dates such as 近三个月 count from the day of each look. A
    search without text, as with --department alone, is for new items.
    """
    from chabao.search import saved
    from chabao.search.errors import NameTaken
    from chabao.search.output import news, show

    conditions, shelf = options.typed(asked), options.shelf(index)
    with shelf.held(show.waiting_for_looks), options.reading(index) as opened:
        known = shelf.read().get(name)
        if known and not force:
            raise NameTaken(name=name, query=news.asked(known.saved))
        seen = saved.begun(opened, saved.Saved(name, query, conditions=conditions, **asked))
        if seen.query.node:
            shelf.put([seen.after])
    return news.saved(seen, color)
