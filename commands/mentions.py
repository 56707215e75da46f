"""`chabao mentions`: every mention in its context, or how many there are over time."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from chabao import options
from chabao.inputs import contents, not_over
from chabao.naming import FilePath
from chabao.pages import Page, Said

LISTED = "chabao.listed"
"""The file of terms, among what the command line knows."""
LINES = 20
"""Lines on a screen or in a pipe, unless another number is asked for."""


def listed(ctx: click.Context, param: click.Parameter, path: Path | None) -> tuple[str, ...]:
    """The terms of a file; - is standard input."""
    if path is None:
        return ()
    ctx.meta[LISTED] = path
    from chabao.indexer.bounded import TERMS
    from chabao.search.tallies import listed as terms_of

    terms = terms_of(decoded(contents(path, TERMS, ctx, param)))
    if terms and "\0" not in "".join(terms):
        return terms
    said = _("{path} holds no terms; write one a line, in UTF-8 or GB18030").format(path=path)
    raise click.BadParameter(said, ctx, param)


def decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030: a list is too short for encodings to be guessed
    otherwise. What is none of these holds no text."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def checked(terms: tuple[str, ...], asked: dict[str, Any]) -> None:
    """Says what cannot be asked for together."""
    table = asked["listed"] or asked["by"]
    ordering = (
        asked["limit"] or asked["everything"] or asked["sort"] or asked["context"] is not None
    )
    if not (terms or asked["listed"]):
        raise click.UsageError(_("name a TERM, or a file of them with --terms"))
    if table and ordering:
        raise click.UsageError(_("-n, --all, --sort and --context are for lines, not for counts"))
    if asked["regex"] and asked["numbers"]:
        raise click.UsageError(_("--numbers goes with terms, not with --regex"))
    if asked["regex"] and asked["literal"]:
        raise click.UsageError(_("a term is a literal string or a regular expression, not both"))
    if asked["as_written"] and not asked["regex"]:
        raise click.UsageError(_("--as-written goes with --regex"))
    options.json_or_table(asked["as_json"], asked["form"], asked["into"])
    not_over(click.get_current_context().meta.get(LISTED), asked["into"])


@click.command("mentions", cls=Page)
@click.argument("terms", metavar="TERM...", nargs=-1)
@click.option("-F", "--literal", cls=Said, is_flag=True,
              help="Take each term as one string; no operators.")  # fmt: skip
@options.numbers
@click.option("--regex", cls=Said, is_flag=True,
              help="Take each term as a regular expression (RE2) over folded text.")  # fmt: skip
@click.option("--as-written", cls=Said, is_flag=True,
              help="With --regex: over the source's text, where case and width count.")  # fmt: skip
@click.option("--terms", "listed", cls=Said, metavar="FILE", callback=listed,
              type=FilePath(allow_dash=True),
              help="Count the terms of a file too, one a line, in a table.")  # fmt: skip
@click.option("--by", cls=Said, type=click.Choice(["year", "quarter", "month", "issue"]),
              help="Count mentions by this; year where only --terms is given.")  # fmt: skip
@options.filters
@click.option("--sort", cls=Said, type=click.Choice(["date", "left", "right", "department"]),
              help="Order of lines; by date unless said. Contexts: from the term out.")  # fmt: skip
@click.option("--context", cls=Said, type=click.IntRange(0), metavar="N",
              help="Characters of context on each side; 40 unless said.")  # fmt: skip
@click.option("-n", "--limit", cls=Said, type=click.IntRange(1), metavar="N",
              help="Lines to show; 20 unless said, all where a program reads them.")  # fmt: skip
@click.option("--all", "everything", cls=Said, is_flag=True, help="Show every mention.")
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.exporting
@options.color
@options.common
def command(terms: tuple[str, ...], index: Path | None, **asked: Any) -> int:
    """List every mention of terms on a line, in its context, terms one below the other.

    Several terms are alternatives; quote one of several words. With --by or --terms, count mentions
    in a table instead: a row for each term, a column for each period.
    """
    from chabao.search import concordance
    from chabao.search.output import mentions as output

    checked(terms, asked)
    wanted, by = (*terms, *asked["listed"]), asked["by"]
    shape = {name: asked[name] for name in ("as_json", "form", "into", "color")}
    how = {name: asked[name] for name in ("literal", "numbers", "regex", "as_written")}
    how["filters"] = options.chosen(asked)
    with options.reading(index) as opened:
        if asked["listed"] or by:
            from chabao.search import tallies

            counts = tallies.tally(opened, wanted, by=tallies.By(by or "year"), **how)
            return output.tally(counts, **shape)
        found = concordance.concordance(opened, wanted, **how, **ordering(asked))
    return output.lines(found, **shape)


def ordering(asked: dict[str, Any]) -> dict[str, Any]:
    """Which lines, how many, and how long, as the engine's arguments."""
    from chabao.search.concordance import CONTEXT, Sort

    return {
        "sort": Sort(asked["sort"] or Sort.DATE),
        "context": CONTEXT if asked["context"] is None else asked["context"],
        "limit": options.most(asked, LINES),
    }
