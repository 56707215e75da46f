"""The number of an issue, however it is written."""

from __future__ import annotations

import pytest

from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.search.filters import Filters

ISSUE_39 = """
39 第39期 39期 第39 第三十九期 三十九 第３９期 2023年第39期 2023年39期 二〇二三年第三十九期
459 总459期 总第459期 总459 总期号459 总四百五十九期""".split()  # noqa: SIM905


@pytest.mark.parametrize("number", [*ISSUE_39, "第 39 期", "总 第 459 期"])
def test_one_issue(number: str) -> None:
    with engine.open_index(bundled_index()) as index:
        by_option = engine.search(index, "", filters=Filters(number=[number]), limit=None)
        in_line = engine.search(index, f'刊期:"{number}"', limit=None)
    assert {hit.item["number"] for hit in by_option.hits} == {"2023年第39期"}
    assert by_option.total == in_line.total == 12


@pytest.mark.parametrize(
    "number", ["第9期", "总39期", "2022年第39期", "总第459年", "第第39期", "期"]
)
def test_no_other(number: str) -> None:
    with engine.open_index(bundled_index()) as index:
        found = engine.search(index, "", filters=Filters(number=[number]), limit=None)
    assert (found.total == 0) is (number != "期")
