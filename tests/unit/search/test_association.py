"""The formulas equal what SciPy 1.17.1 and NLTK 3.10.4 give, and what their papers print."""

from __future__ import annotations

import math
from random import Random

import pytest

from chabao.search.association import Contingency, log_dice, log_ratio

# both, row, column, total; scipy.stats.chi2_contingency(correction=False, lambda_="log-likelihood")
# and its expected frequency; nltk.BigramAssocMeasures.likelihood_ratio(both, (row, column), total)
REFERENCES = [
    ((110, 2552, 221, 31777), 270.721876936225, 17.748434402240616, 270.721876936225),
    ((1, 1, 1, 2), 2.772588722239781, 0.5, 2.772588722239781),
    ((0, 10, 12, 1000), 0.24267440789157244, 0.12, 0.24267440789157244),
    ((7, 49, 31, 6762), 37.20767690867432, 0.2246376811594203, 37.20767690867432),
    ((25, 100, 250, 1000), 0.0, 25.0, 0.0),
    ((3, 4000, 900, 2000000), 0.6669185828658253, 1.8, 0.6669185828658253),
    ((12, 12, 12, 90000), 238.14219911746724, 0.0016, 238.14219911746724),
]


@pytest.mark.parametrize(("table", "scipy", "expected", "nltk"), REFERENCES)
def test_g2_and_expected_are_those_of_scipy_and_nltk(
    table: tuple[int, int, int, int], scipy: float, expected: float, nltk: float
) -> None:
    found = Contingency(*table)
    assert found.g2 == pytest.approx(scipy, rel=1e-9, abs=1e-9)
    assert found.g2 == pytest.approx(nltk, rel=1e-9, abs=1e-9)
    assert found.expected == pytest.approx(expected, rel=1e-12)


def test_dunnings_own_example() -> None:
    # Dunning 1993, table 3: "the swiss" has A B = 110, A ~B = 2442, ~A B = 111, ~A ~B = 29114.
    assert Contingency(110, 110 + 2442, 110 + 111, 31777).g2 == pytest.approx(270.72, abs=0.005)


def test_rychlys_properties_of_log_dice() -> None:
    assert log_dice(5, 5, 5) == 14
    assert log_dice(1, 16_000, 16_000) == pytest.approx(14 - math.log2(16_000))
    assert log_dice(20, 100, 60) - log_dice(10, 100, 60) == pytest.approx(1)
    assert log_dice(6, 50, 30) == pytest.approx(14 + math.log2(2 * 6 / 80))


def test_log_ratio_is_in_powers_of_two_and_finite() -> None:
    assert log_ratio(20, 1000, 10, 1000) == 1
    assert log_ratio(10, 1000, 80, 2000) == -2
    assert log_ratio(4, 1000, 0, 1000) == 3
    assert log_ratio(0, 1000, 4, 1000) == -3


def test_a_table_that_cannot_be_is_refused() -> None:
    for cells in [(3, 2, 5, 10), (3, 5, 2, 10), (-1, 2, 2, 9), (0, 6, 6, 10)]:
        with pytest.raises(ValueError, match="no such table"):
            Contingency(*cells)


def test_g2_is_symmetric_and_direction_is_exact() -> None:
    random = Random(1993)
    for _ in range(500):
        total = random.randint(1, 10**6)
        row, column = random.randint(0, total), random.randint(0, total)
        both = random.randint(max(0, row + column - total), min(row, column))
        table = Contingency(both, row, column, total)
        assert table.g2 == pytest.approx(Contingency(both, column, row, total).g2)
        assert table.g2 >= 0
        assert table.attracted == (both * total - row * column > 0)
        assert sum(table.observed) == total
    assert not Contingency(25, 100, 250, 1000).attracted
    assert Contingency(0, 0, 0, 0).g2 == 0 == Contingency(0, 0, 0, 0).expected
