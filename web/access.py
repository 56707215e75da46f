"""Who may read where others than this machine can: those whose address has the word.

The address that `chabao serve --host` prints holds a random word. The first visit trades it for a
cookie, so that it stays in no history that goes on from there and in no link that is copied.
"""

from __future__ import annotations

import html
import secrets
from gettext import gettext as _
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from chabao.web.refusals import Refused

FIELD = "token"


class Access:
    """Lets in whoever has `token`; everybody, where there is none."""

    def __init__(self, token: str = "", port: int = 0) -> None:  # nosec B107 # "" lets all in
        self.token = token
        # cookies do not tell ports apart, and two pages may run on one machine
        self.cookie = f"chabao-{port}"

    def answer(self, scope: Scope) -> Response | None:
        """None lets a request through. Raises Refused."""
        if not self.token or self._is_token(self._from_cookie(Headers(scope=scope))):
            return None
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in pairs if name == FIELD]
        if len(given) != 1 or not self._is_token(given[0]):
            raise Refused(403, _("this page wants the whole address that chabao serve printed"))
        if scope["path"].endswith(".atom"):  # feed readers keep no cookies
            return None
        return self._welcome(scope["path"], [pair for pair in pairs if pair[0] != FIELD])

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _from_cookie(self, headers: Headers) -> str:
        """Read leniently: what other programs at this address keep is not to lock anyone out."""
        return cookie_parser(headers.get("cookie", "")).get(self.cookie, "")

    def _welcome(self, path: str, pairs: list[tuple[str, str]]) -> Response:
        """Goes on by itself: with a redirect, a browser that comes from a link elsewhere would not
        send a strict cookie along."""
        asked = f"?{urlencode(pairs)}" if pairs else ""
        to = html.escape(quote("/" + path.lstrip("/\\"), safe="/@+~") + asked)
        page = HTMLResponse(
            f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={to}">'
            f'<title>查报</title><p><a href="{to}">查报</a>'
        )
        page.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return page
