"""BM25F as the cluster computes it: the formula of `search.ranking`, with numbers given from here.

The cluster's own statistics are of each shard, and count what was deleted until it is merged away;
so how many items have a text, and how long they are on average, is counted, and handed over. What
the cluster knows of an item is exact: how often a text stands in it, whether it stands above it,
and how long the item is. Its sums are single floats: of scores that differ by less than `TOLERANCE`
either may come first there; what is shown is scored again here, in doubles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.fields import TEXT
from chabao.indexer.folding import fold
from chabao.search.backends.cluster.structure import above, phrase, terms
from chabao.search.query import Literal
from chabao.search.ranking import HEADING, K1, B, Statistics, idf

Body = dict[str, Any]
TOLERANCE = 1e-6
"""Of two scores, as a share of the greater. A float has 24 bits: the share of a text is rounded
once, by 2⁻²⁴ at most, and so is each sum; of sixteen texts 17 times 6e-8 at the very most."""
OVER = 65_536.0
"""What a text above an item adds to how often it stands in it: more than it ever does."""
SPARE = 10
"""Items that are fetched beyond those to show: what is nearly equal is put in order here."""
COUNT = "Math.rint(_score / params.terms)"
SHARE = """
double said = Math.rint(_score / params.terms);
double over = 0;
if (said >= params.over) { over = 1; said -= params.over; }
double length = doc[params.length].value;
double weighed = said / (params.flat + params.slope * length) + params.heading * over;
return params.rise * weighed / (weighed + params.k1);
"""


def counting(wanted: Sequence[Literal]) -> list[Body]:
    """Clauses whose scores together are an item's mentions."""
    found = []
    for leaf in wanted:
        folded = fold(leaf.text)
        script = {"source": COUNT, "params": {"terms": terms(folded)}}
        found.append({"script_score": {"query": phrase(folded), "script": script}})
    return found


def scoring(
    wanted: Sequence[Literal], having: Mapping[Literal, int], statistics: Statistics
) -> list[Body]:
    """Clauses whose scores together are an item's score."""
    return [_share(leaf, having[leaf], statistics) for leaf in wanted]


def _share(leaf: Literal, having: int, statistics: Statistics) -> Body:
    folded = fold(leaf.text)
    weight, average = idf(statistics.items, having), statistics.average[TEXT]
    return share(phrase(folded), above(folded), terms(folded), weight, mapping.LENGTH, average)


def share(
    said: Body, over: Body | None, size: int, weight: float, length: str, average: float
) -> Body:
    """A clause that gives what a term gives an item: `said` scores how often it stands there, times
    `size`, and `over` finds the items above which it stands."""
    either = said
    if over:
        heading = {"constant_score": {"filter": over, "boost": OVER * size}}
        either = {"bool": {"should": [said, heading], "minimum_should_match": 1}}
    params = {
        "terms": size, "over": OVER, "flat": 1 - B, "heading": HEADING, "k1": K1,
        "slope": B / average, "rise": weight * (K1 + 1), "length": length,
    }  # fmt: skip
    return {"script_score": {"query": either, "script": {"source": SHARE, "params": params}}}


def scored(structure: Body, clauses: Sequence[Body]) -> Body:
    """The items of a structure, with the sum of what clauses score them."""
    return {"bool": {"filter": [structure], "should": list(clauses), "minimum_should_match": 0}}


BY_SCORE: list[Body] = [{"_score": "desc"}, {"date": "desc"}, *mapping.PLACE]
BY_DATE: list[Body] = [{"date": "desc"}, {"_score": "desc"}, *mapping.PLACE]
LENGTHS: Body = {
    "characters": {"sum": {"field": mapping.LENGTH}},
    "words": {"sum": {"field": mapping.WORD_LENGTH}},
}
