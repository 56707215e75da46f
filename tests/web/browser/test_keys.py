"""All of it by keyboard: to the box, through the hits, to an item, to the clipboard."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chabao.tests.web.browser.conftest import Page

QUERY = "川渝通办"
COUNTED = "window.copies = 0; addEventListener('copy', () => { copies += 1; })"
"""How often something was copied the old way."""


@pytest.fixture
def answered(page: Page) -> Page:
    """An answer of several hits, nothing in it chosen."""
    return page.open(q=QUERY)


def place(page: Page) -> int:
    """Which hit has the focus, from 1; 0 for none."""
    found = page.run(
        "const hit = document.activeElement.closest('.hits > li');"
        "return [...document.querySelectorAll('.hits > li')].indexOf(hit) + 1"
    )
    return int(found)


def clipboard(page: Page) -> str:
    granted = ["clipboardReadWrite", "clipboardSanitizedWrite"]  # all others are refused then
    origin = {"origin": page.site.address, "permissions": granted}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", origin)
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, e => done('' + e))"
    return str(page.driver.execute_async_script(read))


def test_slash_goes_to_the_box_and_escape_leaves_it_as_it_is(answered: Page) -> None:
    assert answered.focused() == "body"
    answered.press("/")
    assert answered.focused() == "input#q"
    assert answered.box.get_attribute("value") == QUERY
    answered.press(Keys.ESCAPE)
    assert answered.focused() == "body"
    assert answered.box.get_attribute("value") == QUERY


def test_j_and_k_go_through_the_hits_and_stay_at_their_ends(answered: Page) -> None:
    hits = len(answered.all(".hits > li"))
    assert hits > 2
    places = []
    for key in ["k", *"j" * (hits + 1), "k", "k"]:
        answered.press(key)
        places.append(place(answered))
    assert places == [1, *range(2, hits + 1), hits, hits, hits - 1, hits - 2]


def test_the_hit_that_has_the_focus_is_in_view_and_seen_to_have_it(answered: Page) -> None:
    answered.driver.set_window_size(600, 500)
    try:
        for _ in answered.all(".hits > li"):
            answered.press("j")
            box = answered.run(
                "const box = document.activeElement.getBoundingClientRect();"
                "return [box.top, innerHeight - box.bottom]"
            )
            assert min(box) >= 0
            outline = answered.run(
                "const style = getComputedStyle(document.activeElement);"
                "return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0"
            )
            assert outline
    finally:
        answered.driver.set_window_size(1024, 768)


def test_enter_opens_the_item_with_the_mention_in_view(answered: Page) -> None:
    answered.press("j", "j")
    link = str(answered.run("return document.activeElement.href"))
    answered.press(Keys.ENTER)
    answered.until(lambda: answered.driver.current_url == link)
    assert "/item/" in link
    seen = answered.run(
        "const box = document.querySelector('#here mark').getBoundingClientRect();"
        "return box.bottom > 0 && box.top < innerHeight"
    )
    assert seen


def test_c_copies_the_quotation_with_its_citation(answered: Page) -> None:
    answered.run(COUNTED)
    answered.press("j", "j", "c")
    answered.until(lambda: "copied" in answered.status())
    assert answered.run("return copies") == 0
    cite = answered.all(".hits > li")[1].find_element(By.CSS_SELECTOR, ".cite")
    lines = [
        part.get_attribute("textContent").strip()  # type: ignore[union-attr]
        for part in cite.find_elements(By.CSS_SELECTOR, ":scope > *")
    ]
    assert QUERY in lines[0]
    assert len(lines) > 1
    assert clipboard(answered) == "\n".join(lines)


def test_a_line_of_the_concordance_is_cited_as_its_item_is(page: Page) -> None:
    page.open(q=QUERY, view="lines").press("j", "c")
    page.until(lambda: "copied" in page.status())
    copied = clipboard(page)
    page.press(Keys.ENTER)
    page.until(lambda: page.path.startswith("/item/"))
    page.press("c")
    page.until(lambda: "copied" in page.status())
    assert clipboard(page) == copied
    assert QUERY in copied


def test_without_a_clipboard_it_is_copied_the_old_way(answered: Page) -> None:
    answered.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    answered.run(COUNTED)
    answered.press("j", "c")
    answered.until(lambda: "copied" in answered.status())
    assert answered.run("return copies") == 1
    assert place(answered) == 1


def test_where_nothing_can_be_copied_it_is_said(answered: Page) -> None:
    answered.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    answered.run("document.execCommand = () => false")
    answered.press("j", "c")
    answered.until(lambda: "select the text" in answered.status())


def test_without_a_hit_chosen_nothing_is_copied(answered: Page) -> None:
    answered.press("c")
    answered.until(lambda: "choose a hit" in answered.status())


def test_a_click_on_the_button_copies_too(answered: Page) -> None:
    answered.one(".hits .quotation summary").click()
    answered.one(".hits .quotation button.copy").click()
    answered.until(lambda: "copied" in answered.status())
    assert QUERY in clipboard(answered)


def test_letters_are_text_in_fields(answered: Page) -> None:
    answered.press("/")
    answered.press(Keys.END, "jkc?/")
    assert answered.box.get_attribute("value") == QUERY + "jkc?/"
    assert answered.focused() == "input#q"


@pytest.mark.parametrize("held", [Keys.CONTROL, Keys.ALT])
def test_keys_with_a_modifier_are_the_browsers(answered: Page, held: str) -> None:
    answered.press("j")
    answered.press(held + "k", held + "c", held + "/")
    assert place(answered) == 1
    assert answered.status() == ""


def test_a_question_mark_shows_the_keys_and_escape_puts_them_away(answered: Page) -> None:
    answered.press("j", "?")
    assert answered.one("#keys").is_displayed()
    shown = {key.text for key in answered.all("#keys kbd")}
    assert shown == {"/", "Esc", "j", "k", "Enter", "c", "?"}
    answered.press("j")
    answered.press(Keys.ESCAPE)
    assert not answered.one("#keys").is_displayed()
    assert place(answered) == 1


def test_the_keys_can_be_turned_off_and_stay_so(answered: Page) -> None:
    answered.one("#keys-open").click()
    answered.one("#keys-on").click()
    answered.one("#keys form button").click()
    answered.press("j", "/")
    assert place(answered) == 0
    answered.driver.refresh()
    answered.press("/")
    assert answered.focused() == "body"
    answered.one("#keys-open").click()
    answered.one("#keys-on").click()
    answered.press(Keys.ESCAPE)
    answered.press("/")
    assert answered.focused() == "input#q"
