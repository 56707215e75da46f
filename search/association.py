"""How strongly two things go together: the formulas, pure, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log2


@dataclass(frozen=True, slots=True)
class Contingency:
    """A table of two by two, by its first cell and its margins: `both` of `total` stand in the
    first row and the first column, `row` in the first row, `column` in the first column.

    Raises ValueError where a cell would be negative.
    """

    both: int
    row: int
    column: int
    total: int

    def __post_init__(self) -> None:
        if min(self.observed) < 0:
            raise ValueError(f"no such table: {self}")

    @property
    def observed(self) -> tuple[int, int, int, int]:
        """The four cells, row by row."""
        rest = self.total - self.row - self.column + self.both
        return self.both, self.row - self.both, self.column - self.both, rest

    @property
    def expected(self) -> float:
        """What `both` would be if rows and columns had nothing to do with each other."""
        return self.row * self.column / self.total if self.total else 0.0

    @property
    def attracted(self) -> bool:
        """Whether there are more than expected; exact, as no fraction is rounded."""
        return self.both * self.total > self.row * self.column

    @property
    def g2(self) -> float:
        """The log-likelihood ratio G² = 2 Σ O ln(O/E) over the four cells, in natural logarithms.

        Dunning (1993), Accurate methods for the statistics of surprise and coincidence,
        Computational Linguistics 19(1). Never negative and without direction. Against χ² with one
        degree of freedom 3.84, 6.63 and 10.83 are p = 0.05, 0.01 and 0.001.
        """
        rows, columns = (self.row, self.total - self.row), (self.column, self.total - self.column)
        margins = [(row, column) for row in rows for column in columns]
        ratio = sum(
            cell * log(cell * self.total / (row * column))
            for cell, (row, column) in zip(self.observed, margins, strict=True)
            if cell
        )
        return max(0.0, 2 * ratio)


def log_dice(both: int, one: int, other: int) -> float:
    """logDice = 14 + log2(2 f(xy) / (f(x) + f(y))), of frequencies; `both` is at least 1.

    Rychlý (2008), A lexicographer-friendly association score, RASLAN 2008. It does not grow with
    the corpus: one more is twice as strong, 0 is one co-occurrence in 16,000. At most 14 for pairs;
    in windows, where a mention can have a word beside it more than once, it may be a little over.
    """
    return 14 + log2(2 * both / (one + other))


def log_ratio(count: int, size: int, other_count: int, other_size: int) -> float:
    """How many times as frequent, as a power of two: 1 is twice, −2 a quarter; sizes in words.

    Hardie (2014), Log Ratio: an informal introduction, CASS: a count of 0 is taken as ½, so that
    the ratio is finite.
    """
    return log2(((count or 0.5) / size) / ((other_count or 0.5) / other_size))
