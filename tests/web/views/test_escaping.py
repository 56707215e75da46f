"""Hostile text is text, wherever it stands: no element and no attribute comes of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from chabao.search import engine
from chabao.search.output.text import clean
from chabao.web.asked import NAMED, VIEWS

OPENINGS = (
    "", '"', "'", "`", ">", '">', "'>", "-->", "]]>", "</p>", "</title>", "</textarea>",
    "</script>", "</style>", "{{ ", "{% ", "&#34;>", "\u2028", "\x00", "\u202e",
)  # fmt: skip
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    " onfocus=alert(1) autofocus x=",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)//",
    "<mark id=m>",
    "7*7 }}{{ request.app }}",
    "<input form=ask name=q value=x>",
    "<meta http-equiv=refresh content=0;url=//evil>",
)
PAYLOADS = tuple(opening + attack for opening, attack in itertools.product(OPENINGS, ATTACKS))
assert len(PAYLOADS) == 200

PLACES = ("title", "publisher", "number", "source", "section", "item", "department", "text")
Shape = set[tuple[str, frozenset[str]]]


def record(at: int, **values: Any) -> dict[str, Any]:
    """An item like those of the bulletins, with something else in some of its places."""
    return {
        "schema": 1, "id": "".join("abcdefghij"[int(d)] for d in f"{at:012}"),
        "title": "窗口工作周报", "number": "2023年第3期", "serial": 423, "date": "2023-02-08",
        "period": {"first": "2023-01-16", "last": "2023-01-20"}, "publisher": "政务中心",
        "section": ["二、窗口工作动态", "（一）开展情况"], "item": "（1）",
        "department": ["商务厅"], "dates": [], "text": "川渝通办在窗口开通。",
        "source": f"{at:03}.txt", "line": 1,
        "page": 3, "inferred": [], "lines": [[0, 1]],
    } | values  # fmt: skip


def planted(at: int, payload: str) -> dict[str, Any]:
    return record(
        at, title=payload, publisher=payload, number=payload, source=f"{payload}{at:03}.txt",
        section=[payload, payload + "二"], item=payload, department=[payload],
        text=f"{payload}川渝通办{payload}在窗口开通。{payload}",
    )  # fmt: skip


def shape(page: Any) -> Shape:
    return {(each.name, frozenset(each.attributes)) for each in page.walk()}


ADDRESSES = (
    "/", "/?q=川渝通办&page=25", "/?q=川渝通办&view=lines&page=25", "/help", "/nothing",
    "/?q=川渝通办&view=trend&by=issue", "/?q=川渝通办&view=trend&by=month",
    "/?q=鼋鼍", "/?q=(川渝 日期:8日", "/?q=(",
)  # fmt: skip


@pytest.fixture(scope="module")
def usual(client: TestClient, parse: Callable[[str], Any]) -> Shape:
    """Elements with their attributes that pages over the bundled bulletins have."""
    pages = [
        *ADDRESSES, "/?q=窗口", "/?q=窗口&page=2", "/?q=窗口&view=trend",
        "/?q=窗口&department=商务厅&since=2023&until=2023-06",
        "/?q=窗口&since=2023&until=2023&number=2023年第3期",
    ]  # fmt: skip
    found: Shape = set()
    for address in pages:
        page = parse(client.get(address).text)
        found |= shape(page)
        for link in page.all("a", class_="item")[:3]:
            href = link.attributes["href"]
            found |= shape(parse(client.get(href).text))
            found |= shape(parse(client.get(href.partition("@")[0]).text))
    return found


def harmless(page: Any, usual: Shape) -> None:
    assert shape(page) <= usual
    for element in page.walk():
        for name in ("href", "action", "src"):
            assert re.match(r"/(?!/)|\?|#|$", element.attributes.get(name, ""))
    assert all(script.text == "" for script in page.all("script"))


def test_text_of_documents_is_text(
    serving: Callable[..., TestClient], usual: Shape, parse: Callable[[str], Any]
) -> None:
    records = [planted(at, payload) for at, payload in enumerate(PAYLOADS)]
    hostile = serving(records)
    for address in ADDRESSES:
        page = parse(hostile.get(address).text)
        harmless(page, usual)
    shown = parse(hostile.get("/?q=川渝通办&page=25").text)
    hits = shown.one("ol", class_="hits")
    assert len(hits.all("a", class_="item")) == len(PAYLOADS)
    for payload in PAYLOADS:
        assert clean(payload) in hits.text
    facets = shown.one("aside", id="facets").text
    assert all(clean(payload) in facets for payload in PAYLOADS[:20])
    for one in records:
        answered = hostile.get(f"/item/{one['id']}@{len(one['item'])}+4", params={"q": "川渝通办"})
        assert answered.status_code == 200
        page = parse(answered.text)
        harmless(page, usual)
        assert clean(one["text"]) in page.one("article").text


def test_each_place_alone_is_shown_as_it_is(
    serving: Callable[..., TestClient], usual: Shape, parse: Callable[[str], Any]
) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    values: dict[str, Any] = {name: attack for name in PLACES}
    values |= {"section": [attack], "department": [attack], "text": attack + "川渝通办"}
    hostile = serving([record(at, **{name: values[name]}) for at, name in enumerate(PLACES)])
    page = parse(hostile.get("/?q=川渝通办").text)
    harmless(page, usual)
    for _name, row in zip(PLACES, page.one("ol", class_="hits").all("h2"), strict=True):
        assert not row.all("img")
    assert page.text.count(attack) >= len(PLACES)


@pytest.mark.parametrize("opening", OPENINGS, ids=range(len(OPENINGS)))
def test_what_is_asked_is_text(
    opening: str, client: TestClient, usual: Shape, parse: Callable[[str], Any]
) -> None:
    views = itertools.cycle(VIEWS)
    for attack in ATTACKS:
        payload = opening + attack
        filters = dict.fromkeys([*NAMED, "since", "until", "sort", "by"], payload)
        for asked in (
            {"q": payload, "view": next(views)},
            {"q": payload, "literal": "1"} | filters,
        ):
            answered = client.get("/", params=asked)
            assert answered.status_code == 200
            page = parse(answered.text)
            harmless(page, usual)
            assert page.one("input", id="q").attributes["value"] == clean(payload)
    for address in ("/item/", "/nothing/"):
        harmless(parse(client.get(address + quote(opening + ATTACKS[0])).text), usual)


def test_half_a_character_is_shown_as_one_that_is_lost(serving: Callable[..., TestClient]) -> None:
    hostile = serving([record(1, title="\ud800", section=["甲\udfff"], department=["乙\udfff"])])
    answered = hostile.get("/?q=川渝通办")
    assert answered.status_code == 200
    assert "\ufffd" in answered.text


def test_engine_agrees_that_all_is_found(serving: Callable[..., TestClient]) -> None:
    hostile = serving([planted(at, payload) for at, payload in enumerate(PAYLOADS)])
    index = hostile.app.state.held.index()  # type: ignore[attr-defined]
    assert engine.search(index, "川渝通办").total == len(PAYLOADS)
