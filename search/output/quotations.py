"""Quotations with their citations: for people in a list, for programs in the format asked for."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from gettext import gettext as _
from gettext import ngettext

from chabao.search.citation import Reference, reference
from chabao.search.output import citation
from chabao.search.output.answer import remarked
from chabao.search.output.citation import Form, Style
from chabao.search.output.hits import coloured, flowed, paragraph, place
from chabao.search.output.item import is_changed, remark
from chabao.search.output.pager import write_page
from chabao.search.output.screen import Screen, screen
from chabao.search.output.screen import Style as Paint
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND, write_bytes
from chabao.search.output.text import clean, lines
from chabao.search.query import Span
from chabao.search.quotes import ELLIPSIS, Quotation, Quotations

UNWRAPPED = 1 << 30


def quotations(found: Quotations, style: Style, form: Form, color: str, copy: bool = False) -> int:
    """Quotations to standard output, what is to be said about them to standard error; the code."""
    if found.query and not remarked(found.query, color):
        return FAILED
    said = remark(found.shown) if found.shown else ""
    if said:
        print(f"chabao: {said}", file=sys.stderr)
    on = screen(sys.stdout, color)
    if style in (Style.GBT2025, Style.GBT2015):
        print(f"chabao: {_amount(found)}", file=sys.stderr)
        write_page(page(found, style, form, on), on)
    elif found.rows or style is Style.CSL:
        write_bytes(document(found, style, form).encode("utf-8", "replace"))
    if copy and found.rows:
        _copy(found, style, form)
    return NOT_FOUND if not found.rows or (found.shown and is_changed(found.shown)) else FOUND


def _amount(found: Quotations) -> str:
    given = len(found.rows)
    count = ngettext("{n} quotation", "{n} quotations", given).format(n=given)
    if found.more:
        count += _("; the first ones of {n} mentions (-n for more)").format(n=found.mentions)
    return count


def page(found: Quotations, style: Style, form: Form, on: Screen) -> Iterator[str]:
    """Each quotation with the number of its citation and its place; below, each citation once."""
    numbers = {cited: at for at, cited in enumerate(found.references, 1)}
    margin = len(str(len(found.rows))) + 2
    indent = " " * margin
    for at, row in enumerate(found.rows, 1):
        mark = numbers[reference(row.item)]
        first, *rest = _quoted(row, f"[{mark}]", on, margin)
        yield on.paint(f"{at}.".ljust(margin), Paint.FAINT) + first
        facts = (place(row.item), *_where(row))
        yield from (indent + line for line in (*rest, *flowed(facts, on, margin, Paint.FAINT)))
        yield ""
    edition = 2025 if style is Style.GBT2025 else 2015
    for cited, number in numbers.items():
        label = f"[{number}] "
        shown = paragraph(citation.gbt(cited, form, edition), on, len(label))
        yield from (
            (" " * len(label) if later else label) + line for later, line in enumerate(shown)
        )


def _where(row: Quotation) -> list[str]:
    at = _("page {page}").format(page=row.item["page"]) if row.item["page"] else ""
    facts = (f"{row.item['source']}:{row.line}", at, str(row.address))
    return [clean(fact) for fact in facts if fact]


def _quoted(row: Quotation, mark: str, on: Screen, margin: int) -> list[str]:
    """The quotation's lines, with what it was quoted for in colour where there are colours."""
    text = clean(row.quoted) + mark
    if not on.colour:
        return paragraph(text, on, margin)
    shift = 1 + (len(ELLIPSIS) if row.cut_before else 0) - row.start
    spans = [Span(start + shift, end + shift) for start, end in row.mentions]
    room = UNWRAPPED if on.width is None else on.width - margin
    return [coloured(text, spans, start, end, on) for start, end in lines(text, room)]


def document(found: Quotations, style: Style, form: Form) -> str:
    """A whole file in one of the formats for programs, or in Markdown."""
    quoted: dict[Reference, list[Quotation]] = {}
    for row in found.rows:
        quoted.setdefault(reference(row.item), []).append(row)
    match style:
        case Style.BIBTEX:
            return "\n".join(citation.bibtex(cited, form, quoted[cited]) for cited in quoted)
        case Style.RIS:
            return "\n".join(citation.ris(cited, form, quoted[cited]) for cited in quoted)
        case Style.CSL:
            return citation.encoded([citation.csl(cited, form, quoted[cited]) for cited in quoted])
    return _markdown(found, form)


def _markdown(found: Quotations, form: Form) -> str:
    """A numbered list with footnotes, which GitHub and pandoc read."""
    numbers = {cited: at for at, cited in enumerate(found.references, 1)}
    parts = []
    for at, row in enumerate(found.rows, 1):
        indent = " " * len(f"{at}. ")
        above = citation.markdown(place(row.item))
        parts.append(
            f"{at}. {citation.markdown(row.quoted)}[^{numbers[reference(row.item)]}]\n\n"
            f"{indent}{above + ' ' if above else ''}`{row.address}`\n"
        )
    parts += [
        f"[^{number}]: {citation.markdown(citation.gbt(cited, form))}\n"
        for cited, number in numbers.items()
    ]
    return "\n".join(parts)


def _copy(found: Quotations, style: Style, form: Form) -> None:
    """Onto the clipboard of the terminal (OSC 52), through ssh too. A terminal that cannot do it
    ignores it, so that nothing can be promised."""
    if not sys.stdout.isatty():
        print("chabao: " + _("nothing copied: the output is no terminal"), file=sys.stderr)
        return
    if style in (Style.GBT2025, Style.GBT2015):
        text = "".join(f"{line}\n" for line in page(found, style, form, Screen()))
    else:
        text = document(found, style, form)
    data = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    sys.stdout.write(f"\x1b]52;c;{data}\a")
    sys.stdout.flush()
    print("chabao: " + _("copied, if this terminal lets programs copy"), file=sys.stderr)
