"""Links that narrow and lead on, as a mouse follows them; the same without scripts; in the dark."""

from __future__ import annotations

import re

import pytest

from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.search.engine import Filters, open_index
from chabao.tests.web.browser.conftest import Page, save

QUERY = "川渝通办"


def hits(page: Page) -> list[str]:
    links = [link.get_attribute("href") or "" for link in page.all(".hits > li a.item")]
    return [re.split("[?@#]", link.rpartition("/item/")[2])[0] for link in links]


def found(**filters: tuple[str, ...]) -> list[str]:
    """What the engine finds, without a browser."""
    chosen = Filters(**filters)
    answer = engine.search(open_index(bundled_index()), QUERY, filters=chosen)
    return [hit.item["id"] for hit in answer.hits]


@pytest.fixture(params=["scripts", "no scripts"])
def either(page: Page, request: pytest.FixtureRequest) -> Page:
    """A page with scripts, and one where the browser runs none."""
    if request.param == "no scripts":
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        page.open()
        assert not page.all("html.live")
    return page


def test_a_search_by_the_button(either: Page) -> None:
    either.open().box.send_keys(QUERY)
    either.one("#ask button").click()
    either.until(lambda: hits(either) == found())
    assert either.asked == {"q": QUERY}


def test_a_facet_narrows_and_is_taken_away_again(either: Page) -> None:
    either.open(q=QUERY)
    facet = either.one("#facets a[href*='department=']")
    name, count = (facet.find_element("css selector", part).text for part in ("span", ".count"))
    facet.click()
    either.until(lambda: either.asked.get("department") == name)
    assert hits(either) == found(department=(name,))
    assert len(hits(either)) == int(count)
    either.one(".chosen a").click()
    either.until(lambda: either.asked == {"q": QUERY})
    assert hits(either) == found()


def test_what_is_narrowed_stays_so_while_typing(page: Page) -> None:
    page.open(q="川渝", department="自然资源厅")
    page.box.send_keys("通办")
    page.until(lambda: page.asked == {"q": QUERY, "department": "自然资源厅"})
    page.until(lambda: hits(page) == found(department=("自然资源厅",)))


def test_an_item_stands_in_its_issue_and_back_is_the_answer(either: Page) -> None:
    either.open(q=QUERY)
    wanted = hits(either)[0]
    either.one(".hits > li a.item").click()
    either.until(lambda: either.path.startswith("/item/" + wanted))
    assert QUERY in either.one("#here mark").text
    assert QUERY in either.one(".cite").text
    either.driver.back()
    either.until(lambda: hits(either) == found())


def test_a_search_begins_on_any_page(either: Page) -> None:
    either.open("/help").box.send_keys(QUERY)
    either.one("#ask button").click()
    either.until(lambda: either.asked == {"q": QUERY})
    assert hits(either) == found()


def test_a_bar_of_the_trend_narrows_to_what_it_counts(either: Page) -> None:
    either.open(q=QUERY, view="trend")
    bar = either.one(".bars a")
    count = int(re.sub(r"\D.*", "", bar.find_element("css selector", ".count").text))
    bar.click()
    either.until(lambda: either.asked.get("view", "hits") == "hits")
    assert set(hits(either)) < set(found())
    mentions = sum(
        hit.mentions
        for hit in engine.search(open_index(bundled_index()), QUERY).hits
        if hit.item["id"] in hits(either)
    )
    assert mentions == count


def test_a_search_is_saved_and_taken_away(either: Page) -> None:
    save(either.open(q=QUERY, department="省林草局"), "川渝")
    either.until(lambda: either.one("main h2 a").text == "川渝")
    either.one("main h2 a").click()
    either.until(lambda: either.asked == {"q": QUERY, "department": "省林草局"})
    either.open("/saved")
    either.one("button[value=remove]").click()
    either.until(lambda: not either.all("main h2"))


def test_htmx_runs_no_text_and_keeps_no_pages(page: Page) -> None:
    config = page.open().run("return htmx.config")
    wanted = {
        "allowEval": False, "allowScriptTags": False, "includeIndicatorStyles": False,
        "selfRequestsOnly": True, "historyCacheSize": 0,
    }  # fmt: skip
    assert {name: config[name] for name in wanted} == wanted


def test_in_the_dark_the_page_is_dark(page: Page) -> None:
    lightness = {}
    for scheme in ("light", "dark"):
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
        page.open(q=QUERY)
        colours = page.run(
            "const style = getComputedStyle(document.documentElement);"
            "const body = getComputedStyle(document.body);"
            "return [style.backgroundColor, body.backgroundColor, body.color]"
        )
        lightness[scheme] = [brightness(colour) for colour in colours]
    ground = {
        scheme: [x for x in found[:2] if x is not None] for scheme, found in lightness.items()
    }
    assert ground["dark"] and max(ground["dark"]) < 64
    assert not ground["light"] or min(ground["light"]) > 192
    assert (lightness["dark"][2] or 0) > 160 > 96 > (lightness["light"][2] or 0)


def brightness(colour: str) -> float | None:
    """Of rgb(…); None where nothing is painted."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour)]
    return None if numbers[3:] == [0] else sum(numbers[:3]) / 3
