"""What stands before every route: whom it answers, and what browsers may do with the answer."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Answers only requests whose Host is one of `hosts`: a page elsewhere, whatever its name
    resolves to, reads nothing."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], token: str = "") -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if Headers(scope=scope).getlist("host") != [self._host(scope)]:
            await PlainTextResponse("unknown host", 421)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(POLICY)
            await send(message)

        await self.app(scope, receive, guarded)

    def _host(self, scope: Scope) -> str:
        said = Headers(scope=scope).get("host", "").lower()
        return said if said in self.hosts else ""
