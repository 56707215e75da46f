"""`chabao repeat`: a recorded search again, and what differs."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.naming import FilePath
from chabao.pages import Page, Said


@click.command("repeat", cls=Page)
@click.argument("file", metavar="FILE|-", type=FilePath(dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.color
@options.common
def command(file: Path, as_json: bool, color: str, index: Path | None) -> int:
    """Repeat a search that was recorded, and say whether it answers the same.

    FILE is what chabao search --record wrote. The exit code is 0 if the same items come with the
    same mentions, 1 if not; what the corpus has more or less of is listed either way.
    """
    from chabao.search import records
    from chabao.search.output import record, show

    then = record.load(file)
    with options.reading(index) as opened:
        return show.repeated(records.repeat(opened, then), as_json, color)
