"""`chabao collocates`: the words that stand beside a term."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.inputs import text_query
from chabao.pages import Page, Said


@click.command("collocates", cls=Page)
@click.argument("term", metavar="TERM", nargs=-1, callback=text_query)
@click.option("-F", "--literal", cls=Said, is_flag=True,
              help="Take the term as one string; no operators.")  # fmt: skip
@click.option("--window", cls=Said, type=click.IntRange(1), default=5, show_default=True,
              metavar="N", help="Words on either side of a mention, within its item.")  # fmt: skip
@options.filters
@click.option("--min", "least", cls=Said, type=click.IntRange(1), default=2, show_default=True,
              metavar="N", help="Leave out words that stand there fewer times.")  # fmt: skip
@click.option("--all-words", cls=Said, is_flag=True, help="Show numbers and stop words too.")
@click.option("--sort", cls=Said, type=click.Choice(["g2", "logdice", "count"]), default="g2",
              show_default=True, help="By log-likelihood, by logDice or by count.")  # fmt: skip
@click.option("-n", "--limit", cls=Said, type=click.IntRange(1), metavar="N",
              help="Words to show; 20 unless said, all where a program reads them.")  # fmt: skip
@click.option("--all", "everything", cls=Said, is_flag=True, help="Show every word.")
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(term: str, index: Path | None, **asked: Any) -> int:
    """Find the words that stand beside a term more often than they would by chance.

    For each word: how often it stands within the window, how often in all, how often it would stand
    there by chance; G² (log-likelihood: 10.83 is p = 0.001) and logDice (14: always together). A
    word in the windows of several mentions counts once, a word that a mention overlaps not at all,
    and punctuation is no word.
    """
    from chabao.indexer.tokens import cut
    from chabao.search import collocation
    from chabao.search.output import collocation as output

    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    how = {name: asked.pop(name) for name in ("literal", "window", "least", "all_words")}
    how["sort"] = collocation.Sort(asked.pop("sort"))
    how["filters"] = options.chosen(asked)
    how_many = options.most(asked, 20)
    with options.reading(index) as opened:
        found = collocation.collocates(opened, term, cut, **how)
    return output.collocates(found, how_many, **asked)
