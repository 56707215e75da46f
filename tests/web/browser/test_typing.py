"""Answers while someone types: one at a time, the newest, in the address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.search.engine import open_index
from chabao.tests.web.browser.conftest import Page

QUERY = "川渝通办"


@pytest.fixture(scope="module")
def ids() -> Iterator[list[str]]:
    """The items that hold the query, best first, without a browser."""
    yield [hit.item["id"] for hit in engine.search(open_index(bundled_index()), QUERY).hits]


def shown(page: Page) -> list[str]:
    """The ids of the hits on the page."""
    links = [link.get_attribute("href") or "" for link in page.all(".hits > li a.item")]
    return [link.rpartition("/item/")[2].partition("?")[0].partition("@")[0] for link in links]


def test_the_answer_comes_while_typing_and_is_the_one_of_the_address(
    page: Page, ids: list[str]
) -> None:
    page.open()
    page.box.send_keys(QUERY)
    page.until(lambda: shown(page) == ids)
    assert page.asked == {"q": QUERY}
    assert page.focused() == "input#q"
    page.driver.refresh()
    assert shown(page) == ids
    assert page.box.get_attribute("value") == QUERY


def test_what_the_answer_is_is_said_to_those_who_do_not_see_it(page: Page) -> None:
    page.open()
    page.box.send_keys(QUERY)
    page.until(lambda: page.status() != "")
    assert page.status() == page.one(".summary").text.strip()


def test_typing_is_one_state_to_come_back_from_and_what_follows_a_pause_another(
    page: Page, ids: list[str]
) -> None:
    stopped(page.open())
    for letter in QUERY:
        page.box.send_keys(letter)
        page.until(lambda end=letter: page.asked.get("q", "").endswith(end))
    stopped(page, 60)
    page.box.send_keys(" 银行")
    page.until(lambda: page.asked.get("q") == QUERY + " 银行")
    page.driver.back()
    page.until(lambda: page.asked.get("q") == QUERY and shown(page) == ids)
    assert page.box.get_attribute("value") == QUERY
    page.driver.back()
    page.until(lambda: page.path == "/" and page.box.get_attribute("value") == "")
    page.driver.forward()
    page.until(lambda: page.box.get_attribute("value") == QUERY and shown(page) == ids)


def test_what_was_entered_is_a_state_at_once(page: Page, ids: list[str]) -> None:
    stopped(page.open())
    page.box.send_keys(QUERY + Keys.ENTER)
    page.until(lambda: shown(page) == ids)
    page.box.send_keys(" 银行")
    page.until(lambda: page.asked.get("q") == QUERY + " 银行")
    page.driver.back()
    page.until(lambda: page.asked.get("q") == QUERY and shown(page) == ids)


def test_back_from_an_item_shows_the_whole_page_again(page: Page, ids: list[str]) -> None:
    page.open()
    page.box.send_keys(QUERY)
    page.until(lambda: shown(page) == ids)
    page.one(".hits > li a.item").click()
    page.until(lambda: page.path.startswith("/item/"))
    page.driver.back()
    page.until(lambda: shown(page) == ids)
    assert page.box.get_attribute("value") == QUERY


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(page: Page, ids: list[str]) -> None:
    page.open()
    page.site.log.held.add("川")
    page.box.send_keys("川")
    page.until(lambda: "川" in page.site.log.queries())
    page.box.send_keys(QUERY[1:])
    page.until(lambda: shown(page) == ids)
    assert "川" not in page.site.log.done
    page.site.log.held.clear()
    page.until(lambda: "川" in page.site.log.done)
    page.quiet()
    assert shown(page) == ids
    assert page.asked == {"q": QUERY}


def test_an_answer_is_seen_from_its_beginning(page: Page, ids: list[str]) -> None:
    page.open(q="窗口").run("scrollTo(0, 400)")
    assert page.run("return scrollY") == 400
    page.run("arguments[0].select()", page.box)
    page.box.send_keys(QUERY)
    page.until(lambda: shown(page) == ids)
    page.until(lambda: page.run("return scrollY") == 0)


def test_nothing_is_asked_while_an_input_method_composes(page: Page, ids: list[str]) -> None:
    page.open()
    page.box.click()
    page.site.log.asked.clear()
    compose(page, "chuan'yu")
    compose(page, "chuan'yu'tong'ban")
    assert page.box.get_attribute("value") == "chuan'yu'tong'ban"
    page.quiet()
    assert page.site.log.asked == []
    page.driver.execute_cdp_cmd("Input.insertText", {"text": QUERY})
    page.until(lambda: shown(page) == ids)
    assert page.site.log.queries() == [QUERY]


def test_what_was_typed_before_composing_is_not_asked_for_meanwhile(page: Page) -> None:
    page.open()
    page.site.log.asked.clear()
    page.run(
        "const q = document.getElementById('q'); q.focus(); q.value = '川';"
        "q.dispatchEvent(new InputEvent('input', {bubbles: true}));"
        "q.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));"
        "q.value = '川yu';"
        "q.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}));"
    )
    page.quiet()
    assert page.site.log.asked == []
    page.run(
        "const q = document.getElementById('q'); q.value = '川渝';"
        "q.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '渝'}));"
    )
    page.until(lambda: page.asked == {"q": "川渝"})
    assert page.site.log.queries() == ["川渝"]


def test_two_thousand_characters_are_a_query(page: Page) -> None:
    long = ("川渝通办窗口" * 400)[:2000]
    page.open()
    page.run("const q = arguments[0]; q.focus(); q.value = arguments[1]", page.box, long[:-1])
    page.box.send_keys(long[-1])
    page.until(lambda: page.asked.get("q") == long)
    page.until(lambda: page.all("#answer .summary, #answer .notice"))
    page.driver.refresh()
    assert page.box.get_attribute("value") == long
    page.box.send_keys(Keys.END, Keys.BACKSPACE)
    page.until(lambda: page.asked.get("q") == long[:-1])


def test_the_caret_stands_under_a_mistake(page: Page) -> None:
    page.open()
    page.box.send_keys("川渝 期间:去年今天")
    page.until(lambda: page.all("#answer .mistake .wrong"))
    assert page.one("#answer .mistake .wrong").text == "去年今天"


def test_emptying_the_box_is_the_page_that_greets(page: Page, ids: list[str]) -> None:
    page.open(q=QUERY)
    page.box.clear()
    page.box.send_keys("x", Keys.BACKSPACE)
    page.until(lambda: page.path == "/" and not shown(page))


def test_a_server_that_is_gone_is_said_to_be(page: Page) -> None:
    page.open()
    page.driver.set_network_conditions(
        offline=True, latency=0, download_throughput=1, upload_throughput=1
    )
    try:
        page.box.send_keys(QUERY)
        page.until(lambda: "chabao serve" in page.status())
    finally:
        page.driver.delete_network_conditions()
        page.driver.get_log("browser")  # of course it says so too


def test_what_the_server_says_of_a_failure_is_said(page: Page, ids: list[str]) -> None:
    page.open()
    page.site.log.refused.add(QUERY)
    page.box.send_keys(QUERY)
    page.until(lambda: page.status() == "out of order")
    page.driver.get_log("browser")
    page.site.log.refused.clear()
    page.box.send_keys(Keys.ENTER)
    page.until(lambda: shown(page) == ids)


def stopped(page: Page, seconds: int = 0) -> None:
    """The page's clock stands still, so many seconds from now."""
    page.run("const time = Date.now() + 1000 * arguments[0]; Date.now = () => time", seconds)


def compose(page: Page, text: str) -> None:
    """What an input method has so far, underlined in the box."""
    asked = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    page.driver.execute_cdp_cmd("Input.imeSetComposition", asked)
