"""Options that commands share, and what the words given with them mean."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chabao.exporting import exports
from chabao.naming import FilePath, IndexName, data
from chabao.naming import named_index as named_index
from chabao.naming import own_index as own_index
from chabao.pages import Said

if TYPE_CHECKING:
    from datetime import date

    from chabao.search.engine import Index
    from chabao.search.filters import Filters
    from chabao.search.output.shelf import Shelf
    from chabao.search.records import Record
    from chabao.search.saved import Conditions

Function = TypeVar("Function", bound=Callable[..., Any])


def _option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    return click.option(*names, cls=Said, **settings)


def group(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Several options as one decorator, in the order in which the help page lists them."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def day(last: bool) -> Callable[[click.Context, click.Parameter, str | None], date | None]:
    """A reader of dates, as they are written in queries: the first or the last day meant."""

    def read(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
        if value is None:
            return None
        ctx.meta[f"chabao.{param.name}"] = value
        from datetime import date

        from chabao.search.calendar import days

        meant = days(value, date.today())
        found = (meant[1] if last else meant[0]) if meant else None
        if found is None:
            forms = _("{value!r} is no date; write 2023, 2023-02, 2023-02-08, 2023Q1 or 近三个月")
            raise click.BadParameter(forms.format(value=value), ctx, param)
        return found

    return read


def names(kind: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """A completer from the index: departments, sections or issues' numbers."""

    def complete(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
        from chabao.search import catalogue
        from chabao.search.output.text import clean

        try:
            with reading(ctx.params.get("index"), quiet=True) as index:
                fields = catalogue.fields(index)
        except Exception:  # whatever it is, a shell that completes is no place to say it
            return []
        known = {
            "departments": list(fields.departments),
            "sections": catalogue.HEADINGS.join(fields.sections).split(catalogue.HEADINGS),
            "numbers": [number for number, *_rest in fields.issues if number],
        }[kind]
        known = [name for name in known if name == clean(name)]
        matching = [name for name in known if name.startswith(begun)]
        return list(dict.fromkeys(matching or [name for name in known if begun in name]))

    return complete


color = _option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colours: auto is on a terminal only.",
)  # fmt: skip
workers = _option(
    "--workers", type=click.IntRange(1, 64), metavar="N",
    help="Processes that read files and cut words, and what is sent to a cluster at once; "
    "as many as there are cores where it is left out.",
)  # fmt: skip
basic = group(
    _option(
        "--lang", type=click.Choice(["zh", "en"]), expose_value=False,
        help="Language of messages and pages.",
    ),
    _option(
        "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.",
    ),
)  # fmt: skip
common = group(
    _option(
        "--index", type=IndexName(), metavar="NAME|DIR",
        help="The index: a name, a path, opensearch://HOST/NAME; else CHABAO_INDEX, else the one "
        "of this user.",
    ),
    basic,
)  # fmt: skip
filters = group(
    _option(
        "--department", metavar="NAME", multiple=True, shell_complete=names("departments"),
        help="Items that name this department, by any of its names.",
    ),
    _option(
        "--section", metavar="NAME", multiple=True, shell_complete=names("sections"),
        help="Items under a heading with these words.",
    ),
    _option(
        "--period", metavar="DAYS", multiple=True,
        help="Issues that cover any of these days: 2023-02, 上半年, 2023-01..2023-06.",
    ),
    _option(
        "--since", metavar="DAY", callback=day(last=False),
        help="Issues dated on this day or later.",
    ),
    _option(
        "--until", metavar="DAY", callback=day(last=True),
        help="Issues dated on this day or earlier.",
    ),
    _option(
        "--number", metavar="NUMBER", multiple=True, shell_complete=names("numbers"),
        help="Issues of this number: 2023年第39期, 39, 总459期.",
    ),
)  # fmt: skip
numbers = _option(
    "--numbers", is_flag=True,
    help="Find numbers by value: 28 is 二十八, 3.9万 is 39000, 30% is 百分之三十.",
)  # fmt: skip
asking = group(
    _option("-F", "--literal", is_flag=True, help="Take the query as one string; no operators."),
    numbers,
    filters,
    _option("--exact", "mode", flag_value="exact", help="Only what stands there literally."),
    _option(
        "--related", "mode", flag_value="related",
        help="Related items too, ranked together with the literal ones.",
    ),
    _option(
        "--sort", type=click.Choice(["score", "date"]), default="score", show_default=True,
        help="Best first, or newest first.",
    ),
)  # fmt: skip
showing = group(
    _option(
        "-n", "--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N",
        help="Hits to show.",
    ),
    _option("--all", "everything", is_flag=True, help="Show every hit."),
    _option("--collapse", is_flag=True, help="Show one of the items that say nearly the same."),
    _option("-c", "--count", "form", flag_value="count", help="Only how much was found."),
    _option("-l", "--files", "form", flag_value="files", help="Only the files it was found in."),
    _option("--json", "form", flag_value="json", help="One JSON object."),
    _option("--plain", "form", flag_value="plain", help="Lines of source:line:id:snippet."),
    _option("--facets", is_flag=True, help="Count the items by department and year too."),
    _option("--explain", is_flag=True, help="Show the numbers behind each score."),
    color,
)  # fmt: skip


exporting = exports("form")


recording = _option(
    "--record", type=FilePath(dir_okay=False), metavar="FILE",
    help="Write down what was asked, of what and what came; chabao repeat asks again.",
)  # fmt: skip


def one_form(*given: str | None) -> None:
    """An answer has one form. Raises UsageError where options ask for several."""
    asked = [f"--{name}" for name in given if name]
    if len(asked) > 1:
        said = _("{one} and {other} exclude each other").format(one=asked[0], other=asked[1])
        raise click.UsageError(said)


def json_or_table(as_json: bool, form: str | None, into: Path | None) -> None:
    """As `one_form`, of the options that most commands have. A file's name says a format too."""
    table = ("output" if into else "format") if form else None
    one_form("json" if as_json else None, table)


def most(asked: dict[str, Any], usual: int) -> int | None:
    """How many rows are wanted, taken out of what was asked; None is every one, as where a program
    reads them and no number was given."""
    limit, everything = asked.pop("limit"), asked.pop("everything")
    program = asked["as_json"] or asked["form"] or asked["into"]
    return None if everything or (program and limit is None) else limit or usual


def chosen(asked: dict[str, Any]) -> Filters:
    """The options of `filters`, taken out of what was asked."""
    from chabao.search.filters import Filters

    names = ("department", "section", "period", "since", "until", "number")
    return Filters(**{name: asked.pop(name) for name in names})


def typed(asked: dict[str, Any]) -> Conditions:
    """The options of `filters` as they were typed, for searches that are asked again later."""
    from chabao.search.saved import Conditions

    meta = click.get_current_context().meta
    names = ("department", "section", "period", "number")
    words: dict[str, Any] = {name: tuple(asked.pop(name)) for name in names}
    for name in ("since", "until"):
        words[name] = meta[f"chabao.{name}"] if asked.pop(name) else None
    return Conditions(**words)


def meaning(asked: dict[str, Any]) -> dict[str, Any]:
    """The options of `asking` and `showing` as the engine's arguments."""
    from chabao.search.engine import Mode, Sort

    return {
        "literal": asked["literal"],
        "numbers": asked["numbers"],
        "mode": Mode(asked["mode"] or Mode.AUTO),
        "filters": chosen(asked),
        "sort": Sort(asked["sort"]),
        "limit": None if asked["everything"] or _all_for(asked["sheet"]) else asked["limit"],
        "facets": asked["facets"],
        "explain": asked["explain"],
        "synonyms": asked["synonyms"],
        "collapse": asked["collapse"],
    }


def _all_for(sheet: str | None) -> bool:
    """A table for programs has every hit, unless a number was given."""
    given = click.get_current_context().get_parameter_source("limit")
    return bool(sheet) and given is click.core.ParameterSource.DEFAULT


def recorded(index: Index, query: str, meant: dict[str, Any]) -> Record:
    """The record of a search; `meant` is what `meaning` gave."""
    from datetime import date

    from chabao.search.records import Asked, record

    names = ("literal", "numbers", "mode", "sort", "filters")
    chosen = {name: meant[name] for name in names} | {"synonyms": meant["synonyms"] is not None}
    return record(index, Asked(query, today=date.today(), **chosen))


def shelf(option: Path | None) -> Shelf:
    """This user's saved searches of the index that is named, else of the user's own."""
    from chabao.search.output.shelf import Shelf, place

    index = named_index(option) or own_index()
    return Shelf(place(index, data()), index)


@contextmanager
def reading(option: Path | None, quiet: bool = False) -> Iterator[Index]:
    """The index to read, opened: the one named, else the user's, else the bundled sample's."""
    from chabao.indexer.errors import MissingIndex
    from chabao.search.engine import open_index

    # records are trees and leave no cycles: looking for some takes a third of reading many
    gc.set_threshold(50_000)
    path = named_index(option)
    try:
        index = open_index(path or own_index())
    except MissingIndex:
        if path:
            raise
        from chabao.indexer.bundled import bundled_index

        index = open_index(bundled_index())
        if not quiet:
            said = _("answers come from the bundled sample; for your own: chabao index FOLDER")
            print(f"chabao: {said}", file=sys.stderr)
    with index:
        yield index
