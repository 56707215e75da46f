"""`chabao reprints`: passages that stand in more than one issue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.pages import Page, Said


@click.command("reprints", cls=Page)
@click.option("--min", "least", cls=Said, type=click.IntRange(1), default=10, show_default=True,
              metavar="N", help="Leave out passages with fewer characters.")  # fmt: skip
@click.option("--alike", cls=Said, type=click.IntRange(60, 100), default=80, show_default=True,
              metavar="PERCENT", help="Characters in common; 100 is the same text.")  # fmt: skip
@options.filters
@click.option("--sort", cls=Said, type=click.Choice(["issues", "first", "length"]),
              default="issues", show_default=True,
              help="By number of issues, first appearance or length.")  # fmt: skip
@click.option("-n", "--limit", cls=Said, type=click.IntRange(1), metavar="N",
              help="Reprints to show; 20 unless said, all where a program reads them.")  # fmt: skip
@click.option("--all", "everything", cls=Said, is_flag=True,
              help="Show every reprint, and each appearance of it.")  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(index: Path | None, **asked: Any) -> int:
    """Find passages that stand in more than one issue, and what changed between appearances.

    A passage is an item or a sentence. Layout, width, script, case and punctuation aside, two are
    one reprint if they are the same or nearly so; each appearance is shown with what it says in
    place of the one before it, by date of issue.
    """
    from chabao.search import reprints
    from chabao.search.output import reprints as output

    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    how = {name: asked.pop(name) for name in ("least", "alike")}
    how |= {"sort": reprints.Sort(asked.pop("sort")), "filters": options.chosen(asked)}
    how_many = options.most(asked, 20)
    with options.reading(index) as opened:
        found = reprints.reprints(opened, **how)
        return output.reprints(found, how_many, **asked)
