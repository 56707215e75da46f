"""`chabao trend`: mentions in the course of time."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.naming import FilePath
from chabao.pages import Page, Said


@click.command("trend", cls=Page)
@click.argument("terms", metavar="TERM...", nargs=-1, required=True)
@click.option("-F", "--literal", cls=Said, is_flag=True,
              help="Take each term as one string; no operators.")  # fmt: skip
@click.option("--by", cls=Said, type=click.Choice(["month", "quarter", "year", "issue"]),
              help="What a point stands for; else what suits the days covered.")  # fmt: skip
@click.option("--split", cls=Said, type=click.Choice(["department", "section"]),
              help="One term, told apart by department or by section.")  # fmt: skip
@options.filters
@click.option("--relative", cls=Said, is_flag=True,
              help="Draw mentions per 10,000 characters.")  # fmt: skip
@click.option("--top", cls=Said, type=click.IntRange(1), default=6, show_default=True, metavar="N",
              help="Series to draw; a table has all.")  # fmt: skip
@click.option("--plot", cls=Said, type=FilePath(dir_okay=False), metavar="FILE",
              help="Draw a picture: FILE.svg or FILE.png.")  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@click.option("--csv", "as_csv", cls=Said, is_flag=True, help="The same as --format csv.")
@options.exporting
@options.color
@options.common
def command(terms: tuple[str, ...], index: Path | None, as_csv: bool, **asked: Any) -> int:
    """Count mentions in the course of time, raw and per 10,000 characters.

    Each TERM is a query, and a series of its own. An issue counts where the middle of the days that
    it covers lies, else at its date of issue. What is not in the index is a gap, not a nought:
    months without an issue, and issues missing by the numbers of those around them. The 10,000
    characters are of all items of the issues in question, whatever --department and --section say.
    """
    from chabao.search import trends
    from chabao.search.output import trend

    by, split = asked.pop("by"), asked.pop("split")
    if split and len(set(terms)) > 1:
        raise click.UsageError(_("--split takes one TERM"))
    meant: dict[str, Any] = {"by": by and trends.By(by), "split": split and trends.Split(split)}
    meant |= {"literal": asked.pop("literal"), "filters": options.chosen(asked)}
    form = asked.pop("form") or ("csv" if as_csv else None)
    options.json_or_table(asked["as_json"], form, asked["into"])
    with options.reading(index) as opened:
        found = trends.trend(opened, terms, **meant)
        return trend.show(found, trend.Wish(form=form, **asked))
