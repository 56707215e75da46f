"""`chabao indexes`: the indexes of this user."""

from __future__ import annotations

import click

from chabao import naming, options
from chabao.pages import Page, Said


@click.command("indexes", cls=Page)
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.color
@options.basic
def command(as_json: bool, color: str) -> int:
    """List the indexes of this user: names, places, items, size and date.

    The one marked is taken where none is named. A new one is made with chabao index FOLDER --index
    NAME. The exit code is 1 if there are none.
    """
    from chabao.indexer.status import listed
    from chabao.search.output import status

    return status.indexes([listed(*each) for each in naming.known()], as_json, color)
