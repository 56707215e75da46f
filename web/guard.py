"""What stands before every route: whom it answers, and what browsers may do with the answer.

A page elsewhere, whatever its name resolves to, reads nothing (Host), and changes nothing: a form
must come from this page itself (Origin, Sec-Fetch-Site, and a word that only this page knows).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from gettext import gettext as _

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chabao.search.output.text import clean
from chabao.web.access import Access
from chabao.web.forms import Forms
from chabao.web.refusals import Refused

POLICY = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # not no-referrer: browsers would send forms with the origin `null`
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
METHODS = ("GET", "HEAD", "POST")
TARGET = 32_768
"""Bytes of path and query: 2,000 characters take up to 24,000, written as %F0%A0%80%80."""
HEADERS = 16_384
"""Bytes of all headers together."""


class Guard:
    """Answers only requests whose Host is one of `hosts`; see the module.

    `say` is told of errors, a line each, and their tracebacks where `debug` is set.
    """

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], access: Access, forms: Forms,
        say: Callable[[str], None], debug: bool = False,
    ) -> None:  # fmt: skip
        self.app, self.hosts, self.access, self.forms = app, hosts, access, forms
        self.say, self.debug = say, debug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = Guarded(send, scope["path"].startswith("/static/"))
        try:
            answer = await self._answer(scope, receive)
            await (answer or self.app)(scope, receive, guarded)
        except Exception as error:  # whatever it is, no page says where this program lies
            self._report(error)
            if guarded.begun:
                raise Broken from None
            failed = _sentence(scope, 500, _("something in chabao itself went wrong"))
            await failed(scope, receive, guarded)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        """The answer of the guard itself, where a request is not let through."""
        try:
            self._check(scope)
            answer = self.access.answer(scope)
            if answer is None:
                scope.setdefault("state", {})["token"] = self.forms.token
                if scope["method"] == "POST":
                    scope["state"]["form"] = await self.forms.read(scope, receive)
        except Refused as refused:
            return _sentence(scope, refused.status, refused.said, refused.headers)
        return answer

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        said = headers.getlist("host")
        if len(said) != 1 or said[0].lower() not in self.hosts:
            raise Refused(421, _("this page answers to the address that chabao serve prints"))
        if _is_elsewhere(headers):
            raise Refused(403, _("pages elsewhere can link to this page, and nothing more"))
        if scope["method"] not in METHODS:
            allowed = ", ".join(METHODS)
            raise Refused(405, _("this page knows no such method"), {"allow": allowed})
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > HEADERS:
            raise Refused(431, _("the headers of the request are too long"))
        path = scope["path"]
        if len(scope.get("raw_path") or path) + len(scope["query_string"]) > TARGET:
            raise Refused(414, _("the address is too long"))
        if not path.startswith("/") or any(sign < " " or sign == "\x7f" for sign in path):
            raise Refused(400, _("this is no address of this page"))
        empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
        if scope["method"] != "POST" and not empty:
            raise Refused(413, _("a request of this kind has no body"))

    def _report(self, error: Exception) -> None:
        if self.debug:
            self.say("".join(traceback.format_exception(error)).rstrip())
        else:
            self.say(clean(f"chabao: {type(error).__name__}: {error}".replace("\n", " ")))


def _is_elsewhere(headers: Headers) -> bool:
    """Whether a page elsewhere asks for more than to be left for this one. It could read nothing,
    but keep this machine busy, or measure how long an answer takes."""
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    return (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) != (
        "navigate",
        "document",
    )


class Broken(Exception):
    """An answer that broke off after it had begun: what is left is to end the connection."""


class Guarded:
    """A `send` that adds the headers, and knows whether the answer has begun."""

    def __init__(self, send: Send, kept: bool) -> None:
        self._send, self._kept, self.begun = send, kept, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            headers.update(POLICY)
            headers["cache-control"] = "no-cache" if self._kept else "no-store"
        await self._send(message)


def _sentence(
    scope: Scope, status: int, said: str, headers: dict[str, str] | None = None
) -> Response:
    """A refusal; the connection ends, as there may be a body that nobody reads."""
    more = {"connection": "close"} | (headers or {})
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": said}, status, more)
    return PlainTextResponse(said + "\n", status, more)
