"""The page of the bundled bulletins in a real browser: Chromium, as the system has it, headless."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import uvicorn
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from starlette.responses import PlainTextResponse

from chabao.indexer.bundled import bundled_index
from chabao.search.output.shelf import Shelf
from chabao.web.app import application
from chabao.web.connections import HEADER, Connection

PATIENCE = 60
"""Seconds for what the page does by itself, on a machine that does much else."""
QUIET = 0.5
"""Seconds after which the page would have asked: several times the pause of chabao.js."""
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
USUAL = (" 404 ", "htmx:sendAbort", '"htmx:afterRequest')
"""What is said of pages that are not there, and of questions that a newer one took the place of."""
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update", "--no-first-run",
    # Pages that are gone back to are asked for again, as where memory is short.
    "--disable-features=BackForwardCache", "--window-size=1024,768",
    "--lang=en", "--force-prefers-reduced-motion",
    # names that lead to this machine, as those of a rebinding attack do in the end
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebind.example 127.0.0.2",
)  # fmt: skip


@dataclass
class Log:
    """What was asked of the server: addresses, in order."""

    app: Any
    asked: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    """Queries that are not answered as long as they are here."""
    refused: set[str] = field(default_factory=set)
    """Queries that the server fails to answer."""
    done: list[str] = field(default_factory=list)
    """Queries that were answered, in order."""
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of each answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = scope.get("query_string", b"").decode()
        asked = dict(parse_qsl(query)).get("q", "")
        self.asked.append(scope["path"] + ("?" + query if query else ""))

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.answers.append((scope["method"], scope["path"], message["status"]))
            await send(message)

        while asked in self.held:
            await asyncio.sleep(0.02)
        if asked in self.refused:
            await PlainTextResponse("out of order", 503)(scope, receive, told)
        else:
            await self.app(scope, receive, told)
        self.done.append(asked)

    def queries(self) -> list[str]:
        """The queries that the search page was asked for."""
        return [
            dict(parse_qsl(address.partition("?")[2])).get("q", "")
            for address in self.asked
            if address.partition("?")[0] == "/"
        ]


@dataclass
class Site:
    address: str
    log: Log


@contextmanager
def listening(app: Any, opened: socket.socket) -> Iterator[None]:
    """An application that answers at a socket."""
    opened.listen(64)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_level="critical",
            h11_max_incomplete_event_size=HEADER,
        )
    )
    thread = threading.Thread(target=server.run, args=([opened],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(60)
    assert not thread.is_alive()


@contextmanager
def serving(index: Path, shelf: Shelf) -> Iterator[Site]:
    """The page of an index, on any port that is free."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{opened.getsockname()[1]}"
        log = Log(application(index, frozenset({host}), shelf))
        with listening(log, opened):
            yield Site(f"http://{host}", log)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    index = Path(bundled_index())
    with serving(index, Shelf(tmp_path_factory.mktemp("shelf") / "searches.json", index)) as found:
        yield found


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    if not (CHROMIUM and DRIVER):
        missing = "no chromium or chromedriver: apt-get install chromium chromium-driver"
        if os.environ.get("CHABAO_NEED_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, Service(DRIVER))
    yield driver
    driver.quit()


@dataclass
class Page:
    """A browser at the site."""

    driver: Chrome
    site: Site

    def open(self, path: str = "/", **asked: str) -> Page:
        self.driver.get(self.site.address + path + ("?" + urlencode(asked) if asked else ""))
        return self

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    @property
    def box(self) -> WebElement:
        return self.one("#q")

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.site.address)

    @property
    def asked(self) -> dict[str, str]:
        """The parameters in the address."""
        return dict(parse_qsl(self.path.partition("?")[2]))

    def press(self, *keys: str) -> None:
        """Keys, to whatever has the focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def run(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def until(self, holds: Callable[[], Any]) -> Any:
        ignored = (Exception,)
        wait = WebDriverWait(self.driver, PATIENCE, 0.02, ignored_exceptions=ignored)
        return wait.until(lambda _: holds())

    def focused(self) -> str:
        """What has the focus, as `name#id`, the name in small letters."""
        return str(
            self.run("const e = document.activeElement; return e.localName + (e.id && '#' + e.id)")
        )

    def status(self) -> str:
        return self.one("#status").get_attribute("textContent") or ""

    def quiet(self) -> None:
        """Waits until the page would have asked, if it were to."""
        time.sleep(QUIET)


@pytest.fixture
def page(chromium: Chrome, site: Site) -> Iterator[Page]:
    """A fresh page; afterwards nothing may stand in the console that a user would call an error."""
    chromium.get(site.address + "/static/chabao.css")
    chromium.execute_script("localStorage.clear()")
    chromium.get_log("browser")
    log = site.log
    for record in (log.asked, log.done, log.answers, log.held, log.refused):
        record.clear()
    yield Page(chromium, site)
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    wrong = [
        entry["message"] for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"
    ]
    assert not [message for message in wrong if not any(said in message for said in USUAL)]


def save(page: Page, name: str) -> None:
    """Saves the search that a page shows, and goes where saved ones are."""
    page.one(".save summary").click()
    field = page.one("#save-name")
    field.clear()
    field.send_keys(name)
    page.one(".save button").click()
    page.until(lambda: page.path.startswith("/saved"))
