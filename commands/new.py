"""`chabao new`: what is new to saved searches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.naming import FilePath, Word
from chabao.pages import Page, Said


@click.command("new", cls=Page)
@click.argument("names", metavar="[NAME]...", nargs=-1, type=Word())
@click.option("--peek", cls=Said, is_flag=True,
              help="Only look: the same will be new the next time.")  # fmt: skip
@click.option("--atom", cls=Said, type=FilePath(dir_okay=False), metavar="FILE",
              help="Write a feed for feed readers too, of all that was new of late.")  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(
    names: tuple[str, ...], peek: bool, form: str | None, index: Path | None, **asked: Any
) -> int:
    """Show the mentions that are new to saved searches, all of them or those named.

    New is what no look has shown before. A mention is the same one when its file was moved or its
    item renumbered, and when text was corrected, unless on both sides close by. What cannot be
    written out in full will be new again. The exit code is 0 if anything is new, 1 if not.
    """
    from chabao.search.output import news, show
    from chabao.search.saved import look

    feed = "atom" if asked["atom"] == Path("-") else None
    options.one_form("json" if asked["as_json"] else None, "format" if form else None, feed)
    shelf = options.shelf(index)
    with shelf.held(show.waiting_for_looks), options.reading(index) as opened:
        looks = [look(opened, entry) for entry in shelf.chosen(names)]
        code = news.show(looks, names, shelf.index, news.Wish(form=form, **asked))
        if not peek and looks:
            shelf.put(seen.after for seen in looks)
    return code
