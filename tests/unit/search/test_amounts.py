"""Written numbers."""

from __future__ import annotations

import pytest

from chabao.search.amounts import value, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30880", "30880"), ("1,234,567.89", "1234567.89"), ("61.76", "61.76"), ("0.00", "0"),
        ("3.9万", "39000"), ("0.06万", "600"), ("0万", "0"), ("1.2亿", "120000000"),
        ("3万5千", "35000"), ("1亿5000万", "150000000"), ("3万亿", "3000000000000"),
        ("三万五千", "35000"), ("三万五", "35000"), ("一百二", "120"), ("两百", "200"),
        ("二十五", "25"), ("十", "10"), ("一百零八", "108"), ("三千零五", "3005"),
        ("一亿零三百万", "103000000"), ("三点五万", "35000"), ("二〇二三", "2023"), ("零", "0"),
        ("百", "100"), ("万", "10000"),
    ],
)  # fmt: skip
def test_a_number_is_worth(text: str, number: str) -> None:
    found = value(text)
    assert found is not None
    assert written(found) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "两三",
        "一二三",
        "三万五万",
        "百百",
        "十百",
        "三点",
        "点五",
        "3.5.1",
        "a",
        "件",
        "9" * 50,
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert value(text) is None
