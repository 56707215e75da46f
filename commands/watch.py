"""`chabao watch`: an index that is kept fresh."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.naming import FilePath
from chabao.pages import Page, Said


@click.command("watch", cls=Page)
@click.argument("folders", metavar="[FOLDER]...", nargs=-1, type=FilePath())
@click.option(
    "--poll", cls=Said, type=click.IntRange(1, 86400), metavar="SECONDS",
    help="Look at the files every so many seconds: for network folders, which tell of no changes.",
)  # fmt: skip
@options.common
def command(folders: tuple[Path, ...], poll: int | None, index: Path | None) -> int:
    """Keep the index fresh while files come, change and go; Ctrl-C ends it.

    The folders are added to those that the index has; without any, those are kept fresh. Of a
    folder that is not there for a while the index keeps what it has. Each update is a line on
    standard error; what cannot be done is said, and tried again.
    """
    from chabao.indexer.watching import Watch
    from chabao.search.output.watching import Narrator

    target = options.named_index(index) or options.own_index()
    Watch(folders, target, Narrator(), poll).run()
    return 0
