"""`chabao keywords`: what one set of issues says more than another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.pages import Page, Said


@click.command("keywords", cls=Page)
@options.filters
@click.option("--against", cls=Said, metavar="DAYS",
              help="The other issues: 2023-02..2023-03, 上半年; else all others.")  # fmt: skip
@click.option("--min", "least", cls=Said, type=click.IntRange(1), default=3, show_default=True,
              metavar="N", help="Leave out words that come fewer times in all.")  # fmt: skip
@click.option("--all-words", cls=Said, is_flag=True, help="Show numbers and stop words too.")
@click.option("-n", "--limit", cls=Said, type=click.IntRange(1), metavar="N",
              help="Words to show of each direction; 15 unless said.")  # fmt: skip
@click.option("--all", "everything", cls=Said, is_flag=True, help="Show every word.")
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(index: Path | None, against: str | None, **asked: Any) -> int:
    """Find the words that some issues say more than others, and those that they say less.

    The issues are chosen with --since, --until, --period or --number. They are held against those
    dated in --against, or covering it where --period is given; --department and --section hold for
    both. G² (log-likelihood: 10.83 is p = 0.001) says how sure a difference is, the log ratio how
    large: 1 is twice as frequent, -1 half.
    """
    from chabao.indexer.tokens import cut
    from chabao.search import keyness
    from chabao.search.output import keyness as output

    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    how = {name: asked.pop(name) for name in ("least", "all_words")}
    filters = options.chosen(asked)
    how_many = options.most(asked, 15)
    with options.reading(index) as opened:
        found = keyness.keywords(opened, cut, filters, against, **how)
    return output.keywords(found, how_many, **asked)
