"""`chabao quote`: a quotation with its citation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.inputs import text_query
from chabao.pages import Page, Said

STYLES = ("gbt7714-2025", "gbt7714-2015", "bibtex", "ris", "csl-json", "markdown")


@click.command("quote", cls=Page)
@click.argument("target", metavar="ID|ADDRESS|TERM...", nargs=-1, required=True,
                callback=text_query)  # fmt: skip
@click.option(
    "--style", cls=Said, type=click.Choice(STYLES), default=STYLES[0], show_default=True,
    help="Form of the citation.",
)  # fmt: skip
@click.option(
    "--as", "form", cls=Said, type=click.Choice(["serial", "report"]), default="serial",
    show_default=True, help="Cite issues as numbers of a serial, or as reports.",
)  # fmt: skip
@click.option(
    "--sentences", cls=Said, type=click.IntRange(1), default=1, show_default=True, metavar="N",
    help="Whole sentences to quote, at least.",
)  # fmt: skip
@click.option(
    "-n", "--limit", cls=Said, type=click.IntRange(1), default=10, show_default=True, metavar="N",
    help="Quotations to give.",
)  # fmt: skip
@click.option("-F", "--literal", cls=Said, is_flag=True,
              help="Take the words as one string; no operators, ids or addresses.")  # fmt: skip
@options.filters
@click.option("--copy", cls=Said, is_flag=True, help="Copy it too, where the terminal allows it.")
@options.color
@options.common
def command(
    target: str, style: str, form: str, color: str, copy: bool, index: Path | None, **asked: Any
) -> int:
    """Quote a passage in whole sentences, with its citation and its address.

    By the id of an item, the address of a passage (id@offset+length~check, which chabao show finds
    again later), or a query: then every mention is quoted.
    """
    from chabao.search import quotes
    from chabao.search.output.citation import Form, Style
    from chabao.search.output.quotations import quotations

    chosen = options.chosen(asked)
    with options.reading(index) as opened:
        found = quotes.quotations(opened, target, filters=chosen, **asked)
    return quotations(found, Style(style), Form(form), color, copy)
