"""Pages elsewhere, in a real browser: they read nothing of this one, and change nothing."""

from __future__ import annotations

import errno
import http.client
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chabao.tests.web.browser.conftest import Page, Site, listening

READ = (
    "/", "/?q=川渝通办", "/?q=川渝通办&view=lines", "/api/search?q=川渝通办", "/api/fields",
    "/complete?q=部门:自&at=4", "/saved", "/saved/x.atom", "/export?q=川渝通办&format=csv",
    "/static/chabao.js", "/static/chabao.css", "/item/none",
)  # fmt: skip
SECRET = re.compile("川渝通办|自然资源厅|窗口工作|token|htmx")
"""Stands in what the page answers to those that may read it."""
READING = """
const [addresses, done] = arguments, read = [];
const note = (how, address, found) => read.push([how, address, String(found)]);
const loaded = (how, address, element) => new Promise(go => {
  element.onload = () => { note(how, address, 'loaded'); go(); };
  element.onerror = () => go();
  document.body.append(element);
  setTimeout(go, 1000);
});
const asked = (how, address, options) => fetch(address, options)
  .then(async got => {
    if (got.type !== 'opaque') note(how, address, got.status + ' ' + await got.text());
  })
  .catch(() => {});
(async () => {
  for (const address of addresses) {
    const script = Object.assign(document.createElement('script'), {src: address});
    const image = Object.assign(document.createElement('img'), {src: address});
    const style = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: address});
    const frame = Object.assign(document.createElement('iframe'), {src: address});
    const plug = Object.assign(document.createElement('object'), {data: address});
    await Promise.all([
      asked('fetch', address, {}), asked('fetch with cookies', address, {credentials: 'include'}),
      asked('opaque', address, {mode: 'no-cors'}),
      asked('preflight', address, {headers: {'HX-Request': 'true', 'X-Other': '1'}}),
      asked('put', address, {method: 'PUT'}),
      new Promise(go => {
        const old = new XMLHttpRequest();
        old.onloadend = () => {
          if (old.status) note('xhr', address, old.status + ' ' + old.responseText);
          go();
        };
        old.open('GET', address); old.send();
      }),
      loaded('script', address, script), loaded('image', address, image),
      loaded('style', address, style), loaded('object', address, plug),
      new Promise(go => {
        frame.onload = () => {
          try { note('frame', address, frame.contentDocument.documentElement.outerHTML); } catch { }
          go();
        };
        document.body.append(frame);
        setTimeout(go, 1000);
      }),
    ]);
    for (const each of performance.getEntriesByName(new URL(address, location).href))
      if (each.decodedBodySize) note('size', address, each.decodedBodySize);
    performance.clearResourceTimings();
  }
  done(read);
})();
"""
FORMS = """
const [addresses, fields, done] = arguments;
let sent = 0;
const frame = Object.assign(document.createElement('iframe'), {name: 'into'});
document.body.append(frame);
(async () => {
  for (const address of addresses) {
    for (const enctype of [
      'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain',
    ])
      for (const target of ['into', 'window']) {
        const form = Object.assign(document.createElement('form'), {method: 'post', enctype});
        Object.assign(form, {action: address, target: target === 'into' ? 'into' : '_blank'});
        for (const [name, value] of Object.entries(fields)) {
          const input = document.createElement('input');
          form.append(Object.assign(input, {type: 'hidden', name, value}));
        }
        document.body.append(form);
        // what is sent into a frame takes the place of what is still under way there
        const come = target === 'window' ? null : new Promise(go => {
          frame.onload = go;
          setTimeout(go, 5000);
        });
        form.submit();
        sent += 1;
        await (come || new Promise(go => setTimeout(go, 60)));
      }
    const body = new URLSearchParams(fields);
    for (const options of [
      {mode: 'no-cors'}, {mode: 'no-cors', credentials: 'include'}, {mode: 'cors'},
      {mode: 'no-cors', referrerPolicy: 'no-referrer'}, {mode: 'no-cors', referrerPolicy: 'origin'},
      {mode: 'no-cors', keepalive: true},
      {mode: 'no-cors', headers: {'Content-Type': 'text/plain'}, body: body.toString()},
      {mode: 'cors', headers: {'X-HTTP-Method-Override': 'POST'}},
    ]) {
      await fetch(address, {method: 'POST', body, ...options}).catch(() => {});
      sent += 1;
    }
    navigator.sendBeacon(address, body);
    sent += 1;
  }
  setTimeout(() => done(sent), 300);
})();
"""


@dataclass
class Elsewhere:
    """A server of somebody else's. What is asked of it by a name that leads to the page by now,
    goes there as it came."""

    site: Site
    handed: list[tuple[str, int, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(routes=[
            Route("/evil", self.evil),
            Route("/{path:path}", self.on, methods=["GET", "POST", "PUT", "OPTIONS", "HEAD"]),
        ])  # fmt: skip

    def evil(self, _request: Request) -> Response:
        return HTMLResponse("<!doctype html><meta charset=utf-8><title>evil</title><body>")

    async def on(self, request: Request) -> Response:
        """Hands a request on to the page, whatever it says, and the answer back."""
        body = await request.body()
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        to = http.client.HTTPConnection(urlsplit(self.site.address).netloc, timeout=60)
        to.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            to.putheader(name, value)
        to.endheaders(body)
        answer = to.getresponse()
        data = answer.read()
        to.close()
        self.handed.append((request.method, answer.status, data.decode("utf-8", "replace")))
        return Response(data, answer.status, media_type=answer.headers.get("content-type"))


@pytest.fixture
def elsewhere(page: Page) -> Iterator[tuple[Elsewhere, str]]:
    """Somebody else's server at another port, as evil.example."""
    other = Elsewhere(page.site)
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        with listening(other.app(), opened):
            yield other, f"http://evil.example:{opened.getsockname()[1]}"


@pytest.fixture
def rebound(page: Page) -> Iterator[tuple[Elsewhere, str]]:
    """A name whose port is the page's, and which leads there once its own page is loaded."""
    other, port = Elsewhere(page.site), urlsplit(page.site.address).port
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(("127.0.0.2", port or 0))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            pytest.skip("this system has one loopback address")
        with listening(other.app(), opened):
            yield other, f"http://rebind.example:{port}"


@pytest.fixture(autouse=True)
def quietly(page: Page) -> Iterator[None]:
    """What the browser says of refusals is no error; windows that were opened are closed."""
    page.driver.set_script_timeout(300)
    yield
    first, *others = page.driver.window_handles
    for other in others:
        page.driver.switch_to.window(other)
        page.driver.close()
    page.driver.switch_to.window(first)
    page.driver.get("about:blank")
    page.driver.get_log("browser")


def read(driver: Chrome, origin: str, to: str) -> list[tuple[str, str, str]]:
    """What a page at `origin` reads of addresses at `to`: how, of which, and what."""
    driver.get(origin + "/evil")
    assert driver.title == "evil"
    found = driver.execute_async_script(READING, [to + path for path in READ])
    return [(how, address, said) for how, address, said in found]


def test_a_page_that_may_read_does(page: Page) -> None:
    """The attack is one: where nothing stands in its way, it reads all of it."""
    page.open("/help")
    found = page.driver.execute_async_script(READING, [page.site.address + path for path in READ])
    told = {address for how, address, said in found if how == "fetch" and SECRET.search(said)}
    assert len(told) >= 9
    assert {"fetch", "xhr", "script", "style", "size"} <= {how for how, *_ in found}


def test_a_page_elsewhere_reads_nothing(page: Page, elsewhere: tuple[Elsewhere, str]) -> None:
    _, origin = elsewhere
    found = read(page.driver, origin, page.site.address)
    # what a frame shows is the browser's own page
    assert [each for each in found if each[0] != "frame" or SECRET.search(each[2])] == []
    asked = {path.partition("?")[0] for path in READ}
    statuses = [status for _, path, status in page.site.log.answers if path in asked]
    assert len(statuses) > 5 * len(READ)
    assert set(statuses) <= {403, 405}


def test_a_rebound_name_reads_nothing(page: Page, rebound: tuple[Elsewhere, str]) -> None:
    other, origin = rebound
    found = read(page.driver, origin, origin)
    bodies = [said for how, _, said in found if how in ("fetch", "xhr", "preflight", "frame")]
    assert len(bodies) >= 3 * len(READ)
    assert not [said for said in bodies if SECRET.search(said)]
    assert {status for _, status, _ in other.handed} == {421}
    assert not [body for _, _, body in other.handed if SECRET.search(body)]


def test_a_rebound_name_reads_nothing_from_another_port(
    page: Page, elsewhere: tuple[Elsewhere, str], rebound: tuple[Elsewhere, str]
) -> None:
    """A page at one name, that asks for the page's port at another name that leads to it."""
    other, origin = rebound
    found = read(page.driver, elsewhere[1], origin)
    assert [each for each in found if each[0] != "frame" or SECRET.search(each[2])] == []
    assert other.handed and {status for _, status, _ in other.handed} <= {403, 421}


def test_a_window_that_is_opened_is_out_of_reach(
    page: Page, elsewhere: tuple[Elsewhere, str]
) -> None:
    _, origin = elsewhere
    page.driver.get(origin + "/evil")
    seen = page.driver.execute_async_script(
        """
        const [address, done] = arguments, opened = window.open(address);
        const begun = Date.now(), looking = setInterval(() => {
          if (opened && !opened.closed && Date.now() - begun < 20000) return;
          clearInterval(looking);
          const seen = {closed: !opened || opened.closed};
          try { seen.text = opened.document.body.textContent; } catch { seen.text = null; }
          try { seen.frames = opened.length; } catch { seen.frames = null; }
          done(seen);
        }, 50);
        """,
        page.site.address + "/?q=川渝通办",
    )
    page.until(lambda: ("GET", "/", 200) in page.site.log.answers)  # to link is allowed
    assert seen["closed"] and not seen["text"]


def token(page: Page) -> str:
    return page.open(q="川渝").one("input[name=token]").get_attribute("value") or ""


@pytest.mark.parametrize("name", ["elsewhere", "rebound"])
def test_forms_from_elsewhere_change_nothing(
    page: Page, name: str, request: pytest.FixtureRequest
) -> None:
    """Even such as know the word that only pages of this server know."""
    fields = {"action": "save", "name": "evil", "q": "川渝", "token": token(page)}
    assert fields["token"]
    other, origin = request.getfixturevalue(name)
    shelf = page.site.log.app.state.shelf
    before = shelf.read()
    page.site.log.answers.clear()
    page.driver.get(origin + "/evil")
    to = page.site.address if name == "elsewhere" else origin
    sent = page.driver.execute_async_script(FORMS, [to + "/saved", to + "/saved?x=1"], fields)
    page.until(lambda: len(page.site.log.answers) >= sent - 2)
    assert sent == 30
    statuses = [status for method, _, status in page.site.log.answers if method == "POST"]
    assert len(statuses) >= 24
    assert set(statuses) <= {403, 415, 421}
    assert shelf.read() == before
    if name == "rebound":
        assert {status for _, status, _ in other.handed} == {421}


def test_that_json_is_no_script(page: Page, elsewhere: tuple[Elsewhere, str]) -> None:
    """What a link elsewhere shows is shown as what it is: never run, never taken for a page."""
    page.driver.get(page.site.address + "/api/search?q=<script>document.title='run'</script>")
    assert page.driver.title != "run"
    assert json.loads(page.one("pre").text)["schema"] == 1
