"""The help page: each example is read without a mistake."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.datastructures import QueryParams

from chabao.search import language
from chabao.search.query import Kind
from chabao.web.lessons import lessons

EXAMPLES = [example for lesson in lessons() for example, _ in lesson.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_no_mistake(example: str) -> None:
    remarks = language.parse(example).diagnostics
    assert {remark.kind for remark in remarks} <= {Kind.DATE_RANGE}


def test_each_can_be_followed(get: Any) -> None:
    links = [dt.one("a").attributes["href"] for dt in get("/help").all("dt") if dt.all("a")]
    asked = [QueryParams(link.partition("?")[2])["q"] for link in links]
    assert asked == EXAMPLES
