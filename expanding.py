"""The option about synonyms, and the file of them that is the user's own."""

from __future__ import annotations

import os
from gettext import gettext as _
from pathlib import Path

import click

from chabao.pages import Said


def files(_ctx: click.Context, _param: click.Parameter, off: bool) -> tuple[Path, ...] | None:
    """The file that CHABAO_SYNONYMS names; None where synonyms are not wanted at all.

    Raises UnreadableSynonyms where there is no such file.
    """
    variable = os.environ.get("CHABAO_SYNONYMS")
    path = Path(variable) if variable and not off else None
    if path and not path.is_file():
        from chabao.search.errors import UnreadableSynonyms

        raise UnreadableSynonyms(path=path, reason=_("there is no such file"))
    return None if off else (path,) if path else ()


synonyms = click.option(
    "--no-synonyms", "synonyms", cls=Said, is_flag=True, callback=files,
    help="Where a term is mentioned nowhere, do not look for its other names.",
)  # fmt: skip
