"""The numbers behind a score."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from chabao.indexer.fields import TEXT
from chabao.search.backends.evaluation import Leaf
from chabao.search.backends.parts import Part, headed, leaf_weight, spans
from chabao.search.backends.whoosh_ import Index
from chabao.search.ranking import explained
from chabao.search.results import Explanation
from chabao.search.wording import say

LEAST = 1e-6
"""Less than this is how numbers are rounded."""


def explanation(
    index: Index,
    parts: Sequence[Part],
    part: Part,
    document: int,
    wanted: Sequence[Leaf],
    score: float,
) -> Explanation:
    """A hit's score as the sum of what each text of the query gives it; a related item's is of its
    words, bigrams and characters."""
    shares = []
    for leaf in wanted:
        above = headed(part, leaf)
        shares.append(
            explained(
                say(leaf),
                leaf_weight(index, parts, leaf),
                len(spans(part, [leaf], document)),
                part.segment.length(TEXT, document),
                index.statistics.average[TEXT],
                int(document in {int(number) for number in above}),
            )
        )
    rest = score - sum(share.value for share in shares)
    if abs(rest) > LEAST:
        shares.append(Explanation(rest, _("words, bigrams and characters")))
    return Explanation(score, "score", tuple(shares))
