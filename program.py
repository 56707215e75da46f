"""The frame around the commands: the reader's language, errors in one line, exit codes.

0 found literally · 1 not · 2 error · 130 Ctrl-C; whoever closes the pipe wants no more, so 0.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any

import click

from chabao import naming, streams
from chabao.indexer import room
from chabao.indexer.errors import ChabaoError, OutOfMemory
from chabao.interrupts import Interrupts
from chabao.messages import before_dashes, language, say, speak
from chabao.pages import Page
from chabao.search.output import advice
from chabao.search.output.text import clean, fitted

FAILED = 2
INTERRUPTED = 130
MEANT = 60
"""Columns of a command that may have been meant."""


class Commands(Page, click.Group):
    """The program: its own commands in the order in which they stand in the file, then those that
    are read from `chabao.commands` when they are called."""

    command_class = Page
    more: Sequence[str] = ()

    def main(self, args: Sequence[str] | None = None, *_more: Any, **settings: Any) -> Any:
        if args is None:
            streams.read_arguments()
        advice.adapt = naming.for_named
        argv = _excluding(sys.argv[1:] if args is None else args) or ["--help"]
        settings |= {"prog_name": "chabao", "standalone_mode": False}
        raise SystemExit(run(lambda: super(Commands, self).main(argv, **settings), argv))

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = [name for name in self.commands if name not in self.more]
        return [*own, *self.more]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in self.more and name not in self.commands:
            module = importlib.import_module(f"chabao.commands.{name.replace('-', '_')}")
            self.add_command(module.command, name)
        return super().get_command(ctx, name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            known = {name for each in self.commands.values() for one in each.params
                     for name in one.opts}  # fmt: skip
            if error.option_name not in known and set(words).isdisjoint(self.list_commands(ctx)):
                raise
            said = _("{name} comes too early: options come after the command")
            raise click.UsageError(said.format(name=error.option_name), ctx) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] == "help":
            args = [*args[1:], "--help"]
        if ctx.resilient_parsing or args[0][:1] == "-" or self.get_command(ctx, args[0]):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(args[0], self.list_commands(ctx), 1)
        meant = " ".join([*near, *args[1:]] if near else ["search", *args])
        said = _("No such command {name!r}.").format(name=fitted(args[0], MEANT))
        advised = _("Did you mean: chabao {command}").format(command=fitted(meant, MEANT))
        raise click.UsageError(f"{said} {advised}", ctx)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ChabaoError as error:
            # what is advised is meant for the index that was named
            error.index = error.index or ctx.meta.get(naming.MARK, "")
            raise


def run(commands: Callable[[], object], argv: Sequence[str]) -> int:
    """The exit code of `commands`, which do what `argv` says. No exception leaves it."""
    speak(language(argv, os.environ))
    streams.stand_in()
    _prepare_streams()
    output, remarks = sys.stdout, sys.stderr
    try:
        code = _outcome(commands, argv)
        sys.stdout.flush()
        return code
    except (click.Abort, KeyboardInterrupt):
        streams.flush_or_drop()
        return INTERRUPTED
    except SystemExit:
        # of a closed pipe click tells only by leaving its own streams behind
        if sys.stdout is output:
            raise
        sys.stdout, sys.stderr = output, remarks
        return _unwritten(BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)), argv)
    except OSError as error:
        return _unwritten(error, argv)
    except Exception as error:  # the last door before the user
        if isinstance(error, MemoryError) or room.is_scarce():
            return _failed(argv, error, say(OutOfMemory.message), say(OutOfMemory.hint))
        reason = f"{type(error).__name__}: {error}"
        said = say("something in chabao itself went wrong: {reason}", reason=reason)
        return _failed(argv, error, said, _("add --debug and report what it prints"))


def _outcome(commands: Callable[[], object], argv: Sequence[str]) -> int:
    try:
        # before and after it nothing is begun that Ctrl-C could leave half done
        with Interrupts():
            code = commands()
        return code if isinstance(code, int) else 0
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "chabao"
        hint = _("see {command} --help").format(command=path)
        return _failed(argv, error, error.format_message(), hint)
    except click.ClickException as error:
        return _failed(argv, error, error.format_message())
    except ChabaoError as error:
        hint = naming.commands_for(error.index, say(error.hint))
        _failed(argv, error, say(error.message, **error.values), hint)
        return error.code


def _unwritten(error: OSError, argv: Sequence[str]) -> int:
    """The exit code where something could be neither read nor written: 0 if nobody wanted it."""
    if streams.is_unwanted(error):
        streams.drop_output()
        return 0
    place = error.filename or _("the output")
    reason = error.strerror or str(error)
    said = say("cannot read or write {path}: {reason}", path=place, reason=reason)
    code = _failed(argv, error, said)
    streams.flush_or_drop()
    return code


def _excluding(argv: Sequence[str]) -> list[str]:
    """-川渝 is a term to exclude and no option; －川渝 means the same, and click lets it pass."""
    options = len(before_dashes(argv))
    return [
        "－" + word[1:] if at < options and word[:1] == "-" and word[1:2] > "\x7f" else word
        for at, word in enumerate(argv)
    ]


def _failed(argv: Sequence[str], error: BaseException, said: str, hint: str = "") -> int:
    if "--debug" in before_dashes(argv):
        import traceback

        traceback.print_exception(error)
    line = " ".join(f"chabao: {said}".split("\n"))
    print(clean(f"{line} — {hint}" if hint else line), file=sys.stderr)
    return FAILED


def _prepare_streams() -> None:
    """Text that a stream cannot write shows as ?, and is no error. Pipes are UTF-8 and lines end in
    \\n on Windows too, unless another encoding was asked for."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and sys.platform == "win32" and not stream.isatty():
            asked = os.environ.get("PYTHONIOENCODING")
            encoding = stream.encoding if asked else "utf-8"
            reconfigure(encoding=encoding, errors="replace", newline="\n")
        elif reconfigure:
            reconfigure(errors="replace")
