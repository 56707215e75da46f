"""Saved searches: a query that is asked again and again, and what is new since the last time.

    entry = begun(index, Saved("通办", "川渝通办"))  # what stands there already is not new
    seen = look(index, entry)                       # some weeks later
    [line.address for line in seen.lines], seen.after  # what came; look at that one next time

Pure: nothing is written here. `output.shelf` keeps entries on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta

from chabao.search import language
from chabao.search.backends.evaluation import leaves
from chabao.search.backends.whoosh_ import Index
from chabao.search.calendar import Range, days
from chabao.search.concordance import Line, line_of
from chabao.search.filters import Filters
from chabao.search.mentions import Items, Mention, documents, mentions
from chabao.search.query import Query
from chabao.search.sightings import Seen, compared, sightings

KEPT_DAYS = 60
KEPT = 100
"""News is kept for so many days, and the latest of it however old, for who reads it in a feed."""

LONGEST = 400
"""Characters of a mention that news keeps; a whole item may have thousands."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Filters as they were typed. Days are words, so that 近三个月 means other days each time."""

    department: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def filters(self, today: date) -> Filters:
        """What they mean on a day. Raises ValueError where `since` or `until` is no date."""
        since, until = (_days(words, today) for words in (self.since, self.until))
        return Filters(
            self.department, self.section, self.period, self.number, since.first, until.last
        )


def _days(words: str | None, today: date) -> Range:
    found = days(words, today) if words else Range(None, None)
    if found is None:
        raise ValueError(f"{words!r} is no date")
    return found


@dataclass(frozen=True, slots=True)
class Saved:
    """A search with a name. `language` is the version of the query language it was written in."""

    name: str
    query: str
    literal: bool = False
    numbers: bool = False
    conditions: Conditions = Conditions()
    language: int = language.VERSION


@dataclass(frozen=True, slots=True)
class News:
    """A mention that was new at a time (ISO, UTC), as it stood there then; see `Line`."""

    at: str
    address: str
    title: str | None
    number: str | None
    date: str | None
    publisher: str | None
    section: tuple[str, ...]
    item: str
    source: str
    line: int
    left: str
    text: str
    right: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved search, what it has seen, and what was new of late, the latest first.

    `since` and `looked` are the ISO times, in UTC, of saving it and of the last look.
    """

    saved: Saved
    since: str
    looked: str
    seen: Seen = field(default_factory=dict)
    news: tuple[News, ...] = ()

    @property
    def there(self) -> int:
        """Mentions at the last look; items, where the query names no text."""
        return sum(self.seen.values())


@dataclass(frozen=True, slots=True)
class Look:
    """What is new to a saved search, in document order: `rows`, and `lines` with their addresses.

    Where `whole`, the query names no text, and rows are whole items. `after` is the entry to look
    at next time. Where `query.node` is None the query could not be asked, and nothing changes.
    """

    before: Entry
    query: Query
    rows: tuple[Mention, ...]
    after: Entry
    whole: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line_of(row, (self.query.line,)) for row in self.rows)


def begun(
    index: Index, saved: Saved, *, now: datetime | None = None, today: date | None = None
) -> Look:
    """A search that is saved now: it has seen what stands there, and nothing is new to it."""
    at = _time(now)
    seen = look(index, Entry(saved, at, at), now=now, today=today)
    return replace(seen, rows=(), after=replace(seen.after, news=()))


def look(
    index: Index, entry: Entry, *, now: datetime | None = None, today: date | None = None
) -> Look:
    """Asks a saved search again, at an aware time; 近三个月 counts from `today`."""
    saved, at = entry.saved, _time(now)
    query, rows, whole = _rows(index, saved, today or date.today())
    if query.node is None:
        return Look(entry, query, (), entry)
    standing = sightings(rows, whole)
    fresh, seen = compared(entry.seen, standing)
    new = tuple(standing[each] for each in fresh)
    found = Look(entry, query, new, entry, whole)
    news = (*(_news(at, line) for line in found.lines), *entry.news)
    after = replace(entry, looked=at, seen=seen, news=_kept(news, at))
    return replace(found, after=after)


def _rows(index: Index, saved: Saved, today: date) -> tuple[Query, Sequence[Mention], bool]:
    """The mentions of the query; the items that it names, if it names no text."""
    filters = saved.conditions.filters(today)
    found = mentions(
        index, saved.query, literal=saved.literal, numbers=saved.numbers, filters=filters,
        today=today,
    )  # fmt: skip
    node = found.query.node
    if node is None or leaves(node):
        return found.query, found.rows, False
    items = Items()
    read = [items(*place) for place in documents(index, node)]
    rows = [Mention(item, 0, len(item["text"])) for item in read]
    return found.query, sorted(rows, key=_order), True


def _order(row: Mention) -> tuple[str, int]:
    return row.item["source"], row.item["line"]


def _news(at: str, line: Line) -> News:
    said = {each.name: getattr(line, each.name) for each in fields(News) if each.name != "at"}
    if len(line.text) > LONGEST:
        said["text"] = line.text[:LONGEST] + "…"
    return News(at, **said)


def _kept(news: Sequence[News], at: str) -> tuple[News, ...]:
    oldest = (datetime.fromisoformat(at) - timedelta(days=KEPT_DAYS)).isoformat()
    return tuple(each for place, each in enumerate(news) if place < KEPT or each.at >= oldest)


def _time(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
