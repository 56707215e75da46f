"""Help pages in the reader's language, wrapped by the width of what is shown."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from gettext import gettext as _

import click

from chabao.messages import say
from chabao.search.output.text import lines, width


class Formatter(click.HelpFormatter):
    """click's own counts characters, and a Chinese one is two columns wide."""

    def write_text(self, text: str) -> None:
        for at, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if at else "")
            self._write(" ".join(paragraph.split("\n")), self.current_indent)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        column = min(max((width(term) for term, _text in rows), default=0), col_max) + col_spacing
        for term, text in rows:
            self.write(" " * self.current_indent + term)
            used = width(term)
            if used > column - col_spacing:
                self.write("\n")
                used = -self.current_indent
            self._write(text, self.current_indent + column, " " * (column - used))

    def _write(self, text: str, indent: int, before: str | None = None) -> None:
        margin = " " * indent
        for at, (start, end) in enumerate(lines(text, max(self.width - indent, 10))):
            first = margin if before is None else before
            self.write((margin if at else first) + text[start:end].rstrip() + "\n")


class PageContext(click.Context):
    formatter_class = Formatter


class Page(click.Command):
    """A command whose help page is in the reader's language."""

    context_class = PageContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # of an option without its value click forgets whose it was
            error.ctx = error.ctx or ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help, original = self._said(), self.help
        super().format_help_text(ctx, formatter)
        self.help = original

    def get_short_help_str(self, limit: int = 45) -> str:
        return " ".join(self._said().partition("\n\n")[0].split("\n")).rstrip("。.")

    def _said(self) -> str:
        return say(inspect.cleandoc(self.help or ""))

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        return ["-h", "--help"]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = _("Show this message and exit.")
        return option


class Said(click.Option):
    """An option that is described in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help, original = say(self.help or ""), self.help
        record = super().get_help_record(ctx)
        self.help = original
        return record
