"""Whom the page answers, and what nobody can do from elsewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chabao.indexer.bundled import bundled_index
from chabao.search.output.shelf import Shelf
from chabao.web.access import Access
from chabao.web.app import application
from chabao.web.forms import BODY
from chabao.web.guard import POLICY, Guard

HOST = "localhost:8765"
ROUTES = (
    "/", "/?q=川渝通办", "/help", "/saved", "/api", "/api/search?q=川渝", "/api/fields",
    "/api/openapi.json", "/static/chabao.css", "/static/chabao.js", "/nothing/here",
    "/saved/x.atom", "/item/none",
)  # fmt: skip
STRANGE_HOSTS = (
    "", " ", "evil.example", "evil.example:8765", "localhost", "localhost:80", "localhost:8766",
    "localhost:08765", "localhost:8765 ", "localhost:8765.", "localhost.:8765", "localhost.",
    "localhost:", "localhost::8765", "localhost:8765:8765", "localhost:8765,evil.example",
    "evil.example,localhost:8765", "localhost:8765@evil.example", "evil.example@localhost:8765",
    "user@localhost:8765", "user:pass@localhost:8765", "http://localhost:8765", "//localhost:8765",
    "localhost:8765/", "localhost:8765/x", "localhost:8765?x", "localhost:8765#x",
    "localhost:8765\\evil.example", "localhost:8765%00", "localhost%3A8765", "LOCALHOST:8766",
    "xlocalhost:8765", "localhost.evil.example:8765", "localhostevil.example:8765",
    "127.0.0.1:8765.evil.example", "127.0.0.1", "127.0.0.2:8765", "127.1:8765", "127.0.1:8765",
    "0.0.0.0:8765", "0:8765", "2130706433:8765", "0x7f000001:8765", "0177.0.0.1:8765",
    "[::1]", "[::1]:8766", "::1:8765", "[::1%25lo]:8765", "[0:0:0:0:0:0:0:1]:8765",
    "[::ffff:127.0.0.1]:8765", "[::]:8765", "rebind.127.0.0.1.nip.example:8765",
    "7f000001.c0a80001.rbndr.example:8765", "localhost:\uff18765",
    "\uff4cocalhost:8765",
)  # fmt: skip


@pytest.mark.parametrize("said", STRANGE_HOSTS)
def test_a_strange_host_reads_nothing(client: TestClient, said: str) -> None:
    for path in ROUTES:
        answer = client.get(path, headers={"host": said.encode()})
        assert answer.status_code == 421, (said, path)
        assert len(answer.content) < 120
        assert "川渝通办" not in answer.text.replace(path, "")


def test_that_there_are_enough_of_them() -> None:
    assert len(set(STRANGE_HOSTS)) >= 50


@pytest.mark.parametrize("said", ["localhost:8765", "LocalHost:8765", "LOCALHOST:8765"])
def test_the_own_host_is_answered(client: TestClient, said: str) -> None:
    assert client.get("/", headers={"host": said}).status_code == 200


async def asked(app: Any, **changed: Any) -> tuple[int, bytes]:
    """A request that no client would send."""
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"",
        "headers": [(b"host", HOST.encode())], "scheme": "http", "server": ("127.0.0.1", 8765),
        "client": ("127.0.0.1", 1), "http_version": "1.1", "root_path": "", "asgi": {},
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope | changed, receive, send)
    return sent[0].get("status", 0), b"".join(each.get("body", b"") for each in sent[1:])


HEADERS = {
    "none": [],
    "two": [(b"host", HOST.encode()), (b"host", HOST.encode())],
    "two that differ": [(b"host", HOST.encode()), (b"host", b"evil.example")],
    "forwarded": [(b"host", b"evil.example"), (b"x-forwarded-host", HOST.encode())],
    "forwarded by name": [(b"host", b"evil.example"), (b"forwarded", b"host=localhost:8765")],
    "original": [(b"host", b"evil.example"), (b"x-original-host", HOST.encode())],
    "bytes": [(b"host", b"localhost:8765\xff")],
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.anyio
async def test_hosts_that_are_missing_or_several(app: Starlette, name: str) -> None:
    status, _ = await asked(app, headers=HEADERS[name])
    assert status == 421


@pytest.mark.parametrize(
    "path",
    ["http://evil.example/", "http://localhost:8765/", "evil.example:443", "*", "", "/\x00",
     "/a\nb", "/static/\x00", "/\x7f"],
)  # fmt: skip
@pytest.mark.anyio
async def test_targets_that_are_no_path(app: Starlette, path: str) -> None:
    status, _ = await asked(app, path=path, raw_path=path.encode())
    assert status == 400


@pytest.mark.anyio
async def test_that_a_websocket_is_closed(app: Starlette) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "websocket", "headers": [], "path": "/"}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    for answer in (client.get(path), client.head(path), client.get(path, headers={"host": "x"})):
        for name, value in POLICY.items():
            assert answer.headers[name] == value
        kept = path.startswith("/static/")
        assert answer.headers["cache-control"] == ("no-cache" if kept else "no-store")
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


def test_the_policy() -> None:
    said = POLICY["content-security-policy"]
    assert "default-src 'self'" in said
    assert "frame-ancestors 'none'" in said
    assert "unsafe" not in said


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith("/static/")])
def test_nothing_runs_that_stands_in_a_page(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"<[^>]*\s(?:on\w+|style)\s*=", page)
    assert "<style" not in page
    assert not re.search(r"""(?:src|srcset)\s*=\s*["']?(?:https?:)?//""", page)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"])
def test_methods(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", [path for path in ROUTES if path != "/saved"])
def test_that_only_a_form_is_posted_to(client: TestClient, path: str) -> None:
    answer = client.post(path, data=form(client), headers=own())
    assert answer.status_code in (404, 405)


def form(client: TestClient, **more: str) -> dict[str, str]:
    """The fields of the form on the page, with the word that it holds."""
    page = client.get("/?q=川渝通办").text + client.get("/saved").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    return {
        "token": token[1] if token else "",
        "action": "save",
        "name": "川渝",
        "q": "川渝通办",
    } | more


def own(**more: str) -> dict[str, str]:
    """What a browser says of a form that the page sends itself."""
    return {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"} | more


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x"])
@pytest.mark.parametrize("mode", ["no-cors", "cors", "websocket", "navigate", ""])
@pytest.mark.parametrize("dest", ["image", "script", "iframe", "empty", "object", "document"])
def test_pages_elsewhere_can_only_link(client: TestClient, site: str, mode: str, dest: str) -> None:
    said = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    linked = (mode, dest) == ("navigate", "document")
    assert client.get("/api/search?q=x", headers=said).status_code == (200 if linked else 403)


FORM = "application/x-www-form-urlencoded"
CROSS_SITE: dict[str, dict[str, Any]] = {
    "no origin": {"headers": {}},
    "no origin, said to be its own": {"headers": {"sec-fetch-site": "same-origin"}},
    "another site": {"headers": own(origin="https://evil.example")},
    "another site, cross-site": {
        "headers": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    },
    "cross-site with its origin": {"headers": own(**{"sec-fetch-site": "cross-site"})},
    "same-site": {"headers": own(**{"sec-fetch-site": "same-site"})},
    "from nowhere": {"headers": own(**{"sec-fetch-site": "none"})},
    "unknown site": {"headers": own(**{"sec-fetch-site": "x"})},
    "upper case": {"headers": own(**{"sec-fetch-site": "Same-Origin"})},
    "null": {"headers": own(origin="null")},
    "empty": {"headers": own(origin="")},
    "https": {"headers": own(origin="https://localhost:8765")},
    "another port": {"headers": own(origin="http://localhost:8000")},
    "no port": {"headers": own(origin="http://localhost")},
    "another name of this machine": {"headers": own(origin="http://127.0.0.1:8765")},
    "beginning alike": {"headers": own(origin="http://localhost:8765.evil.example")},
    "ending alike": {"headers": own(origin="http://evil.example/http://localhost:8765")},
    "two origins": {"headers": own(origin="http://localhost:8765, https://evil.example")},
    "userinfo": {"headers": own(origin="http://localhost:8765@evil.example")},
    "trailing slash": {"headers": own(origin="http://localhost:8765/")},
    "file": {"headers": own(origin="file://")},
    "an extension": {"headers": own(origin="chrome-extension://abcdef")},
    "referer only": {"headers": {"referer": "http://localhost:8765/"}},
    "rebound": {"headers": own(host="evil.example:8765", origin="http://evil.example:8765")},
    "text": {"headers": own(**{"content-type": "text/plain"})},
    "json": {"headers": own(**{"content-type": "application/json"})},
    "multipart": {"headers": own(**{"content-type": "multipart/form-data; boundary=x"})},
    "no type": {"headers": own(**{"content-type": ""})},
    "no token": {"fields": {"token": ""}},
    "another token": {"fields": {"token": "A" * 43}},
    "token that is no ASCII": {"fields": {"token": "令牌"}},
    "token in the address": {"fields": {"token": ""}, "query": True},
    "method in a field": {"headers": own(origin="null"), "fields": {"_method": "POST"}},
    "method in a header": {"headers": own(origin="null", **{"x-http-method-override": "POST"})},
}  # fmt: skip


@pytest.mark.parametrize("name", CROSS_SITE)
def test_what_comes_from_elsewhere_changes_nothing(client: TestClient, name: str) -> None:
    shape = CROSS_SITE[name]
    fields = form(client)
    query = f"?token={fields['token']}" if shape.get("query") else ""
    headers = {"content-type": FORM} | shape.get("headers", own())
    before = client.get("/saved").text
    answer = client.post(f"/saved{query}", data=fields | shape.get("fields", {}), headers=headers)
    assert answer.status_code in (403, 415, 421), name
    assert client.get("/saved").text == before
    assert not client.app.state.shelf.read()  # type: ignore[attr-defined]


def test_that_there_are_thirty_and_one_is_accepted(client: TestClient) -> None:
    assert len(CROSS_SITE) >= 30
    assert client.post("/saved", data=form(client), headers=own()).status_code == 303
    assert "川渝" in client.app.state.shelf.read()  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["action=save&name=x&q=川渝", "action=remove&name=川渝"])
@pytest.mark.parametrize("path", ["/saved", "/", "/saved/川渝.atom"])
def test_that_to_read_changes_nothing(client: TestClient, path: str, query: str) -> None:
    assert client.post("/saved", data=form(client), headers=own()).status_code == 303
    file = client.app.state.shelf.path  # type: ignore[attr-defined]
    before = file.read_bytes()
    token = form(client)["token"]
    client.get(f"{path}?{query}&token={token}")
    client.head(f"{path}?{query}&token={token}")
    assert file.read_bytes() == before


def test_how_long_a_request_may_be(client: TestClient) -> None:
    assert client.get("/" + "a" * 40_000).status_code == 414
    assert client.get("/", headers={"x": "a" * 40_000}).status_code == 431
    assert client.request("GET", "/", content=b"x").status_code == 413
    long = form(client, q="川" * BODY)
    assert client.post("/saved", data=long, headers=own()).status_code == 413
    pieces = (b"a" * 1000 for _ in range(BODY // 1000 + 2))
    headers = own(**{"content-type": FORM})
    assert client.post("/saved", content=pieces, headers=headers).status_code == 413
    many = "&".join(f"a{n}=1" for n in range(1000)).encode()
    assert client.post("/saved", content=many, headers=headers).status_code == 400


@pytest.mark.parametrize("sign", ["川", "a", "\U00020000", '"', "(", "川 ", "川*"])
@pytest.mark.parametrize("length", [1999, 2000, 2001, 2600])
def test_long_queries_are_no_errors(client: TestClient, sign: str, length: int) -> None:
    query = (sign * length)[:length]
    answer = client.get("/", params={"q": query})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


class Failing:
    """An application in which something goes wrong."""

    def __init__(self, begun: bool = False) -> None:
        self.begun = begun

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError(2, "missing", "/srv/secret/index")


@pytest.mark.parametrize("debug", [False, True])
def test_an_error_is_one_sentence(app: Starlette, debug: bool) -> None:
    lines: list[str] = []
    given = app.user_middleware[0].kwargs | {"say": lines.append, "debug": debug}
    answer = TestClient(Guard(Failing(), **given), f"http://{HOST}").get("/")
    assert answer.status_code == 500
    assert answer.text == "something in chabao itself went wrong\n"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ("Traceback" in lines[0]) is debug


def test_an_answer_that_breaks_off_says_nothing_more(app: Starlette) -> None:
    given = app.user_middleware[0].kwargs | {"say": lambda line: None}
    client = TestClient(
        Guard(Failing(begun=True), **given), f"http://{HOST}", raise_server_exceptions=False
    )
    assert "secret" not in client.get("/").text


def test_that_files_are_told_of_by_name_only(tmp_path: Path) -> None:
    """Errors of an index and of a shelf say where they lie: to who can see that, not to readers."""
    index, shelf = tmp_path / "index", tmp_path / "saved.json"
    shutil.copytree(bundled_index(), index)
    client = TestClient(
        application(index, frozenset({HOST}), Shelf(shelf, index)), f"http://{HOST}"
    )
    shelf.write_text("{", encoding="utf-8")
    (records,) = index.glob("*.chr")
    with records.open("r+b") as file:  # as it is read from memory, what is open changes too
        file.seek(20)
        file.write(b"\xff" * (records.stat().st_size - 40))
    for path in ("/saved", "/?q=川渝通办", "/api/search?q=川渝通办", "/export?q=通办&format=csv"):
        answer = client.get(path)
        assert answer.status_code in (422, 503), path
        assert str(tmp_path) not in answer.text
        assert tmp_path.name not in answer.text
        assert "saved.json" in answer.text or "damaged" in answer.text


class TestToken:
    """Where others than this machine can reach the page."""

    @pytest.fixture
    def client(self) -> TestClient:
        access = Access("a-secret-word", 8765)
        app = application(bundled_index(), frozenset({HOST}), access=access)
        return TestClient(app, f"http://{HOST}", follow_redirects=False)

    @pytest.mark.parametrize(
        "query",
        ["", "?token=", "?token=a-secret-wor", "?token=a-secret-word2", "?token=A-SECRET-WORD",
         "?Token=a-secret-word", "?token=a-secret-word&token=a-secret-word", "?token=%E4%BB%A4",
         "?q=token%3Da-secret-word", "?token=%ff%fe", "?token=a-secret-word%00"],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["/", "/static/chabao.css", "/api/search", "/nothing"])
    def test_without_it_there_is_nothing(self, client: TestClient, path: str, query: str) -> None:
        answer = client.get(path + query)
        assert answer.status_code == 403
        assert len(answer.content) < 150

    @pytest.mark.parametrize("cookie", ["chabao-8765=x", "chabao-8766=a-secret-word", "=", ";;",
                                        "\xff", "chabao-8765",
                                        "chabao-8765=a-secret-word2"])  # fmt: skip
    def test_other_cookies(self, client: TestClient, cookie: str) -> None:
        headers = {"cookie": cookie.encode("latin-1")}
        assert client.get("/", headers=headers).status_code == 403

    def test_the_first_visit_leaves_a_cookie(self, client: TestClient) -> None:
        answer = client.get("/?token=a-secret-word&q=%E5%B7%9D%22%3E%3Cscript%3E")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "a-secret-word" not in answer.text
        assert "<script>" not in answer.text
        assert 'url=/?q=%E5%B7%9D%22%3E%3Cscript%3E"' in answer.text
        assert client.get("/?q=川渝").status_code == 200

    @pytest.mark.parametrize(
        "other", ["a[b]=1; ", 'x="; ', "=; ", "\xff=\xfe; ", "a=b=c;", "chabao-8766=x; ", "{}; "]
    )
    def test_cookies_of_others_lock_nobody_out(self, client: TestClient, other: str) -> None:
        for cookie in (other + "chabao-8765=a-secret-word", f"chabao-8765=a-secret-word; {other}"):
            headers = {"cookie": cookie.encode("latin-1")}
            assert client.get("/", headers=headers).status_code == 200

    def test_it_leads_to_the_very_address(self, client: TestClient) -> None:
        answer = client.get(
            "/saved/a%2Fb%3Fc%23d%20%22%3E%E5%B7%9D.atom/?token=a-secret-word&q=%26"
        )
        assert 'url=/saved/a/b%3Fc%23d%20%22%3E%E5%B7%9D.atom/?q=%26"' in answer.text

    def test_it_is_told_to_nobody(self, client: TestClient) -> None:
        answer = client.get("/?token=a-secret-word")
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        for path in ("/", "/saved", "/api", "/api/openapi.json", "/help", "/nothing"):
            said = client.get(path)
            assert said.status_code in (200, 404)
            assert "a-secret-word" not in said.text + str(said.headers)

    @pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "///evil.example"])
    def test_it_leads_nowhere_else(self, client: TestClient, path: str) -> None:
        page = client.get(f"http://{HOST}{path}?token=a-secret-word").text
        assert re.search(r'href="/(?![/\\])', page) or "href" not in page

    def test_a_feed_reader_may_have_it_in_its_address(self, client: TestClient) -> None:
        assert client.get("/saved/x.atom?token=a-secret-word").status_code == 404
        assert client.get("/saved/x.atom").status_code == 403
