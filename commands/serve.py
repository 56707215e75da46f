"""`chabao serve`: the page for colleagues."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import options
from chabao.pages import Page, Said


@click.command("serve", cls=Page)
@click.option(
    "--port", cls=Said, type=click.IntRange(0, 65535), default=8765, show_default=True,
    metavar="PORT", help="Where it listens; 0 takes any that is free.",
)  # fmt: skip
@click.option("--browser/--no-browser", cls=Said, default=True, help="Open the page at once.")
@options.common
def command(port: int, browser: bool, index: Path | None) -> int:
    """Serve a page on this machine to search, read and cite in a browser."""
    from chabao.web import server

    with options.reading(index) as opened:
        place = opened.path
    sockets = server.listening(port)
    address = f"http://localhost:{sockets[0].getsockname()[1]}/"
    click.echo(f"chabao: {address}", err=True)
    if browser:
        click.launch(address)
    server.serve(place, sockets)
    return 0
