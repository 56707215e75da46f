"""What an answer shows in each of its views, ready for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any
from urllib.parse import quote

from chabao.search import addresses, engine, sentences
from chabao.search.arrangement import Sort
from chabao.search.citation import reference
from chabao.search.concordance import Concordance, Line, foremost
from chabao.search.engine import Index, Mode
from chabao.search.output.citation import Form, gbt
from chabao.search.output.concordance import amount
from chabao.search.output.hits import amount as said
from chabao.search.output.hits import issue, place
from chabao.search.output.notices import MOST as MOST_MISTAKES
from chabao.search.output.notices import REMARKS
from chabao.search.output.trend import remarks
from chabao.search.query import Diagnostic, Kind
from chabao.search.quotes import Quotation, quotation
from chabao.search.results import Hit, Results
from chabao.search.timeline import By
from chabao.search.trends import Trend, trend
from chabao.web.asked import LAST_PAGE, PER_PAGE, Asked
from chabao.web.bars import Bar, bars
from chabao.web.narrowing import Group, Value, chosen, groups

LINES = 50
"""Lines of a concordance on a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hit with where it leads, and what is copied of it."""

    hit: Hit
    link: str
    issue: Sequence[str]
    place: str
    cited: Quotation
    citation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is shown of an answer. `lines` and `trend` are there in their views only."""

    asked: Asked
    found: Results
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    chosen: tuple[Value, ...]
    mistakes: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...]
    lines: Concordance | None = None
    trend: Trend | None = None
    bars: tuple[Bar, ...] = ()

    @property
    def fatal(self) -> bool:
        return any(remark.fatal for remark in self.found.notices)

    @property
    def summary(self) -> str:
        """How much was found."""
        if self.fatal:
            return _("Nothing was looked for: there is a mistake in what was asked")
        if not self.found.total:
            return _("Nothing was found")
        return amount(self.lines.counts) if self.lines else said(self.found)

    @property
    def told(self) -> Sequence[str]:
        """What is to be known of the numbers of a trend."""
        return tuple(remarks(self.trend, len(self.trend.series))) if self.trend else ()

    def link(self, line: Line) -> str:
        """Where a line's mention is read in its issue."""
        return item_link(line.address, self.asked)

    @property
    def understood(self) -> str:
        """The query said back, where it is not what was typed."""
        said = self.found.understood
        if said in ("", self.asked.q) and not (said and self.mistakes):
            return ""
        dates = any(remark.kind is Kind.DATE_RANGE for remark in self.remarks)
        return "" if dates and not self.mistakes else said

    @property
    def left(self) -> int:
        """How many hits or lines are not shown yet."""
        if self.lines:
            return self.lines.counts.mentions - len(self.lines.lines)
        return self.found.total - len(self.rows)

    @property
    def more(self) -> str:
        """The address of this answer with one page more; "" where there is none."""
        if self.left <= 0 or self.asked.page >= LAST_PAGE or self.trend:
            return ""
        return self.asked.link(page=self.asked.page + 1)


def answer(index: Index, asked: Asked) -> Answer:
    """The answer to what an address asks, in its view."""
    options = dict(asked.options)
    if asked.view != "hits":
        options["mode"] = Mode.EXACT
    limit = PER_PAGE * asked.page if asked.view == "hits" else 0
    found = engine.search(index, asked.q, limit=limit, facets=True, **options)
    notices = found.notices
    lines = over_time = None
    fatal = any(remark.fatal for remark in notices)
    how: Any = {"literal": asked.literal, "filters": asked.filters}
    if asked.view == "lines" and not fatal:
        limit = LINES * asked.page
        lines = foremost(index, asked.q, sort=Sort(asked.order), limit=limit, **how)
        notices += tuple(remark for query in lines.queries for remark in query.diagnostics)
    if asked.view == "trend" and not fatal:
        by = By(asked.by) if asked.by else None
        over_time = trend(index, [asked.q], by=by, kept=True, **how)
        notices += tuple(remark for query in over_time.queries for remark in query.diagnostics)
    notices = tuple(dict.fromkeys(notices))
    return Answer(
        asked=asked,
        found=found,
        rows=tuple(row(hit, asked) for hit in found.hits),
        groups=tuple(groups(found.facet, asked)) if found.facet else (),
        chosen=tuple(chosen(asked)),
        mistakes=tuple(each for each in notices if each.kind not in REMARKS)[:MOST_MISTAKES],
        remarks=tuple(each for each in notices if each.kind in REMARKS),
        lines=lines,
        trend=over_time,
        bars=tuple(bars(over_time, asked)) if over_time else (),
    )


def row(hit: Hit, asked: Asked) -> Row:
    """A hit, with its first mention that is shown; its opening sentence where there is none."""
    text = hit.item["text"]
    spans = ((piece.offset + span.start, piece.offset + span.end)
             for piece in hit.snippets for span in piece.spans)  # fmt: skip
    mention = next(spans, None)
    start, end = mention or (0, 0)
    around = sentences.around(text, start, end, 1)  # type: ignore[arg-type]
    cited = quotation(hit.item, *around, (mention,) if mention else ())
    return Row(
        hit=hit,
        link=link_to(hit.item, mention, asked),
        issue=issue(hit.item),
        place=place(hit.item),
        cited=cited,
        citation=gbt(reference(hit.item), Form.SERIAL),
    )


def link_to(item: Mapping[str, Any], mention: tuple[int, int] | None, asked: Asked) -> str:
    """Where an item is read in its issue, with the mention in view."""
    if mention is None:
        return item_link(item["id"], asked)
    return item_link(str(addresses.address(item["id"], item["text"], *mention)), asked)


def item_link(address: str, asked: Asked) -> str:
    """The page of an address. What was asked goes with it, so that there is a way back."""
    back = asked.link(page=asked.page)
    view = "" if back == "?" else back
    return f"/item/{quote(address, safe='@+~')}{view}#{'m' if '@' in address else 'here'}"
