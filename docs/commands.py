"""Writes the help pages of all commands into docs/cli.md, in Chinese and in English."""

from __future__ import annotations

import os
from collections.abc import Iterator

from chabao.cli import main
from chabao.messages import speak


def pages(language: str) -> str:
    """The pages as they stand on a terminal of 80 columns; `language` is zh or en."""
    asked = os.environ.get("LANGUAGE", "")
    speak(language)
    try:
        return "\n".join(_pages())
    finally:
        os.environ["LANGUAGE"] = asked


def _pages() -> Iterator[str]:
    context = main.context_class(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    for name, command in [("", main), *commands.items()]:
        assert command, name
        title = f"chabao {name}".strip()
        page = command.context_class(command, info_name=title, terminal_width=80)
        yield f"### `{title}`\n\n```\n{command.get_help(page)}\n```\n"
