"""Saved searches for people and for programs: what they are, and what is new to them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from gettext import gettext as _
from gettext import ngettext
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.search.engine import line_at
from chabao.search.output.feed import feed
from chabao.search.output.files import replacing
from chabao.search.output.hits import hits
from chabao.search.output.json_ import SCHEMA, encoded, notice
from chabao.search.output.mentions import sheet_of
from chabao.search.output.notices import notices
from chabao.search.output.pager import write as paged
from chabao.search.output.screen import Screen, Style, screen
from chabao.search.output.sheets import write
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND, write_bytes
from chabao.search.output.table import table
from chabao.search.output.text import clean
from chabao.search.query import Span
from chabao.search.results import Hit, Results
from chabao.search.saved import Entry, Look, Saved
from chabao.search.snippets import snippets

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """How news is wanted: one form, or for people; and a feed beside it, - to standard output."""

    as_json: bool = False
    form: str | None = None
    into: Path | None = None
    atom: Path | None = None
    color: str = "auto"


def show(looks: Sequence[Look], names: Sequence[str], index: Place, wish: Wish) -> int:
    """What is new; the exit code. When it returns, all of it has been handed over."""
    if wish.atom:
        data = feed([seen.after for seen in looks], index, names)
        if wish.atom == Path("-"):
            write_bytes(data)
        else:
            with replacing(wish.atom) as file:
                file.write(data)
    _say(looks, wish.color)
    if wish.as_json:
        write_bytes(encoded(_object(looks)))
    elif wish.form or wish.into:
        lines = [line for seen in looks for line in seen.lines]
        write(sheet_of(lines), wish.form, wish.into)
    elif wish.atom != Path("-"):
        on = screen(sys.stdout, wish.color)
        paged("".join(f"{line}\n" for line in page(looks, on)), on)
    sys.stdout.flush()
    if any(seen.query.node is None for seen in looks):
        return FAILED
    return FOUND if any(seen.rows for seen in looks) else NOT_FOUND


def _say(looks: Iterable[Look], color: str) -> None:
    """Of each search how much is new, and what is wrong with its query."""
    aside = screen(sys.stderr, color)
    nothing = True
    for seen in looks:
        nothing = False
        name, query = clean(seen.before.saved.name), seen.query
        fatal = tuple(remark for remark in query.diagnostics if remark.fatal)
        if fatal:
            print(f"chabao: {name}:", file=sys.stderr)
        for line in notices(query.line, "", fatal, aside):
            print(line, file=sys.stderr)
        if not fatal:
            print(f"chabao: {name}: {amount(seen)}", file=sys.stderr)
    if nothing:
        said = _("no search is saved; save one with chabao save NAME QUERY")
        print(f"chabao: {said}", file=sys.stderr)


def amount(seen: Look) -> str:
    """How much is new."""
    count = len({id(row.item) for row in seen.rows})
    if not count:
        return _("nothing new since {day}").format(day=day(seen.before.looked))
    if seen.whole:
        return ngettext("{n} new item", "{n} new items", count).format(n=count)
    mentions = ngettext("{n} new mention", "{n} new mentions", len(seen.rows))
    within = ngettext("{n} item", "{n} items", count).format(n=count)
    return _("{mentions} in {items}").format(
        mentions=mentions.format(n=len(seen.rows)), items=within
    )


def day(at: str) -> str:
    """An ISO time in UTC as the reader's clock has it."""
    from datetime import datetime

    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def page(looks: Iterable[Look], on: Screen) -> Iterator[str]:
    """What is new to each search, under its name; the mentions that are new are marked."""
    begun = False
    for seen in looks:
        if not seen.rows:
            continue
        if begun:
            yield ""
        begun = True
        yield on.paint(f"== {clean(seen.before.saved.name)} ==", Style.TITLE)
        found = tuple(_hits(seen))
        yield from hits(Results(seen.query.line, "", True, len(found), 0, 0.0, found), on)


def _hits(seen: Look) -> Iterator[Hit]:
    """The items with something new, in document order."""
    by_item = groupby(seen.rows, key=lambda row: id(row.item))
    for rank, rows in enumerate((list(group) for _item, group in by_item), 1):
        item, text = rows[0].item, rows[0].item["text"]
        spans = [] if seen.whole else [Span(row.start, row.end) for row in rows]
        yield Hit(
            rank=rank,
            score=0.0,
            mentions=len(spans),
            item=item,
            snippets=snippets(text, spans, max(1, len(spans))),
            line=line_at(item, rows[0].start),
        )


def _object(looks: Iterable[Look]) -> dict[str, Any]:
    return {"schema": SCHEMA, "searches": [_news(seen) for seen in looks]}


def _news(seen: Look) -> dict[str, Any]:
    saved = seen.before.saved
    return {
        "name": saved.name,
        "query": saved.query,
        "understood": seen.query.understood,
        "since": seen.before.looked,
        "mentions": 0 if seen.whole else len(seen.rows),
        "items": len({id(row.item) for row in seen.rows}),
        "notices": [notice(remark) for remark in seen.query.diagnostics],
        "rows": [asdict(line) for line in seen.lines],
    }


def saved(seen: Look, color: str) -> int:
    """What was saved, and how much stands there already; the exit code."""
    aside, query = screen(sys.stderr, color), seen.query
    for line in notices(query.line, query.understood, query.diagnostics, aside):
        print(line, file=sys.stderr)
    if query.node is None:
        return FAILED
    said = ngettext(
        "saved as {name}; {n} is there already, and chabao new tells what comes",
        "saved as {name}; {n} are there already, and chabao new tells what comes",
        seen.after.there,
    ).format(name=seen.after.saved.name, n=seen.after.there)
    print(clean(f"chabao: {said}"), file=sys.stderr)
    return FOUND


def listed(entries: Sequence[Entry], as_json: bool, color: str) -> int:
    """The saved searches; 1 where there are none."""
    if as_json:
        write_bytes(encoded({"schema": SCHEMA, "searches": [_entry(each) for each in entries]}))
    elif entries:
        on = screen(sys.stdout, color)
        heads = (_("name"), _("query"), _("there"), _("saved"), _("last look"))
        rows = [
            (each.saved.name, asked(each.saved), each.there, day(each.since), day(each.looked))
            for each in entries
        ]
        paged("".join(f"{line}\n" for line in table(heads, rows, on)), on)
    else:
        _say((), color)
    return FOUND if entries else NOT_FOUND


def asked(saved: Saved) -> str:
    """The query with its options, as they were typed."""
    parts = ["-F" if saved.literal else "", "--numbers" if saved.numbers else "", saved.query]
    for name, values in asdict(saved.conditions).items():
        several = (values,) if isinstance(values, str) else values or ()
        parts += (f"--{name} {value}" for value in several)
    return " ".join(filter(None, parts))


def _entry(entry: Entry) -> dict[str, Any]:
    known = asdict(entry.saved)
    return known | {"since": entry.since, "looked": entry.looked, "there": entry.there}


def removed(names: Iterable[str]) -> int:
    """Says what was taken out."""
    for name in names:
        said = clean(_("{name} is no longer saved").format(name=name))
        print(f"chabao: {said}", file=sys.stderr)
    return FOUND
