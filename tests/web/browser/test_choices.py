"""Completion in the box: what is offered, chosen and said of it to assistive software."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from chabao.tests.web.browser.conftest import Page

ANSWERED = """
const done = arguments[0];
const found = performance.getEntriesByType('resource').map(each => new URL(each.name))
  .filter(address => address.pathname === '/complete').pop();
setTimeout(() => done(found ? found.searchParams.get('q') : null), 20);
"""
"""What the last line was for which the browser has had an answer, and time to show it."""


def offered(page: Page) -> list[str]:
    """The names of the list, once it is that of what stands in the box."""
    if page.driver.execute_async_script(ANSWERED) != attribute(page, "value"):
        return []
    return [choice.text.partition("\n")[0].split(" ")[0] for choice in page.all("#choices > li")]


def attribute(page: Page, name: str) -> str | None:
    return page.box.get_attribute(name)


def test_names_are_offered_and_taken_by_keyboard(page: Page) -> None:
    page.open()
    assert attribute(page, "role") == "combobox"
    assert attribute(page, "aria-expanded") == "false"
    page.box.send_keys("川渝 部门:自然")
    page.until(lambda: offered(page) == ["自然资源厅"])
    assert attribute(page, "aria-expanded") == "true"
    assert attribute(page, "aria-activedescendant") is None
    page.press(Keys.ARROW_DOWN)
    active = page.one("#choices [aria-selected=true]")
    assert attribute(page, "aria-activedescendant") == active.get_attribute("id")
    page.press(Keys.ENTER)
    assert attribute(page, "value") == "川渝 部门:自然资源厅 "
    assert attribute(page, "aria-expanded") == "false"
    page.until(lambda: page.asked.get("q", "").strip() == "川渝 部门:自然资源厅")


def test_a_field_leads_to_its_names(page: Page) -> None:
    page.open().box.send_keys("部")
    page.until(lambda: offered(page) == ["部门:"])
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    assert attribute(page, "value") == "部门:"
    page.until(lambda: len(offered(page)) > 5)


def test_the_round_goes_through_the_box_itself(page: Page) -> None:
    page.open().box.send_keys("刊期:")
    page.until(lambda: len(offered(page)) == 5)
    page.press(Keys.ARROW_UP)
    assert attribute(page, "aria-activedescendant") == "choice-4"
    page.press(Keys.ARROW_DOWN)
    assert attribute(page, "aria-activedescendant") is None
    page.press(Keys.ARROW_DOWN)
    assert attribute(page, "aria-activedescendant") == "choice-0"


def test_a_click_takes_a_choice_and_the_box_keeps_the_focus(page: Page) -> None:
    page.open().box.send_keys("刊期:2023")
    page.until(lambda: len(offered(page)) == 3)
    page.all("#choices > li")[1].click()
    assert attribute(page, "value") == "刊期:2023年第3期 "
    assert page.focused() == "input#q"


def test_escape_closes_the_list_first_and_then_leaves_the_box(page: Page) -> None:
    page.open().box.send_keys("部门:")
    page.until(lambda: offered(page))
    page.press(Keys.ESCAPE)
    assert not page.one("#choices").is_displayed()
    assert page.focused() == "input#q"
    page.press(Keys.ESCAPE)
    assert page.focused() == "body"
    assert attribute(page, "value") == "部门:"


def test_enter_without_a_choice_asks_what_is_written(page: Page) -> None:
    page.open().box.send_keys("部门:自然")
    page.until(lambda: offered(page))
    page.press(Keys.ENTER)
    page.until(lambda: page.asked == {"q": "部门:自然"} and not offered_now(page))


def test_a_choice_in_the_middle_leaves_the_rest(page: Page) -> None:
    page.open().box.send_keys("𠀀 部门:自然 川渝")
    page.press(*[Keys.ARROW_LEFT] * 3)
    page.box.send_keys("资")
    page.until(lambda: offered(page) == ["自然资源厅"])
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    assert attribute(page, "value") == "𠀀 部门:自然资源厅 川渝"


def test_a_choice_for_another_line_is_not_taken(page: Page) -> None:
    page.open().box.send_keys("刊期:2023")
    page.until(lambda: len(offered(page)) == 3)
    page.run(
        "arguments[0].value = '川渝 刊期:2023';"
        "document.querySelector('#choices > li').click()", page.box
    )  # fmt: skip
    assert attribute(page, "value") == "川渝 刊期:2023"


def offered_now(page: Page) -> bool:
    return page.one("#choices").is_displayed()
