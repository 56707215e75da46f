"""`chabao status`: what is indexed, and whether it still is what the files say."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.pages import Page, Said


@click.command("status", cls=Page)
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.color
@options.common
def command(as_json: bool, color: str, index: Path | None) -> int:
    """Say what is indexed, what was refused and why, and whether the index is stale.

    It is stale where files are new, changed or gone since it was made, as size and time of the
    files tell; none is read. The exit code is 0 if it is fresh, 1 if it is stale.
    """
    from chabao.indexer.status import status
    from chabao.search.output import status as output

    found = status(options.named_index(index) or options.own_index())
    return output.status(found, as_json, color)
