"""The numbers behind a score."""

from __future__ import annotations

from collections.abc import Sequence

from chabao.indexer.fields import TEXT
from chabao.search.backends.evaluation import Leaf
from chabao.search.backends.whoosh_ import Index, Part, headed, leaf_weight
from chabao.search.ranking import explained
from chabao.search.results import Explanation
from chabao.search.wording import say


def explanation(
    index: Index, parts: Sequence[Part], part: Part, document: int, wanted: Sequence[Leaf]
) -> Explanation:
    """A hit's score as the sum of what each text of the query gives it."""
    kernel = part.evaluation.kernel
    shares = []
    for leaf in wanted:
        found = part.evaluation.mentions(leaf)
        (frequency,) = kernel.selected(
            found.documents,
            found.counts,
            kernel.picked([document], [0]) if isinstance(found.documents, list) else _one(document),
        )
        above = headed(part, leaf)
        shares.append(
            explained(
                say(leaf),
                leaf_weight(index, parts, leaf),
                int(frequency),
                part.segment.length(TEXT, document),
                index.statistics.average[TEXT],
                int(document in {int(number) for number in above}),
            )
        )
    return Explanation(sum(share.value for share in shares), "score", tuple(shares))
