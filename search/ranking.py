"""The formula of relevance: BM25F, with its numbers to show.

Robertson & Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond, eq. 3.18–3.20:
frequencies of one term in several fields are weighed by length and summed, then saturated once.
The text counts with b = 0.75; a heading over the item counts as `HEADING` mentions in a text of
average length. k1 and b are the values that no judged set here spoke against.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from chabao.search.results import Explanation

K1 = 1.2
B = 0.75
HEADING = 1.0
RELATED = 0.25
"""A related item has at least this share of the best one's score."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of all items there are: how many, and how long on average, by field."""

    items: int
    average: dict[str, float]


def idf(items: int, having: int) -> float:
    """What it says that an item has a term that `having` of `items` have; never negative."""
    return log(1 + (items - having + 0.5) / (having + 0.5))


def explained(
    label: str, weight: float, frequency: int, length: int, average: float, heading: int
) -> Explanation:
    """One term's share of a score, from its numbers."""
    weighed = frequency / ((1 - B) + B * length / average) + HEADING * heading
    value = weight * (K1 + 1) * weighed / (weighed + K1)
    return Explanation(
        value,
        label,
        (
            Explanation(weight, "idf"),
            Explanation(frequency, "mentions"),
            Explanation(length, "length"),
            Explanation(average, "average length"),
            Explanation(heading, "in the heading"),
        ),
    )
