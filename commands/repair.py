"""`chabao repair`: a damaged index, built again."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path

import click

from chabao import naming, options
from chabao.pages import Page


@click.command("repair", cls=Page)
@options.color
@options.common
def command(color: str, index: Path | None) -> int:
    """Build the index again if it is damaged, from the folders that it was made of.

    Nothing is lost by it: all that is in an index is in the files. Until the new one is whole, the
    old one stays as it is. A sound index is left alone.
    """
    from chabao.indexer.repairing import repair
    from chabao.search.output import show
    from chabao.search.output.terminal import ProgressBar

    target = naming.on_disk(options.named_index(index) or options.own_index())
    going_on = _("chabao: interrupted at {done} of {total} files; run it again to go on")
    with ProgressBar(_("indexing"), going_on=going_on) as bar:
        done = repair(target, progress=bar, waiting=show.waiting)
    if done is None:
        print("chabao: " + _("the index is sound; there is nothing to repair"), file=sys.stderr)
        return 0
    return show.report(done, color)
