"""`chabao figures`: the numbers that bulletins report, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.pages import Page, Said

ROWS = 40
"""Rows on a screen or in a pipe, unless another number is asked for."""


@click.command("figures", cls=Page)
@click.argument("terms", metavar="[TERM]...", nargs=-1)
@options.filters
@click.option("-n", "--limit", cls=Said, type=click.IntRange(1), metavar="N",
              help="Figures to show; 40 unless said, all where a program reads them.")  # fmt: skip
@click.option("--all", "everything", cls=Said, is_flag=True, help="Show every figure.")
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(terms: tuple[str, ...], index: Path | None, **asked: Any) -> int:
    """List the numbers that bulletins report: of whom, what, how many, and since when.

    Each TERM must stand in what a figure is said of, in what it counts, or in its sentence.
    """
    from chabao.search import figures
    from chabao.search.output.figures import figures as output

    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    chosen, limit = options.chosen(asked), options.most(asked, ROWS)
    with options.reading(index) as opened:
        found = figures.figures(opened, terms, filters=chosen)
    return output(found, limit=limit, **asked)
