"""The command line: parse, call one function, hand over."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.expanding import synonyms
from chabao.exporting import exports
from chabao.inputs import text_query
from chabao.naming import FilePath, Word
from chabao.pages import Said
from chabao.program import Commands


def print_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked:
        from chabao import __version__

        click.echo(f"chabao {__version__}")
        ctx.exit()


@click.group(cls=Commands)
@click.option(
    "--version", cls=Said, is_flag=True, expose_value=False, is_eager=True,
    callback=print_version, help="Show the version and exit.",
)  # fmt: skip
@click.option(
    "--lang", cls=Said, type=click.Choice(["zh", "en"]), expose_value=False,
    help="Language of messages and pages.",
)  # fmt: skip
def main() -> None:
    """Look it up in the bulletins: full-text search for Chinese government-service bulletins."""


MORE: tuple[str, ...] = (
    "mentions", "trend", "collocates", "keywords", "figures", "quote", "check", "reprints",
    "repeat", "save", "saved", "new",
    "status", "check-index", "repair", "watch", "indexes", "copy", "open", "serve",
)  # fmt: skip
"""Commands that are a module of `chabao.commands` each, in the order of the help page."""
main.more = MORE


@main.command()
@click.argument("query", nargs=-1, callback=text_query)
@options.asking
@synonyms
@options.showing
@exports("sheet")
@options.recording
@options.common
def search(query: str, index: Path | None, **asked: Any) -> int:
    """Find every mention of what is asked, the best items first.

    Several words are one query; a lone - reads it from standard input; -- comes before a query that
    begins with a minus.
    """
    from chabao.search import engine
    from chabao.search.output import show

    form, sheet = asked["form"], asked["sheet"]
    table = ("output" if asked["into"] else "format") if sheet else None
    options.one_form(form if form != "files" else None, table)
    meant = options.meaning(asked)
    with options.reading(index) as opened:
        found = engine.search(opened, query, **meant, files=form == "files")
        if asked["record"] and found.understood:
            from chabao.search.output import record

            record.save(options.recorded(opened, query, meant), asked["record"])
    return show.results(found, form, asked["color"], sheet, asked["into"])


@main.command()
@click.argument("item", metavar="ID|ADDRESS", type=Word())
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def show(
    item: str, as_json: bool, form: str | None, into: Path | None, color: str, index: Path | None
) -> int:
    """Show a whole item, its place, and its neighbours.

    The address of a passage, as chabao quote prints it, marks the passage, wherever it stands now;
    the exit code is 1 where its text has changed since, or its item is gone.
    """
    from chabao.search import catalogue
    from chabao.search.output import show as output

    options.json_or_table(as_json, form, into)
    with options.reading(index) as opened:
        return output.item(catalogue.show(opened, item), as_json, color, form, into)


@main.command()
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def fields(
    as_json: bool, form: str | None, into: Path | None, color: str, index: Path | None
) -> int:
    """List departments, sections and issues, with how many items each has."""
    from chabao.search import catalogue
    from chabao.search.output import show as output

    options.json_or_table(as_json, form, into)
    with options.reading(index) as opened:
        return output.fields(catalogue.fields(opened), as_json, color, form, into)


@main.command()
@options.exporting
@options.common
def export(form: str | None, into: Path | None, index: Path | None) -> int:
    """Print every item in full, for other programs: as lines of JSON where no format is named."""
    from chabao.search import engine
    from chabao.search.output import show as output

    with options.reading(index) as opened:
        return output.export(engine.export(opened), into, form or "jsonl")


@main.command("index")
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True,
                type=FilePath(exists=True))  # fmt: skip
@click.option("--rebuild", cls=Said, is_flag=True, help="Read everything again.")
@options.workers
@options.color
@options.common
def index_(
    folders: tuple[Path, ...], rebuild: bool, workers: int | None, color: str, index: Path | None
) -> int:
    """Read folders of bulletins into the index; only what changed is read again."""
    from chabao.indexer.build import build
    from chabao.search.output import show
    from chabao.search.output.terminal import ProgressBar

    target = options.named_index(index) or options.own_index()
    going_on = _("chabao: interrupted at {done} of {total} files; run it again to go on")
    with ProgressBar(_("indexing"), going_on=going_on) as bar:
        done = build(folders, target, rebuild=rebuild, workers=workers, progress=bar,
                     waiting=show.waiting)  # fmt: skip
    return show.report(done, color)


@main.command("remove")
@click.argument("folder", metavar="FOLDER", type=FilePath())
@options.color
@options.common
def remove_(folder: Path, color: str, index: Path | None) -> int:
    """Take a folder out of the index; its files stay where they are."""
    from chabao.indexer.build import remove
    from chabao.search.output import show

    done = remove(folder, options.named_index(index) or options.own_index())
    return show.report(done, color)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@options.basic
def completion(shell: str) -> int:
    """Print the shell's script that completes commands, options, departments and sections.

    For bash: eval "$(chabao completion bash)"

    For PowerShell: chabao completion powershell | Out-String | Invoke-Expression
    """
    from chabao import shells

    script = shells.script(shell, main)
    if script is None:
        unknown = _("this version of click knows no {shell}")
        said = unknown.format(shell=shell)  # nosec B604 # a name in a message
        raise click.UsageError(said)
    click.echo(script)
    return 0
