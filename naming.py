"""Which index is meant: by --index, else by CHABAO_INDEX, else the one of this user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def data() -> Path:
    """The folder of this user's data."""
    import platformdirs

    return platformdirs.user_data_path("chabao", appauthor=False)


def meant(written: str) -> Path:
    """The folder of the index that a name or a path means. Raises NoIndexNamed, OddName."""
    from chabao.indexer.places import place

    return place(written, data())


class IndexName(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """The name of an index, or the path of a folder; what a command gets is the folder."""

    name = "index"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return value if isinstance(value, Path) else meant(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names in use, and folders."""
        from click.shell_completion import CompletionItem

        from chabao.indexer.places import named

        names = [name for name, _folder in named(data()) if name.startswith(incomplete)]
        return [*map(CompletionItem, names), CompletionItem(incomplete, type="dir")]


def named_index(option: Path | None) -> Path | None:
    """The index that was named, by the option or by CHABAO_INDEX."""
    variable = os.environ.get("CHABAO_INDEX")
    return option or (meant(variable) if variable else None)


def own_index() -> Path:
    """Where this user's index is kept when none is named."""
    from chabao.indexer.places import own

    return own(data())


def known() -> list[tuple[str, Path, bool]]:
    """The indexes there are, or that CHABAO_INDEX names: name, place, and whether it is the one
    that is taken where none is named. The name is "" for the one of this user and for a path."""
    from chabao.indexer.places import named

    default = (named_index(None) or own_index()).resolve()
    places = {own_index(): "", **{path: name for name, path in named(data())}}
    found = [(name, path, path.resolve() == default) for path, name in places.items()]
    if not any(taken for _, _, taken in found):
        found.insert(0, ("", default, True))
    return [each for each in found if each[1].is_dir() or (each[2] and named_index(None))]
