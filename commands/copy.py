"""`chabao copy`: an index into another, without a file being read again."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from chabao import options
from chabao.naming import IndexName
from chabao.pages import Page, Said

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place


@click.command("copy", cls=Page)
@click.argument("origin", metavar="FROM", type=IndexName())
@click.argument("target", metavar="TO", type=IndexName())
@click.option("--rebuild", cls=Said, is_flag=True, help="Copy everything again.")
@options.workers
@options.basic
def command(origin: Place, target: Place, rebuild: bool, workers: int | None) -> int:
    """Copy an index into another: from a folder to a cluster, back, or to another name.

    Each is a name, the path of a folder, or opensearch://host:port/name. The files are not read
    again; what the other index has already stays, so an interrupted copy goes on when it is run
    again. What only the other index has is taken out of it. In the end both are counted.
    """
    from chabao.indexer.copying import copy
    from chabao.search.output import show
    from chabao.search.output.terminal import ProgressBar

    going_on = _("chabao: interrupted at {done} of {total} files; run it again to go on")
    with ProgressBar(_("copying"), going_on=going_on) as bar:
        done = copy(origin, target, rebuild=rebuild, workers=workers, progress=bar,
                    waiting=show.waiting)  # fmt: skip
    return show.copied(done)
