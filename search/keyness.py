"""Keywords: the words that one set of issues says more, or less, than another.

For each word a table of its places and all other words' in the issues in focus and in those they
are held against; G² says how sure a difference is, the log ratio how large. Words as `words` counts
them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _

from chabao.search import filters as filtering
from chabao.search.algebra import grounded, negation
from chabao.search.association import Contingency, log_ratio
from chabao.search.backends.whoosh_ import Index
from chabao.search.calendar import days
from chabao.search.filters import Filters
from chabao.search.issues import Issue, Key, gathered
from chabao.search.mentions import Mention, selected
from chabao.search.query import Diagnostic, Everything, Kind, Query, Span
from chabao.search.wording import say
from chabao.search.words import Counts, Cut, counting, items, says_something


@dataclass(frozen=True, slots=True)
class Side:
    """The issues on one side, how many of their items and words are compared, and what chose
    them."""

    understood: str
    issues: tuple[Issue, ...]
    items: int
    words: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word, folded, that stands `count` times in `items` items of the focus, and `other_count`
    times in `other_items` on the other side; `more` says whether that is more than there, 0 that it
    is as much. For `g2` and `log_ratio` see `association`; `example` is the first place of the word
    on the side that says it more, in the focus where neither does.
    """

    word: str
    count: int
    items: int
    other_count: int
    other_items: int
    expected: float
    more: int
    g2: float
    log_ratio: float
    example: Mention


@dataclass(frozen=True, slots=True)
class Keywords:
    """What sets the focus apart: what it says more first, what it says less last, by G².

    Without sides where a mistake is fatal; `kinds` words were there before rare and empty ones were
    left out.
    """

    notices: tuple[Diagnostic, ...] = ()
    focus: Side | None = None
    against: Side | None = None
    kinds: int = 0
    rows: tuple[Keyword, ...] = ()


def keywords(
    index: Index,
    cut: Cut,
    filters: Filters,
    against: str | None = None,
    *,
    least: int = 1,
    all_words: bool = False,
    today: date | None = None,
) -> Keywords:
    """Compares the issues that `filters` choose by period, days or number with others.

    `against` are days, as one writes them in a query: the issues that cover them if the focus is
    chosen by period, else those dated then; None is all other issues. Departments and sections hold
    for both sides. Words that come fewer than `least` times on both together, numbers and stop
    words (unless `all_words`) get no row; all of them are counted.
    """
    ours, theirs = _sides(filters, against, today)
    notices = (*ours.diagnostics, *theirs.diagnostics)
    if ours.node is None or theirs.node is None:
        return Keywords(notices)
    focus, own = _side(index, ours, cut)
    other, others = _side(index, theirs, cut)
    shared = {issue.key for issue in focus.issues} & {issue.key for issue in other.issues}
    if shared:
        return Keywords((*notices, _overlap(focus, shared)))
    if not own.total or not others.total:
        return Keywords(notices, focus, other)
    kinds = own.words.keys() | others.words.keys()
    rows = [
        _row(word, own, others)
        for word in kinds
        if own.words[word] + others.words[word] >= least and (all_words or says_something(word))
    ]
    return Keywords(notices, focus, other, len(kinds), tuple(sorted(rows, key=_order)))


def _row(word: str, own: Counts, others: Counts) -> Keyword:
    count, other = own.words[word], others.words[word]
    table = Contingency(count, own.total, count + other, own.total + others.total)
    here, there = count * others.total, other * own.total
    more = (here > there) - (here < there)
    firsts = others.firsts if more < 0 else own.firsts
    return Keyword(
        word, count, own.items[word], other, others.items[word], table.expected, more, table.g2,
        log_ratio(count, own.total, other, others.total), firsts[word],
    )  # fmt: skip


def _order(row: Keyword) -> tuple[float, int, str]:
    return -row.more * row.g2, -row.count, row.word


def _sides(filters: Filters, against: str | None, today: date | None) -> tuple[Query, Query]:
    """The queries that choose the items of the focus and of the other side."""
    about = Filters(department=filters.department, section=filters.section)
    chosen = _chosen(replace(filters, department=(), section=()), today)
    if chosen.node is None:
        return chosen, Query("", None)
    if against is None:
        rest = grounded(negation(chosen.node))
        theirs = filtering.applied(Query("", rest, say(rest)), about, today)
    else:
        meant = None if filters.period else days(against, today or date.today())
        if meant:
            held = replace(about, since=meant.first, until=meant.last)
        else:
            held = replace(about, period=(against,))
        theirs = _chosen(held, today)
    return _chosen(filters, today), theirs


def _chosen(filters: Filters, today: date | None) -> Query:
    query = selected("", filters, today)
    if query.node != Everything():
        return query
    message = _("no issues are chosen to look at")
    hint = _("choose them with --since, --until, --period or --number")
    return Query("", None, "", (Diagnostic(Kind.EMPTY, Span(0, 0), message, hint, fatal=True),))


def _side(index: Index, query: Query, cut: Cut) -> tuple[Side, Counts]:
    assert query.node is not None
    counts = Counts()
    issues = gathered(counting(items(index, query.node), counts, cut))
    count = sum(issue.items for issue in issues)
    return Side(query.understood, issues, count, counts.total), counts


def _overlap(focus: Side, shared: set[Key]) -> Diagnostic:
    names = [issue.number or issue.date or issue.source for issue in focus.issues
             if issue.key in shared]  # fmt: skip
    message = _("an issue cannot be held against itself: {names} is on both sides")
    named = "、".join(names[:3]) + ("…" if len(names) > 3 else "")
    hint = _("choose days for --since, --until, --period and --against that do not overlap")
    return Diagnostic(Kind.OVERLAP, Span(0, 0), message.format(names=named), hint, fatal=True)
