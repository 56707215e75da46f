"""What items of an answer have, counted by the cluster: values, sources, issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chabao.indexer.cluster.mapping import LENGTH, LINE, RECORD, YEAR
from chabao.indexer.fields import ISSUE
from chabao.search.backends.cluster import ranking
from chabao.search.backends.cluster.snapshot import Snapshot
from chabao.search.backends.cluster.values import counted
from chabao.search.backends.parts import Share
from chabao.search.backends.tally import Tally
from chabao.search.query import Literal

Body = dict[str, Any]
SAID: Body = {"said": {"sum": {"script": {"source": "_score"}}}}
"""The sum of all scores."""
TOGETHER = 200
"""Questions that are asked at once."""
KEYS = ("source", "publisher", "title", "number", "date")
"""What the items of one file and one issue have in common."""


def items(query: Body) -> Body:
    """The question how many items match a query."""
    return {"size": 0, "track_total_hits": True, "query": query}


def total(answer: Any) -> int:
    """What is answered to it."""
    return int(answer["hits"]["total"]["value"])


def tally(snapshot: Snapshot, query: Body) -> Tally:
    """The values of the items of a query."""
    found = Tally()
    year = {YEAR: {"terms": {"field": YEAR}}}
    department = {"department": {"terms": {"field": "department"}}}
    for each in snapshot.buckets(query, [department, year]):
        found.cells[each["key"]["department"], each["key"][YEAR]] = each["doc_count"]
    for each in snapshot.buckets(query, [year]):
        found.years[each["key"][YEAR]] = each["doc_count"]
    found.numbers.update(counted(snapshot, "number", query))
    found.sections.update(counted(snapshot, "section", query))
    return found


def times(snapshot: Snapshot, texts: Sequence[str]) -> dict[str, int]:
    """How often each of some folded texts stands in the items."""
    bodies = [
        {"size": 0, "query": ranking.counting([Literal(text)])[0], "track_total_hits": False,
         "aggs": SAID} for text in texts
    ]  # fmt: skip
    answers = (answer["aggregations"]["said"]["value"] for answer in together(snapshot, bodies))
    return dict(zip(texts, map(round, answers), strict=True))


def together(snapshot: Snapshot, bodies: Sequence[Body]) -> Iterator[Any]:
    """The answers to any number of questions."""
    for at in range(0, len(bodies), TOGETHER):
        yield from snapshot.several(bodies[at : at + TOGETHER])


def by_source(snapshot: Snapshot, query: Body, wanted: Sequence[Literal]) -> dict[str, int]:
    """Mentions by source; items where nothing is mentioned."""
    scored = ranking.scored(query, ranking.counting(wanted))
    source = [{"source": {"terms": {"field": "source"}}}]
    return {
        each["key"]["source"]: round(each["said"]["value"]) or each["doc_count"]
        for each in snapshot.buckets(scored, source, SAID)
    }


def shares(snapshot: Snapshot, query: Body) -> Iterator[Share]:
    """Items by file and issue, with the first of each as far as it says what issue it is of."""
    sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in KEYS]
    fields = [f"{RECORD}.{name}" for name in (*ISSUE, "id", "line")]
    first = {"top_hits": {"size": 1, "sort": [{LINE: "asc"}, {"id": "asc"}], "_source": fields}}
    inner = {"characters": {"sum": {"field": LENGTH}}, "first": first}
    for each in snapshot.buckets(query, sources, inner):
        record = each["first"]["hits"]["hits"][0]["_source"][RECORD]
        yield record, each["doc_count"], int(each["characters"]["value"])
