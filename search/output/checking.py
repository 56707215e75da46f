"""What became of a manuscript's quotations: for people in a list, for programs as JSON or a table.

A difference is marked as wdiff marks it, so that it reads without colours too: [-what only the
manuscript has-] and {+what only the source has+}.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from chabao.search import checking as checks
from chabao.search.addresses import Address, address
from chabao.search.alignment import Change, unspaced
from chabao.search.checking import Checked, Verdict
from chabao.search.engine import line_at
from chabao.search.manuscripts import LEAST, Kind, Place
from chabao.search.output.hits import UNWRAPPED, coloured, flowed, issue, paragraph, place
from chabao.search.output.pager import write
from chabao.search.output.screen import Screen, Style, screen
from chabao.search.output.show import FOUND, NOT_FOUND, write_bytes
from chabao.search.output.text import clean, fitted, lines
from chabao.search.passages import Passage
from chabao.search.query import Span

CONTEXT = 16
"""Characters without a change that are shown beside one."""
LONGEST = 400
"""Characters that are shown of a quotation that was not found, and of what comes nearest."""
COLUMNS = (
    "place", "number", "verdict", "quotation", "similarity", "edits", "difference", "passage",
    "places", "address", "title", "issue", "date", "section", "item", "source", "line",
)  # fmt: skip
_MARKS = re.compile(r"\[-.*?-\]|\{\+.*?\+\}", re.DOTALL)
_BAD = (Verdict.ALTERED, Verdict.NOT_FOUND)


def checking(
    found: Sequence[Checked], name: str, color: str, as_json: bool, form: str | None,
    into: Path | None,
) -> int:  # fmt: skip
    """The verdicts in the form asked for, and their numbers; 1 if any is altered or not found."""
    if as_json:
        from chabao.search.output.json_ import SCHEMA, encoded

        rows = [row(each) for each in found]
        write_bytes(encoded({"schema": SCHEMA, "counts": counts(found), "quotations": rows}))
    elif form or into:
        from chabao.search.output.sheets import Sheet
        from chabao.search.output.sheets import write as export

        export(Sheet("check", COLUMNS, map(cells, found), map(row, found)), form, into)
    else:
        on = screen(sys.stdout, color)
        write("".join(f"{line}\n" for line in page(found, on)), on)
    for line in summary(found, name):
        print(clean(f"chabao: {line}"), file=sys.stderr)
    return NOT_FOUND if any(each.finding.verdict in _BAD for each in found) else FOUND


def said(verdict: Verdict) -> str:
    """A verdict in the reader's language."""
    return {
        Verdict.VERBATIM: _("verbatim"),
        Verdict.LAYOUT: _("verbatim but for layout, width or punctuation"),
        Verdict.ALTERED: _("altered"),
        Verdict.NOT_FOUND: _("not found"),
    }[verdict]


def summary(found: Sequence[Checked], name: str) -> Iterator[str]:
    """How many quotations there were of each verdict; how differences are marked, if any are."""
    if not found:
        none = _("no quotation of {n} characters or more in {name}; --all checks every sentence")
        yield none.format(n=LEAST, name=name)
        return
    number = counts(found)
    parts = [_("{n} {verdict}").format(n=number[v], verdict=said(v)) for v in Verdict if number[v]]
    total = ngettext("{n} passage checked", "{n} passages checked", len(found))
    yield _("{total}: {parts}").format(total=total.format(n=len(found)), parts=_(", ").join(parts))
    if long := sum(len(each.quotation.text) > checks.LONGEST for each in found):
        left = ngettext(
            "{n} passage has more than {most} characters and was not looked up",
            "{n} passages have more than {most} characters and were not looked up", long,
        )  # fmt: skip
        yield left.format(n=long, most=f"{checks.LONGEST:,}")
    if number[Verdict.ALTERED] or number[Verdict.LAYOUT]:
        yield _("[-only in the manuscript-] {+only in the source+}")


def counts(found: Sequence[Checked]) -> dict[str, int]:
    """Quotations by verdict, all verdicts."""
    number = Counter(each.finding.verdict for each in found)
    return {str(verdict): number[verdict] for verdict in Verdict}


def page(found: Sequence[Checked], on: Screen) -> Iterator[str]:
    """Each quotation: its place and verdict, what it says or how it differs, and its source."""
    for at, each in enumerate(found):
        if at:
            yield ""
        yield from _head(each, on)
        yield from ("  " + line for line in _body(each, on))


def _head(each: Checked, on: Screen) -> list[str]:
    finding = each.finding
    facts = [said(finding.verdict)]
    if finding.verdict is Verdict.ALTERED:
        facts.append(_alike(finding.similarity))
    if finding.passage and finding.passage.places > 1:
        facts.append(_("in {n} places").format(n=finding.passage.places))
    style = Style.MARK if finding.verdict in _BAD else Style.TITLE
    return flowed([_("{place}:").format(place=where(each.quotation.place)), *facts], on, 0, style)


def where(place: Place) -> str:
    """The place of a quotation in the manuscript."""
    named = {
        Kind.LINE: _("line {n}"),
        Kind.PARAGRAPH: _("paragraph {n}"),
        Kind.TABLE: _("table {n}"),
        Kind.FOOTNOTE: _("footnote {n}"),
        Kind.ENDNOTE: _("endnote {n}"),
    }
    return named[place.kind].format(n=place.number)


def _alike(similarity: float) -> str:
    # never 100 % where something differs
    return _("{n} % alike").format(n=min(99, round(100 * similarity)))


def _body(each: Checked, on: Screen) -> Iterator[str]:
    quoted, finding = clean(unspaced(each.quotation.text)), each.finding
    room = UNWRAPPED if on.width is None else on.width - 2
    match finding.verdict:
        case Verdict.VERBATIM:
            yield fitted(quoted, room)
        case Verdict.NOT_FOUND:
            yield from paragraph(_cut(quoted), on, 2)
        case _:
            yield from marked(difference(finding.changes, CONTEXT), on)
    if finding.passage is None:
        return
    if finding.verdict is Verdict.NOT_FOUND:
        nearest = clean(_cut("……".join(finding.passage.texts)))
        alike = _alike(finding.similarity)
        text = _("nearest, {alike}: {text}").format(alike=alike, text=nearest)
        yield from paragraph(text, on, 2, Style.FAINT)
    yield from _source(finding.passage, on)


def _source(passage: Passage, on: Screen) -> Iterator[str]:
    first = passage.items[0]
    yield from flowed(issue(first), on, 2, Style.FAINT)
    places = " — ".join(place(item) for item in (first, *passage.items[1:][-1:]))
    yield from paragraph(places, on, 2, Style.FAINT)
    facts = [f"{first['source']}:{line_at(first, passage.start)}", addresses(passage)]
    yield from flowed([clean(fact) for fact in facts], on, 2, Style.FAINT)


def addresses(passage: Passage) -> str:
    """The address of a passage; of one in several items the first one's and the last one's."""
    first, last = passage.items[0], passage.items[-1]
    if first is last and passage.start == passage.end:  # a heading above it
        return str(Address(first["id"], passage.start))
    if first is last:
        return str(address(first["id"], first["text"], passage.start, passage.end))
    tail = address(first["id"], first["text"], passage.start, len(first["text"]))
    return f"{tail} — {address(last['id'], last['text'], 0, passage.end)}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def difference(changes: Sequence[Sequence[Change]], context: int | None = None) -> str:
    """A difference with its marks; of what is the same only `context` characters beside a change,
    unless that is None. Between pieces stands an ellipsis."""
    return "……".join("".join(_pieces(piece, context)) for piece in changes)


def _pieces(changes: Sequence[Change], context: int | None) -> Iterator[str]:
    for at, change in enumerate(changes):
        if not change.same:
            yield f"[-{change.quoted}-]" if change.quoted else ""
            yield f"{{+{change.source}+}}" if change.source else ""
            continue
        text, first, last = change.quoted, at == 0, at == len(changes) - 1
        if context is None or len(text) <= 2 * context + 2:
            yield text
        else:
            yield ("" if first else text[:context]) + "…" + ("" if last else text[-context:])


def marked(text: str, on: Screen, margin: int = 2) -> Iterator[str]:
    """The lines of a difference, its marks in colour where there are colours."""
    text = clean(text)
    if not on.colour:
        yield from paragraph(text, on, margin)
        return
    spans = [Span(*match.span()) for match in _MARKS.finditer(text)]
    room = UNWRAPPED if on.width is None else on.width - margin
    yield from (coloured(text, spans, a, b, on) for a, b in lines(text, room))


def row(each: Checked) -> dict[str, Any]:
    """A quotation for programs. `changes` are lists of pairs, quoted and source, a list for each
    piece between ellipses; `similarity` is 0 to 1."""
    finding, passage = each.finding, each.finding.passage
    told: dict[str, Any] = {
        "place": str(each.quotation.place.kind),
        "number": each.quotation.place.number,
        "verdict": str(finding.verdict),
        "quotation": each.quotation.text,
        "similarity": round(finding.similarity, 4),
        "edits": passage.edits if passage else None,
        "changes": [[[c.quoted, c.source] for c in piece] for piece in finding.changes],
        "passage": list(passage.texts) if passage and not passage.touching else None,
        "places": passage.places if passage else 0,
        "address": addresses(passage) if passage else None,
    }
    if passage and passage.touching:
        told["passage"] = ["".join(passage.texts)]
    first = passage.items[0] if passage else None
    named = {"title": "title", "issue": "number", "date": "date", "section": "section",
             "item": "item", "source": "source"}  # fmt: skip
    told |= {name: first[key] if first else None for name, key in named.items()}
    told["line"] = line_at(first, passage.start) if first and passage else None
    told["items"] = [item["id"] for item in passage.items] if passage else []
    return told


def cells(each: Checked) -> tuple[Any, ...]:
    """A quotation as a row of a table."""
    told = row(each)
    told["difference"] = difference(each.finding.changes)
    told["passage"] = "……".join(told["passage"] or ())
    told["section"] = " \u203a ".join(told["section"] or ())
    return tuple(told[name] for name in COLUMNS)
