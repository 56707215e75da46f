"""`chabao serve`: the page for colleagues."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path
from types import ModuleType

import click

from chabao import options
from chabao.messages import before_dashes
from chabao.pages import Page, Said


@click.command("serve", cls=Page)
@click.option(
    "--port", cls=Said, type=click.IntRange(0, 65535), default=8765, show_default=True,
    metavar="PORT", help="Where it listens; 0 takes any that is free.",
)  # fmt: skip
@click.option(
    "--host", cls=Said, metavar="ADDRESS",
    help="Let others on the network read too, at this address of this machine.",
)  # fmt: skip
@click.option("--browser/--no-browser", cls=Said, default=True, help="Open the page at once.")
@options.common
def command(port: int, host: str | None, browser: bool, index: Path | None) -> int:
    """Serve a page on this machine to search, read and cite in a browser; Ctrl-C ends it.

    Only this machine can reach it. With --host others can, if they have the whole address that is
    printed; what goes over the network then is not encrypted.
    """
    server = _server()
    with options.reading(index) as opened:
        place = opened.path
    door = server.door(port, host)

    def ready() -> None:
        if door.access.token:
            said = _("whoever has this address can read the index, and nothing is encrypted")
            click.echo(f"chabao: {said}", err=True)
        click.echo(f"chabao: {door.address}", err=True)
        if browser:
            click.launch(door.address)

    server.serve(door, place, options.shelf(index), ready, "--debug" in before_dashes(sys.argv))
    return 0


def _server() -> ModuleType:
    try:
        from chabao.web import server
    except ModuleNotFoundError as error:
        from chabao.indexer.errors import MissingLibrary

        raise MissingLibrary(name=error.name, install='"chabao[web]"') from error
    return server
