"""The first lines of a concordance, and its counts, without reading the items that are not shown.

What puts lines in order is kept as arrays, a number an item, as long as an index is open: they are
made of its terms and columns. What stands beside a mention is told by the bigram that reaches over
its edge; only lines that this leaves undecided are read to be put in order.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from chabao.indexer.codecs.segment import Segment
from chabao.indexer.fields import TEXT, Record
from chabao.indexer.folding import fold
from chabao.search.backends.evaluation import encoded, leaves
from chabao.search.backends.parts import Part, find
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import Literal, Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Issue = tuple[str, str, str]
"""As `search.issues` keys them: publisher, title, and number, else date, else source."""
Key = Callable[[str], bytes]
"""What puts names, and what stands beside a mention, in order."""
NAMES = ("publisher", "title", "number", "source")
STEPS = 8
"""Characters from the edge of a mention that are looked at before texts are read."""
EASY = 1_000
"""Mentions more than wanted that are rather read than looked at any further."""
UNDATED = 1 << 22
"""Behind every day of the calendar."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Of each item, whatever its segment: its place in order of date, and then of the document; the
    number of its issue among `issues`. Items of segment `n` begin at `firsts[n]`."""

    firsts: Sequence[int]
    rank: Ints
    issue: Ints
    issues: Sequence[Issue]


@dataclass(frozen=True, slots=True)
class Places:
    """Mentions: of each its segment, its document there, its item among all of them, and the
    half-open stretch in the segment's texts. Ordered by `rank`, then by where they stand."""

    segment: Ints
    document: Ints
    item: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.start)

    def at(self, chosen: Any) -> Places:
        columns = (self.segment, self.document, self.item, self.start, self.end)
        return Places(*(column[chosen] for column in columns))


_arrangements: WeakKeyDictionary[Index, Arrangement] = WeakKeyDictionary()
_leads: WeakKeyDictionary[Index, Ints] = WeakKeyDictionary()


def arrangement(index: Index) -> Arrangement:
    """Made once for an open index, which does not change."""
    if index not in _arrangements:
        _arrangements[index] = _arranged(index)
    return _arrangements[index]


def places(index: Index, node: Node) -> Places:
    """Every mention of a query, ordered by date."""
    parts, wanted, order = _found(index, node), leaves(node), arrangement(index)
    found = [Places(*[np.zeros(0, np.int64)] * 5)]
    for number, part in enumerate(parts):
        kernel = part.evaluation.kernel
        stood = [part.evaluation.mentions(leaf) for leaf in wanted]
        starts, ends = kernel.distinct([(each.starts, each.ends) for each in stood])
        starts, ends = kernel.inside(starts, ends, part.documents)
        owners = kernel.owners(starts)
        item = owners + order.firsts[number]
        found.append(Places(np.full(len(starts), number), owners, item, starts, ends))
    columns = zip(*((p.segment, p.document, p.item, p.start, p.end) for p in found), strict=True)
    together = Places(*map(np.concatenate, columns))
    return together.at(np.lexsort((together.end, together.start, order.rank[together.item])))


def counted(index: Index, found: Places) -> tuple[int, int, int]:
    """How many items, issues and departments have mentions."""
    items = np.unique(found.item)
    order, named = arrangement(index), set()
    having = np.zeros(len(order.rank), bool)
    having[items] = True
    for first, segment in zip(order.firsts, index.segments, strict=True):
        here = having[first : first + segment.size]
        for name, documents in _values(segment, "department"):
            if here[documents].any():
                named.add(name)
    return len(items), len(np.unique(order.issue[items])), len(named)


def by_issue(index: Index, found: Places) -> Counter[Issue]:
    """How many mentions each issue has."""
    order = arrangement(index)
    counts = np.bincount(order.issue[found.item])
    return Counter({order.issues[at]: int(counts[at]) for at in np.flatnonzero(counts).tolist()})


def by_lead(index: Index, found: Places, key: Key) -> Places:
    """Ordered by the first department that the item names, those without one last."""
    if index not in _leads:
        _leads[index] = _lead(index, key)
    return found.at(np.argsort(_leads[index][found.item], kind="stable"))


def undecided(
    index: Index, node: Node, found: Places, before: bool, key: Key, limit: int
) -> Places:
    """Those mentions among which the first `limit` are, in order of what stands before or behind;
    `found` are all, and stay in their order.

    Character by character from the edge of a mention: those that come before the `limit`-th are
    among the first, those after it are not, and those that are like it are looked at further.
    """
    texts = [fold(leaf.text) for leaf in leaves(node) if isinstance(leaf, Literal)]
    if len(texts) < len(leaves(node)) or limit >= len(found):
        return found  # of other leaves one string does not say what stands at their edges
    edges = {text[0] if before else text[-1] for text in texts}
    kept, alike = np.zeros(len(found), bool), np.arange(len(found))
    for step in range(STEPS):
        if len(alike) <= EASY + limit:
            break
        beside, order = _beside(index, found.at(alike), edges, before, key, step)
        last = np.partition(beside, limit - 1)[limit - 1] if limit else -1
        sooner = beside < last
        kept[alike[sooner]] = True
        limit -= int(sooner.sum())
        alike = alike[beside == last]
        if last <= 0:  # nothing stands there: they stay as they stood
            alike = alike[:limit]
        edges = {char for char, place in order.items() if place == last}
    kept[alike] = True
    return found.at(kept)


def read(index: Index, found: Places) -> list[tuple[Record, int, int]]:
    """The items of mentions, each item once, with where in their texts those stand."""
    records: dict[int, Record] = {}
    rows = []
    for number, document, item, start, end in zip(
        *(column.tolist() for column in (
            found.segment, found.document, found.item, found.start, found.end
        )), strict=True,
    ):  # fmt: skip
        segment = index.segments[number]
        if item not in records:
            records[item] = segment.record(document)
        first = segment.starts[document]
        rows.append((records[item], start - first, end - first))
    return rows


def _found(index: Index, node: Node) -> list[Part]:
    return find(index, node, [sys.maxsize] * len(index.segments))


def _values(segment: Segment, field: str) -> list[tuple[str, Any]]:
    """Each value of a field, with the documents that have it."""
    terms = segment.terms(field)
    return [
        (term.decode("utf-8", "surrogatepass"), terms.posting(number).unpack_array())
        for number, term in enumerate(terms.all())
    ]


def _arranged(index: Index) -> Arrangement:
    firsts = [0, *np.cumsum([segment.size for segment in index.segments]).tolist()]
    fields = {name: np.zeros(firsts[-1], np.int64) for name in NAMES}
    days, known = np.zeros(firsts[-1], np.int64), {"": 0}
    for first, segment in zip(firsts, index.segments, strict=False):
        days[first : first + segment.size] = segment.columns["date"].whole()
        for name, column in fields.items():
            for value, documents in _values(segment, name):
                column[first + documents.astype(np.int64)] = known.setdefault(value, len(known))
    alphabet = np.empty(len(known), np.int64)
    alphabet[[known[name] for name in sorted(known)]] = np.arange(len(known))
    order = np.lexsort((alphabet[fields["source"]], np.where(days, days, UNDATED)))
    rank = np.empty_like(days)
    rank[order] = np.arange(len(order))
    called = np.where(fields["number"], fields["number"], fields["source"])
    told = (fields["number"] == 0) & (days > 0)
    dated, place = np.unique(days[told], return_inverse=True)
    written = [date.fromordinal(day).isoformat() for day in dated.tolist()]
    called[told] = np.array([known.setdefault(day, len(known)) for day in written], np.int64)[place]
    columns = fields["publisher"], fields["title"], called
    keys = (columns[0] * len(known) + columns[1]) * len(known) + columns[2]
    _, samples, issue = np.unique(keys, return_index=True, return_inverse=True)
    names = list(known)
    rows = zip(*(column[samples].tolist() for column in columns), strict=True)
    issues = [(names[one], names[two], names[three]) for one, two, three in rows]
    return Arrangement(firsts[:-1], rank, issue, issues)


def _lead(index: Index, key: Key) -> Ints:
    values = [_values(segment, "department") for segment in index.segments]
    keys = sorted({key(name) for each in values for name, _ in each})
    place = {one: at for at, one in enumerate(keys)}
    leads = []
    for segment, each in zip(index.segments, values, strict=True):
        lead = np.full(segment.size, len(keys))
        count = np.zeros(segment.size, np.int64)
        for name, documents in each:
            lead[documents] = place[key(name)]
            count[documents] += 1
        for document in np.flatnonzero(count > 1).tolist():
            lead[document] = place[key(segment.record(document)["department"][0])]
        leads.append(lead)
    return np.concatenate(leads) if leads else np.zeros(0, np.int64)


def _beside(
    index: Index, found: Places, edges: set[str], before: bool, key: Key, step: int
) -> tuple[Ints, dict[str, int]]:
    """The order of the characters that stand next, `step` away from the mentions, 0 where there are
    none; and that of each character. `edges` are those that stand before them."""
    bigrams = [_reaching(segment, edges, before) for segment in index.segments]
    known = {char: key(char) for each in bigrams for char in each}
    place = {one: at for at, one in enumerate(sorted(set(known.values())), 1)}
    order = {char: place[one] for char, one in known.items()}
    beside = np.zeros(len(found), np.int64)
    for number, each in enumerate(bigrams):
        here = np.flatnonzero(found.segment == number)
        places = found.start[here] - 1 - step if before else found.end[here] - 1 + step
        beside[here] = _marked(places, [(order[char], at) for char, at in each.items()])
    return beside, order


def _reaching(segment: Segment, edges: set[str], before: bool) -> dict[str, Ints]:
    """Where the bigrams stand that end, else begin, with one of the edges, by their other
    character."""
    terms, found = segment.terms(TEXT), defaultdict(list)
    for edge in edges:
        numbers = terms.holding(encoded(edge)) if before else terms.prefixed(encoded(edge))
        for number in numbers:
            bigram = terms[number].decode("utf-8", "surrogatepass")
            if len(bigram) == 2 and bigram[before] == edge:
                found[bigram[not before]].append(terms.posting(number).unpack_array())
    return {char: np.concatenate(stands) for char, stands in found.items()}


def _marked(places: Ints, marks: Sequence[tuple[int, Ints]]) -> Ints:
    """The mark of each place; 0 where it has none."""
    if not marks:
        return np.zeros(len(places), np.int64)
    marked = np.repeat([mark for mark, _ in marks], [len(stands) for _, stands in marks])
    at = np.concatenate([stands for _, stands in marks]).astype(np.int64)
    order = np.argsort(at)
    at, marked = at[order], marked[order]
    nearest = np.minimum(np.searchsorted(at, places), len(at) - 1)
    return np.where(at[nearest] == places, marked[nearest], 0)
