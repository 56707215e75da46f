"""Two hundred attacks planted wherever text comes from, in a real browser: none of them runs.

Each leaves a trace if it runs, or is as much as an element: it asks for `trace` and its number,
which also an image does, that the content security policy lets through.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from selenium.webdriver import Chrome
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.output.shelf import Shelf
from chabao.search.output.text import clean
from chabao.search.saved import Saved, begun
from chabao.tests.web.browser.conftest import Page, Site, serving

OPENINGS = (
    "", '"', "'", ">", '">', "'>", "`>", "-->", "--!>", "]]>", "</p>", "</a>", "</title>",
    "</textarea>", "</script>", "</style>", "</option></select>", "</noscript>", '" x="', "&#34;>",
)  # fmt: skip
RUN = "fetch(/trace{n}/.source)"
ATTACKS = (
    "<script>" + RUN + "</script>",
    "<img src=x onerror=" + RUN + ">",
    "<svg onload=" + RUN + ">",
    "<details open ontoggle=" + RUN + ">",
    "<iframe src=javascript:parent." + RUN + "></iframe>",
    "<video><source onerror=" + RUN + "></video>",
    "<img src=trace{n}>",
    "<link rel=stylesheet href=trace{n}>",
    "<script src=trace{n}></script>",
    "<object data=trace{n}></object>",
)
PAYLOADS = tuple(
    opening + attack.format(n=number)
    for number, (opening, attack) in enumerate(itertools.product(OPENINGS, ATTACKS))
)
assert len(set(PAYLOADS)) == 200
TRACE = re.compile(r"/trace(\d+)$")


def planted(at: int, payload: str) -> dict[str, Any]:
    """An item that says the same wherever it can, in an issue of its own."""
    return {
        "schema": 1, "id": "".join("abcdefghij"[int(digit)] for digit in f"{at:012}"),
        "title": payload, "number": payload, "serial": 423, "date": "2023-02-08",
        "period": {"first": "2023-01-16", "last": "2023-01-20"}, "publisher": payload,
        "section": [payload, payload + "二"], "item": payload, "department": [payload],
        "dates": [], "text": f"{payload}川渝通办{payload}在窗口开通。{payload}",
        "source": f"{payload}{at:03}.txt", "line": 1, "page": 3, "inferred": [], "lines": [[0, 1]],
    }  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    index = tmp_path_factory.mktemp("hostile")
    with WhooshSink(index) as sink:
        sink.add(planted(at, payload) for at, payload in enumerate(PAYLOADS))
        sink.commit()
    shelf = Shelf(tmp_path_factory.mktemp("shelf") / "saved.json", index)
    with serving(index, shelf) as site:
        held = site.log.app.state.held.index()
        shelf.put([
            begun(held, Saved(payload[:100], payload, literal=True)).after for payload in PAYLOADS
        ])  # fmt: skip
        yield site


@pytest.fixture
def page(chromium: Chrome, hostile: Site) -> Iterator[Page]:
    """A page of the hostile index; nothing may have run, and nothing been refused to run."""
    chromium.get("about:blank")
    chromium.get_log("browser")
    hostile.log.asked.clear()
    yield Page(chromium, hostile)
    assert ran(hostile) == set()
    said = [entry["message"] for entry in chromium.get_log("browser")]
    assert not [each for each in said if "Content Security Policy" in each]


def ran(site: Site) -> set[int]:
    """The numbers of the attacks that left a trace."""
    found = (TRACE.search(address.partition("?")[0]) for address in site.log.asked)
    return {int(match[1]) for match in found if match}


def batches(size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(PAYLOADS), size):
        yield PAYLOADS[start : start + size]


def shown(page: Page, wanted: tuple[str, ...], where: str = "main") -> None:
    """The payloads are there to be read, so that what is tried is what the page shows."""
    text = re.sub(r"\s+", " ", page.one(where).get_attribute("textContent") or "")
    missing = [each for each in wanted if re.sub(r"\s+", " ", clean(each)) not in text]
    assert not missing, (page.path, missing[:3])


def test_that_each_of_them_runs_where_it_is_not_escaped(page: Page) -> None:
    """The attacks are such: on a careless page without a policy each leaves its trace."""
    inner = page.site.log.app
    careless = Starlette(routes=[
        Route("/careless", lambda request: HTMLResponse("<!doctype html>" + "".join(
            f"<iframe src=/one/{number}></iframe>"
            for number in range(*map(int, request.query_params["of"].split(",")))
        ))),
        Route("/one/{number:int}", lambda request: HTMLResponse(
            f"<!doctype html><p>{PAYLOADS[request.path_params['number']]}</p>"
        )),
        Route("/{path:path}", lambda request: PlainTextResponse("", 404)),
    ])  # fmt: skip
    page.site.log.app = careless
    try:
        for start in range(0, 200, 50):
            page.open("/careless", of=f"{start},{start + 50}")
        page.until(lambda: len(ran(page.site)) == 200)
    finally:
        page.driver.get("about:blank")
        page.site.log.app = inner
        page.driver.get_log("browser")
        page.site.log.asked.clear()


def test_in_what_is_found(page: Page) -> None:
    page.open(q="川渝通办", page="10")
    shown(page, PAYLOADS)
    shown(page, PAYLOADS[:20], "#facets")
    page.open(q="川渝通办", view="lines", page="4")
    assert len(page.all(".lines > li")) == 200
    for order in ("left", "right", "department"):
        page.open(q="川渝通办", view="lines", order=order)
    page.open(q="川渝通办", view="trend", by="issue")
    shown(page, PAYLOADS)
    page.open("/")
    shown(page, PAYLOADS[:10])


def test_in_items_in_their_issues(page: Page) -> None:
    for at in range(0, 200, 11):
        item = planted(at, PAYLOADS[at])
        page.open(f"/item/{item['id']}@{item['text'].index('川')}+4", q="川渝通办")
        shown(page, (item["text"],), "article")
        shown(page, (PAYLOADS[at],), ".cite")


def test_in_what_is_asked(page: Page) -> None:
    for asked, view in zip(batches(20), itertools.cycle(("hits", "lines", "trend"))):
        line = " ".join(asked)
        page.open(q=line, view=view)
        assert page.box.get_attribute("value") == clean(line)
    for some in batches(16):
        chosen = [(name, value) for name in ("department", "section", "period", "number")
                  for value in some]  # fmt: skip
        page.driver.get(f"{page.site.address}/?{urlencode([('q', '川渝通办'), *chosen])}")
        shown(page, some, ".chosen")


def test_in_what_is_typed(page: Page) -> None:
    page.open("/")
    for some in batches(40):
        line = " OR ".join(some)[:1900]
        page.run(
            "const box = document.querySelector('#q'); box.value = arguments[0];"
            "box.dispatchEvent(new InputEvent('input', {bubbles: true}));",
            line,
        )
        page.until(lambda asked=line: asked in page.site.log.done)
        page.until(lambda: not page.all(".htmx-request"))


def test_in_what_may_be_chosen(page: Page) -> None:
    page.open("/")
    for payload in PAYLOADS[::45]:
        page.box.clear()
        page.box.send_keys("部门:" + payload[:3].replace('"', ""))
        page.quiet()
    assert [each for each in page.site.log.asked if each.startswith("/complete")]


def test_in_what_is_saved_and_in_what_went_wrong(page: Page) -> None:
    page.open("/saved")
    shown(page, tuple(payload[:100] for payload in PAYLOADS))
    for payload in PAYLOADS[::41]:
        for path in ("/item/", "/nothing/", "/saved/", "/api/item/"):
            page.driver.get(page.site.address + path + quote(payload, safe=""))
        for path in ("/export?format=", "/api/search?q=", "/api/search?limit=", "/api/trend?term="):
            page.driver.get(page.site.address + path + quote(payload, safe=""))
    page.driver.get(page.site.address + "/saved/" + quote(PAYLOADS[40], safe="") + ".atom")
    page.open(q="".join(PAYLOADS)[:2500])
