"""Operations on sorted lists, against the obvious."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import example, given
from hypothesis import strategies as st

from chabao.search.backends.plain import Plain

NUMBERS = st.sets(st.integers(0, 500), max_size=120).map(sorted)


@given(NUMBERS, NUMBERS)
@example(list(range(100)), [0, 99, 100])
@example(list(range(1, 100)), [0])
def test_values_are_chosen_whether_few_are_wanted_or_many(
    documents: list[int], wanted: list[int]
) -> None:
    values = [7 * document + 1 for document in documents]
    known = dict(zip(documents, values, strict=True))
    found = Plain(cast(Any, None)).selected(documents, values, wanted)
    assert found == [known.get(document, 0) for document in wanted]
