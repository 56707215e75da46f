"""axe-core finds nothing serious in any view, light or dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from chabao.tests.web.browser.conftest import Page, save

AXE = Path(__file__).parent / "axe.min.js"
QUERY = "川渝通办"
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "greeting": ("/", {}),
    "hits": ("/", {"q": QUERY}),
    "narrowed": ("/", {"q": "通办", "department": "自然资源厅", "sort": "date"}),
    "concordance": ("/", {"q": QUERY, "view": "lines"}),
    "trend": ("/", {"q": QUERY, "view": "trend"}),
    "nothing": ("/", {"q": "蒸汽机车"}),
    "mistake": ("/", {"q": "川渝 期间:去年今天"}),
    "help": ("/help", {}),
    "saved": ("/saved", {}),
    "api": ("/api", {}),
    "gone": ("/item/ffffffffffff", {}),
}


@pytest.fixture(params=["light", "dark"])
def coloured(page: Page, request: pytest.FixtureRequest) -> Page:
    wanted = [{"name": "prefers-color-scheme", "value": request.param}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
    return page


def faults(page: Page) -> list[str]:
    """What axe-core finds, a line each: how bad, which rule, where."""
    page.run(AXE.read_text(encoding="utf-8"))
    found = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then("
        "all => done(all.violations), e => done([{impact: 'critical', id: '' + e, nodes: []}]))"
    )
    return [
        f"{each['impact']}: {each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view(coloured: Page, view: str) -> None:
    path, asked = VIEWS[view]
    coloured.open(path, **asked)
    assert faults(coloured) == []


def test_an_item_in_its_issue(coloured: Page) -> None:
    coloured.open(q=QUERY)
    coloured.one(".hits > li a.item").click()
    coloured.until(lambda: coloured.path.startswith("/item/"))
    assert faults(coloured) == []


def test_saved_searches(coloured: Page) -> None:
    save(coloured.open(q=QUERY), "川渝")
    assert faults(coloured) == []
    coloured.one("button[value=remove]").click()


def test_what_scripts_show(coloured: Page) -> None:
    coloured.open(q=QUERY)
    coloured.one(".hits .quotation summary").click()
    coloured.press("j", "c")
    coloured.until(lambda: coloured.status())
    coloured.box.send_keys(" 部门:")
    coloured.until(lambda: coloured.all("#choices > li"))
    coloured.press(Keys.ARROW_DOWN)
    assert faults(coloured) == []
    coloured.press(Keys.ESCAPE, Keys.ESCAPE)
    coloured.press("?")
    assert faults(coloured) == []


def test_a_fault_would_be_found(page: Page) -> None:
    page.open()
    page.run("document.getElementById('q').removeAttribute('aria-label')")
    page.run("document.querySelector('label[for=q]').remove()")
    assert any("label" in fault for fault in faults(page))
