"""What is named on the command line: files, and which index is meant.

An index is meant by --index, else by CHABAO_INDEX, else it is the one of this user.
"""

from __future__ import annotations

import errno
import os
import re
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from chabao.indexer.cluster.location import Place


def data() -> Path:
    """The folder of this user's data."""
    import platformdirs

    return platformdirs.user_data_path("chabao", appauthor=False)


def meant(written: str) -> Place:
    """Where the index is that a name, a path or the address of a cluster means.

    Raises NoIndexNamed, OddName, OddLocation.
    """
    if written.startswith("opensearch:"):
        from chabao.indexer.cluster.location import parse

        return parse(written)
    from chabao.indexer.places import place

    return followed(place(written, data()))


def followed(path: Path) -> Path:
    """A path that leads somewhere, whether anything is there or not. Raises OSError where its links
    go in circles, which Python before 3.13 says in another way."""
    try:
        path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    return path


COMMAND = re.compile(r"\bchabao (?:index|remove|repair|status)\b")
MARK = "chabao.index"
"""What the command line calls the index, among what its context knows."""


def commands_for(index: str, said: str) -> str:
    """What is said, with its commands for the index that the command line named, "" for none."""
    if not index:
        return said
    word = index if re.fullmatch(r"[\w./:~@%+\\-]+", index) else f'"{index}"'
    return COMMAND.sub(lambda found: f"{found[0]} --index {word}", said)


def for_named(said: str) -> str:
    """What is said by a command that runs, with its commands for the index that was named."""
    context = click.get_current_context(silent=True)
    return commands_for(context.meta.get(MARK, "") if context else "", said)


def written(value: Any, said: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
    """What was written, where anything was: a script's variable that is not set means nothing, and
    not the folder one is in. Raises BadParameter, which says what is missing."""
    if isinstance(value, str) and not value.strip():
        raise click.BadParameter(said, ctx, param)
    return value


class FilePath(click.Path):
    """The path of a file or a folder, as a Path."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(path_type=Path, **settings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(written(value, _("the name is empty"), param, ctx), param, ctx)
        return followed(cast("Path", path))


class Word(click.types.StringParamType):
    """The name of something, or its id."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(written(value, _("nothing is named"), param, ctx), param, ctx)


class IndexName(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """The name of an index, the path of a folder or the address of a cluster; what a command gets
    is the folder, or the location."""

    name = "index"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        if ctx and param and param.name in ("index", "origin"):
            ctx.meta[MARK] = str(value)
        return meant(value) if isinstance(value, str) else value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names in use, and folders."""
        from click.shell_completion import CompletionItem

        from chabao.indexer.places import named

        names = [name for name, _folder in named(data()) if name.startswith(incomplete)]
        return [*map(CompletionItem, names), CompletionItem(incomplete, type="dir")]


def named_index(option: Place | None) -> Place | None:
    """The index that was named, by the option or by CHABAO_INDEX."""
    variable = os.environ.get("CHABAO_INDEX")
    return option or (meant(variable) if variable else None)


def own_index() -> Path:
    """Where this user's index is kept when none is named."""
    from chabao.indexer.places import own

    return followed(own(data()))


def on_disk(index: Place) -> Path:
    """The folder of an index. Raises UsageError where it is on a cluster."""
    if isinstance(index, Path):
        return index
    said = _("{index} is on a cluster, which keeps its files itself")
    raise click.UsageError(said.format(index=index))


def known() -> list[tuple[str, Place, bool]]:
    """The indexes there are, or that CHABAO_INDEX names: name, place, and whether it is the one
    that is taken where none is named. The name is "" for the one of this user and for a path."""
    from chabao.indexer.places import named

    chosen = named_index(None) or own_index()
    places = {own_index(): "", **{path: name for name, path in named(data())}}
    if not isinstance(chosen, Path):
        others = [(name, path, False) for path, name in places.items() if path.is_dir()]
        return [("", chosen, True), *others]
    default = chosen.resolve()
    found = [(name, path, path.resolve() == default) for path, name in places.items()]
    if not any(taken for _, _, taken in found):
        found.insert(0, ("", default, True))
    return [each for each in found if each[1].is_dir() or (each[2] and named_index(None))]
