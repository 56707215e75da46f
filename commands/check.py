"""`chabao check`: whether the quotations of a manuscript say what the bulletins say."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chabao import options
from chabao.inputs import not_over
from chabao.naming import FilePath
from chabao.pages import Page, Said

if TYPE_CHECKING:
    from chabao.search.manuscripts import Portion


def portions(path: Path) -> tuple[Portion, ...]:
    """The text of a manuscript; - is standard input. Raises UnreadableFile."""
    from chabao.indexer import reader
    from chabao.search import manuscripts, wordfiles

    data = reader.load(path)
    if wordfiles.is_word(data):
        return wordfiles.portions(data, path)
    markdown = path.suffix.lower() in (".md", ".markdown")
    return manuscripts.plain(reader.decode(data, path), markdown)


@click.command("check", cls=Page)
@click.argument("file", metavar="FILE|-", type=FilePath(allow_dash=True))
@click.option("--all", "everything", cls=Said, is_flag=True,
              help="Check every sentence, not only what is quoted.")  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(file: Path, everything: bool, index: Path | None, **asked: Any) -> int:
    """Check the quotations of a manuscript (.txt, .md, .docx) against the bulletins.

    Every quotation of eight characters up is verbatim, verbatim but for layout, width or
    punctuation, altered, or not found; 1 is the exit code if any is altered or not found.
    """
    from chabao.search import manuscripts
    from chabao.search.checking import check
    from chabao.search.output.checking import checking
    from chabao.search.output.terminal import ProgressBar

    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    not_over(file, asked["into"])
    taken = manuscripts.sentences if everything else manuscripts.quotations
    quoted = list(taken(portions(file)))
    with options.reading(index) as opened, ProgressBar(_("checking")) as bar:
        found = check(opened, quoted, bar)
    return checking(found, str(file), **asked)
